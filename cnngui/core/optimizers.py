"""The optimizers of the recipes. This module imports Keras: import it inside functions only."""

from typing import Any

import keras
import tensorflow as tf

from cnngui.core.recipes import Recipe


class _Forgettable(keras.optimizers.Optimizer):
    """An optimizer whose training leaves nothing behind.

    Keras sums the gradients of all devices, even of one, by an operation whose gradient TensorFlow registers for good,
    and with it the whole graph and the variables of the training: 20 MB each time (benchmarks/training.py memory).
    Should Keras rename its method, tests/core/test_training.py will notice.
    """

    def _all_reduce_sum_gradients(self, grads_and_vars: list[Any]) -> list[Any]:
        if tf.distribute.get_strategy().num_replicas_in_sync == 1:
            return grads_and_vars
        summed: list[Any] = super()._all_reduce_sum_gradients(grads_and_vars)
        return summed


class Adam(_Forgettable, keras.optimizers.Adam):
    pass


class SGD(_Forgettable, keras.optimizers.SGD):
    pass


def optimizer(recipe: Recipe, steps: int) -> keras.optimizers.Optimizer:
    """The recipe's optimizer for a training of ``steps`` batches."""
    if recipe.optimizer == "adam":
        return Adam(recipe.learning_rate)
    warm_up = max(1, round(0.23 * steps))  # airbench's triangle has its peak here
    rate = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.2 * recipe.learning_rate,
        warmup_target=recipe.learning_rate,
        warmup_steps=warm_up,
        decay_steps=max(1, steps - warm_up),
    )
    sgd = SGD(rate, momentum=0.85, nesterov=True, weight_decay=recipe.weight_decay)
    sgd.exclude_from_weight_decay(var_names=["beta"])
    return sgd
