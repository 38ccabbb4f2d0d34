"""The learning rate of each step, without Keras: for plots. The optimizers compute the same (core/training).

Sources: warm-up and cosine decay: airbench (Keller Jordan, 2024) with the cosine of Loshchilov and Hutter, "SGDR",
2017, which warm restarts are from, too. One-cycle: Smith and Topin, "Super-Convergence", 2018, with cosines for its
straight lines. Step: He et al., "Deep Residual Learning", 2016.
"""

from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from cnngui.core.recipes.recipe import Recipe

RESTART = 0.5  # of the learning rate: enough to leave the minimum, too little to forget what was learnt
WARM_UP_FROM = 0.2  # of the peak, as in airbench
ONE_CYCLE_FROM = 1 / 25  # of the peak
ONE_CYCLE_TO = 1 / 10_000  # of where it began
STEPS = ((0.5, 0.1), (0.75, 0.01))  # from this fraction of the steps on, this fraction of the rate


def cycle_steps(recipe: Recipe, steps: int) -> list[int]:
    """The number of steps in each cycle of a training with ``steps`` in all."""
    return [steps * epochs // recipe.optimization.epochs for epochs in recipe.cycles]


def peaks(recipe: Recipe) -> list[float]:
    """The highest rate in each cycle."""
    rate = recipe.optimization.learning_rate
    return [rate] + [RESTART * rate] * (len(recipe.cycles) - 1)


def warm_up_steps(recipe: Recipe, steps: int) -> int:
    """The number of steps that a cycle of ``steps`` warms up for."""
    warm_up = recipe.optimization.warm_up
    return max(1, round(warm_up * steps)) if warm_up else 0


def learning_rates(recipe: Recipe, positions: NDArray[np.float64], steps: int) -> NDArray[np.float64]:
    """The learning rate at each position, in steps from 0, of a training with ``steps`` in all; float64 (n,)."""
    rate = recipe.optimization.learning_rate
    match recipe.optimization.schedule:
        case "constant":
            return np.full(len(positions), rate)
        case "step":
            rates = np.full(len(positions), rate)
            for begin, share in STEPS:
                rates[positions >= begin * steps] = share * rate
            return rates
        case "one_cycle":
            warm_up, first = warm_up_steps(recipe, steps), ONE_CYCLE_FROM * rate
            rising = _cosine(first, rate, positions / max(1, warm_up))
            falling = _cosine(rate, ONE_CYCLE_TO * first, (positions - warm_up) / max(1, steps - warm_up))
            return np.where(positions < warm_up, rising, falling)
    lengths = cycle_steps(recipe, steps)
    begins = [0, *accumulate(lengths[:-1])]
    rates = np.zeros(len(positions))
    for begin, length, peak in zip(begins, lengths, peaks(recipe), strict=True):
        inside = positions >= begin
        rates[inside] = _cycle(positions[inside] - begin, peak, length, warm_up_steps(recipe, length))
    return rates


def learning_rate(recipe: Recipe, step: int, steps: int) -> float:
    """The learning rate of one step, counted from 0."""
    return float(learning_rates(recipe, np.array([step], np.float64), steps)[0])


def _cycle(positions: NDArray[np.float64], peak: float, steps: int, warm_up: int) -> NDArray[np.float64]:
    rising = peak * (WARM_UP_FROM + (1 - WARM_UP_FROM) * positions / max(1, warm_up))
    return np.where(positions < warm_up, rising, _cosine(peak, 0, (positions - warm_up) / max(1, steps - warm_up)))


def _cosine(first: float, last: float, done: NDArray[np.float64]) -> NDArray[np.float64]:
    """From the first value to the last, along half a cosine. done: the fraction of the way."""
    return last + (first - last) * 0.5 * (1 + np.cos(np.pi * np.clip(done, 0, 1)))
