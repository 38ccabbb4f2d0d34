"""The curves of a run as arrays that are ready to be drawn."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from cnngui.core.progress import EpochResult
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.recipes.schedule import learning_rates
from cnngui.core.runs.history import History

POINTS = 1000  # of a curve, at most: more cannot be told apart, and cost time
SCHEDULE_POINTS = 400  # of a learning rate that is computed from the recipe

Values = NDArray[np.float64]


class Quantity(StrEnum):
    """What a graph shows over the time."""

    LOSS = "loss"
    ACCURACY = "accuracy"
    RATE = "learning rate"


@dataclass(frozen=True, eq=False)
class Series:
    """Values of one quantity over the epochs so far and over the seconds of training; accuracies in percent."""

    epochs: Values
    seconds: Values
    values: Values

    def thinned(self, most: int) -> "Series":
        """At most ``most`` of the points, with the first and the last.

        A third of them is spread evenly over the logarithm, so that a logarithmic axis shows the beginning, too.
        """
        count = len(self.values)
        if count <= most:
            return self
        even = np.linspace(0, count - 1, most - most // 3)
        early = np.geomspace(1, count, most // 3) - 1
        chosen = np.unique(np.concatenate([even, early]).astype(np.intp))
        return Series(self.epochs[chosen], self.seconds[chosen], self.values[chosen])


@dataclass(frozen=True, eq=False)
class RunCurves:
    """The curves of a run. best: the epoch with the highest validation accuracy; None before the first has ended."""

    training: Mapping[Quantity, Series] = field(default_factory=dict)
    validation: Mapping[Quantity, Series] = field(default_factory=dict)
    best: EpochResult | None = None

    @property
    def seconds(self) -> float:
        """How long it has been trained."""
        series = (*self.training.values(), *self.validation.values())
        return max((float(each.seconds[-1]) for each in series if len(each.seconds)), default=0.0)

    @property
    def epochs(self) -> float:
        """How many epochs it has been trained, with a fraction."""
        series = (*self.training.values(), *self.validation.values())
        return max((float(each.epochs[-1]) for each in series if len(each.epochs)), default=0.0)

    def thinned(self, most: int) -> "RunCurves":
        """The same with at most ``most`` points for each curve."""
        return RunCurves(
            {quantity: series.thinned(most) for quantity, series in self.training.items()},
            {quantity: series.thinned(most) for quantity, series in self.validation.items()},
            self.best,
        )


def make_curves(history: History, recipe: Recipe | None, images: int | None) -> RunCurves:
    """The curves of a run, thinned. images: it was trained on; None if unknown."""
    results, rows = history.epochs, history.batches
    validation = {
        Quantity.LOSS: _of_epochs(results, [each.val_loss for each in results]),
        Quantity.ACCURACY: _of_epochs(results, [100 * each.val_accuracy for each in results]),
    }
    if len(rows):
        epochs, seconds = rows["epoch"].astype(np.float64), rows["seconds"].astype(np.float64)
        training = {
            Quantity.LOSS: Series(epochs, seconds, rows["loss"].astype(np.float64)),
            Quantity.ACCURACY: Series(epochs, seconds, 100 * rows["accuracy"].astype(np.float64)),
            Quantity.RATE: Series(epochs, seconds, rows["learning_rate"].astype(np.float64)),
        }
    else:
        training = {
            Quantity.LOSS: _of_epochs(results, [each.loss for each in results]),
            Quantity.ACCURACY: _of_epochs(results, [100 * each.accuracy for each in results]),
            Quantity.RATE: _scheduled(results, recipe, images),
        }
    best = max(results, key=lambda result: (result.val_accuracy, -result.val_loss), default=None)
    return RunCurves(training, validation, best).thinned(POINTS)


def no_series() -> Series:
    """No points."""
    return Series(np.empty(0), np.empty(0), np.empty(0))


def _of_epochs(results: Sequence[EpochResult], values: Sequence[float]) -> Series:
    return Series(
        np.array([each.epoch for each in results], np.float64),
        np.array([each.seconds for each in results], np.float64),
        np.array(values, np.float64),
    )


def _scheduled(results: Sequence[EpochResult], recipe: Recipe | None, images: int | None) -> Series:
    """The learning rate up to the last complete epoch, as the recipe says."""
    if recipe is None or not results:
        return no_series()
    steps = math.ceil((images or 1000 * recipe.optimization.batch_size) / recipe.optimization.batch_size)  # of an epoch
    epochs = np.linspace(0, results[-1].epoch, SCHEDULE_POINTS)
    rates = learning_rates(recipe, epochs * steps, recipe.optimization.epochs * steps)
    ends = _of_epochs(results, [0.0] * len(results))
    return Series(epochs, np.interp(epochs, [0, *ends.epochs], [0, *ends.seconds]), rates)
