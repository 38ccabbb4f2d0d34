"""The optimizers of the recipes. This module imports Keras: import it inside functions only."""

from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf

from cnngui.core import device
from cnngui.core.recipes.recipe import Recipe

NOT_DECAYED = ["beta", "gamma", "bias"]  # they shift and scale; only what multiplies inputs is to stay small


class _OfTraining(keras.optimizers.Optimizer):
    """What all optimizers here have in common."""

    def _all_reduce_sum_gradients(self, grads_and_vars: list[Any]) -> list[Any]:
        """Do nothing: :meth:`apply` has summed them.

        Keras sums the gradients over all devices, even over one, with a tf.custom_gradient. That keeps the graph and
        the variables of the training for good: 20 MB each time (benchmarks/training.py memory).
        Remove when Keras' own optimizers leave nothing behind (tests/test_private.py). The public method to override
        is ``apply``, but then weight decay would have to be rewritten.
        """
        return grads_and_vars

    # Converted, it would stay in memory with the training's graph.
    @tf.autograph.experimental.do_not_convert  # type: ignore[untyped-decorator]
    def apply(self, grads: list[Any], trainable_variables: list[Any] | None = None) -> None:
        """Sum the gradients over all devices, then apply them. Keras would clip each device's, before the sum."""
        if device.has_replicas():
            grads = tf.distribute.get_replica_context().all_reduce(tf.distribute.ReduceOp.SUM, list(grads))
        super().apply(grads, trainable_variables)

    def finalize_variable_values(self, var_list: list[Any]) -> None:
        """Do nothing: ``fit`` also ends where a training is broken off, and goes on with the weights as they are."""

    def use_average(self, variables: list[Any]) -> None:
        """Give the variables their moving averages."""
        super().finalize_variable_values(variables)


class Adam(_OfTraining, keras.optimizers.Adam):
    pass


class AdamW(_OfTraining, keras.optimizers.AdamW):
    pass


class SGD(_OfTraining, keras.optimizers.SGD):
    pass


def optimizer(recipe: Recipe) -> _OfTraining:
    """The recipe's optimizer, at its peak rate; :class:`Rates` changes that from step to step."""
    chosen = recipe.optimization
    common: dict[str, Any] = {
        "learning_rate": chosen.learning_rate,
        "global_clipnorm": chosen.gradient_clipping or None,
    }
    if chosen.averaging == "moving":
        common |= {"use_ema": True, "ema_momentum": chosen.averaging_decay}
    if chosen.optimizer == "adam":
        return Adam(**common)
    if chosen.optimizer == "adamw":
        made: _OfTraining = AdamW(weight_decay=chosen.weight_decay, **common)
    else:
        made = SGD(momentum=chosen.momentum, nesterov=chosen.momentum > 0, weight_decay=chosen.weight_decay, **common)
    made.exclude_from_weight_decay(var_names=NOT_DECAYED)
    return made


class Rates(keras.callbacks.Callback):
    """Gives each step its learning rate.

    rate: of the step that comes next.
    """

    def __init__(self, rate: Callable[[], float]) -> None:
        super().__init__()
        self._rate = rate
        self._last: float | None = None

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Set the rate again: the optimizer may be another one."""
        self._last = None

    def on_train_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Set the rate if it is another one."""
        rate = self._rate()
        if rate != self._last:
            self._last = rate
            self.model.optimizer.learning_rate = rate
