"""The optimizers of the recipes. This module imports Keras: import it inside functions only."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import keras
import tensorflow as tf
from keras import ops
from keras.optimizers.schedules import CosineDecay, LearningRateSchedule

from cnngui.core.recipes.recipe import Recipe
from cnngui.core.recipes.schedule import WARM_UP_FROM, cycle_steps, peaks, warm_up_steps


class _LeakFree(keras.optimizers.Optimizer):
    """An optimizer that leaves nothing in memory after a training.

    Keras sums the gradients over all devices, even over one, with a tf.custom_gradient. That keeps the graph and the
    variables of the training for good: 20 MB each time (benchmarks/training.py memory).
    Remove when Keras' own optimizers leave nothing behind (tests/test_private.py). The public method to override is
    ``apply``, but then weight decay and the sum over devices would have to be rewritten.
    """

    def _all_reduce_sum_gradients(self, grads_and_vars: list[Any]) -> list[Any]:
        if tf.distribute.get_strategy().num_replicas_in_sync == 1:
            return grads_and_vars
        summed: list[Any] = super()._all_reduce_sum_gradients(grads_and_vars)
        return summed


class Adam(_LeakFree, keras.optimizers.Adam):
    pass


class SGD(_LeakFree, keras.optimizers.SGD):
    pass


class _Cycles(LearningRateSchedule):
    """Runs one schedule per cycle, each from its start. steps: the number of steps in each cycle."""

    def __init__(self, schedules: Sequence[LearningRateSchedule], steps: Sequence[int]) -> None:
        self._schedules, self._steps = schedules, steps

    def __call__(self, step: Any) -> Any:
        rate = self._schedules[0](step)
        for begin, schedule in zip(accumulate(self._steps), self._schedules[1:], strict=False):
            rate = ops.where(step < begin, rate, schedule(step - begin))
        return rate


def _cycle(highest: float, steps: int) -> LearningRateSchedule:
    """Warm-up from a fifth of the peak rate, then cosine decay to 0."""
    warm_up = warm_up_steps(steps)
    return CosineDecay(
        initial_learning_rate=WARM_UP_FROM * highest,
        warmup_target=highest,
        warmup_steps=warm_up,
        decay_steps=max(1, steps - warm_up),
    )


def _rate(recipe: Recipe, steps: int) -> LearningRateSchedule:
    """The learning rate of each step. Warm restarts: Loshchilov and Hutter, "SGDR", 2017."""
    lengths = cycle_steps(recipe, steps)
    return _Cycles([_cycle(*cycle) for cycle in zip(peaks(recipe), lengths, strict=True)], lengths)


def optimizer(recipe: Recipe, steps: int) -> keras.optimizers.Optimizer:
    """The recipe's optimizer for a training of ``steps`` batches."""
    if recipe.optimizer == "adam":
        return Adam(recipe.learning_rate)
    sgd = SGD(_rate(recipe, steps), momentum=0.85, nesterov=True, weight_decay=recipe.weight_decay)
    sgd.exclude_from_weight_decay(var_names=["beta"])
    return sgd
