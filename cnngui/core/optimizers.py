"""The optimizers of the recipes. This module imports Keras: import it inside functions only."""

from typing import Any

import keras
import tensorflow as tf
from keras import ops
from keras.optimizers.schedules import CosineDecay, LearningRateSchedule

from cnngui.core.recipes import Recipe

RESTART_RATE = 0.5  # of the learning rate: enough to leave the minimum, too little to forget what was learnt


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


class _Restarted(LearningRateSchedule):
    """One schedule for the first ``steps``, then another from its beginning."""

    def __init__(self, first: LearningRateSchedule, steps: int, second: LearningRateSchedule) -> None:
        self._first, self._steps, self._second = first, steps, second

    def __call__(self, step: Any) -> Any:
        return ops.where(step < self._steps, self._first(step), self._second(step - self._steps))


def _cycle(highest: float, steps: int) -> LearningRateSchedule:
    """A rate that rises from a fifth of the highest and falls to 0 in ``steps``."""
    warm_up = max(1, round(0.23 * steps))  # airbench's triangle has its peak here
    return CosineDecay(
        initial_learning_rate=0.2 * highest,
        warmup_target=highest,
        warmup_steps=warm_up,
        decay_steps=max(1, steps - warm_up),
    )


def optimizer(recipe: Recipe, steps: int) -> keras.optimizers.Optimizer:
    """The recipe's optimizer for a training of ``steps`` batches."""
    if recipe.optimizer == "adam":
        return Adam(recipe.learning_rate)
    first = steps * recipe.cycles[0] // recipe.epochs
    rate = _cycle(recipe.learning_rate, first)
    if first < steps:
        rate = _Restarted(rate, first, _cycle(RESTART_RATE * recipe.learning_rate, steps - first))
    sgd = SGD(rate, momentum=0.85, nesterov=True, weight_decay=recipe.weight_decay)
    sgd.exclude_from_weight_decay(var_names=["beta"])
    return sgd
