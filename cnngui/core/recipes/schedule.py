"""The learning rate of each step, without Keras: for plots. The optimizers compute the same (core/training)."""

from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from cnngui.core.recipes.recipe import Recipe

RESTART = 0.5  # of the learning rate: enough to leave the minimum, too little to forget what was learnt
WARM_UP = 0.23  # of a cycle, where airbench's triangular schedule peaks
WARM_UP_FROM = 0.2  # of the peak


def cycle_steps(recipe: Recipe, steps: int) -> list[int]:
    """The number of steps in each cycle of a training with ``steps`` in all."""
    return [steps * epochs // recipe.epochs for epochs in recipe.cycles]


def peaks(recipe: Recipe) -> list[float]:
    """The highest rate in each cycle."""
    return [recipe.learning_rate] + [RESTART * recipe.learning_rate] * (len(recipe.cycles) - 1)


def warm_up_steps(steps: int) -> int:
    """The number of steps that a cycle warms up for."""
    return max(1, round(WARM_UP * steps))


def learning_rates(recipe: Recipe, positions: NDArray[np.float64], steps: int) -> NDArray[np.float64]:
    """The learning rate at each position, in steps from 0, of a training with ``steps`` in all; float64 (n,)."""
    if recipe.optimizer == "adam":
        return np.full(len(positions), recipe.learning_rate)
    lengths = cycle_steps(recipe, steps)
    begins = [0, *accumulate(lengths[:-1])]
    rates = np.zeros(len(positions))
    for begin, length, peak in zip(begins, lengths, peaks(recipe), strict=True):
        inside = positions >= begin
        rates[inside] = _cycle(positions[inside] - begin, peak, length)
    return rates


def learning_rate(recipe: Recipe, step: int, steps: int) -> float:
    """The learning rate of one step, counted from 0."""
    return float(learning_rates(recipe, np.array([step], np.float64), steps)[0])


def _cycle(positions: NDArray[np.float64], peak: float, steps: int) -> NDArray[np.float64]:
    warm_up = warm_up_steps(steps)
    rising = peak * (WARM_UP_FROM + (1 - WARM_UP_FROM) * positions / warm_up)
    decayed = np.clip((positions - warm_up) / max(1, steps - warm_up), 0, 1)
    return np.where(positions < warm_up, rising, peak * 0.5 * (1 + np.cos(np.pi * decayed)))
