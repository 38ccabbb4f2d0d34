"""The settings of all runs as places on axes, and their accuracies."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from cnngui.core.recipes.recipe import SETTINGS
from cnngui.core.runs.library import ListedRun
from cnngui.gui.runs.compare.facts import (
    DATA,
    RECIPE,
    UNKNOWN,
    Fact,
    best_accuracy,
    differing,
    test_accuracy,
)

LEAST = 5  # runs
LOGARITHMIC = tuple(setting.label for setting in SETTINGS.values() if setting.is_logarithmic)
NO_ORDER = SETTINGS["seed"].label  # a number that is none
ROOM = 0.08  # of a numeric axis, below and above its numbers


class Measure(StrEnum):
    """Which accuracy is meant."""

    VALIDATION = "Best validation accuracy"
    TEST = "Test accuracy"


@dataclass(frozen=True)
class Axis:
    """A setting along an axis. places: of each run, 0–1; None if unknown. ticks: places and their texts.

    values: what a scatter draws: numbers, or the number of the category. categories: their names; () for numbers.
    """

    title: str
    places: tuple[float | None, ...]
    ticks: tuple[tuple[float, str], ...]
    values: tuple[float | None, ...]
    categories: tuple[str, ...] = ()
    is_log: bool = False


@dataclass(frozen=True)
class Overview:
    """All runs that count. accuracies: 0–1. axes: of the settings that differ. levels: the accuracies from 0 to 1."""

    paths: tuple[Path, ...] = ()
    names: tuple[str, ...] = ()
    accuracies: tuple[float, ...] = ()
    axes: tuple[Axis, ...] = ()

    @property
    def result(self) -> Axis:
        """The axis of the accuracy."""
        return _numbers(
            "Accuracy", [100 * each for each in self.accuracies], lambda number: f"{number:.1f} %", is_log=False
        )

    @property
    def levels(self) -> list[float]:
        """Where each accuracy is between the lowest and the highest one, 0–1."""
        low, high = min(self.accuracies, default=0.0), max(self.accuracies, default=0.0)
        return [(each - low) / (high - low) if high > low else 1.0 for each in self.accuracies]


def make_overview(runs: Sequence[ListedRun], measure: Measure) -> Overview:
    """The overview of those runs that have a recipe and an accuracy."""
    accuracy = best_accuracy if measure == Measure.VALIDATION else test_accuracy
    counting = [(run, found) for run in runs if run.recipe is not None and (found := accuracy(run)) is not None]
    shown = [run for run, _ in counting]
    facts = [fact for fact in (DATA[0], *RECIPE) if fact.title != NO_ORDER]
    return Overview(
        paths=tuple(run.path for run in shown),
        names=tuple(run.name for run in shown),
        accuracies=tuple(found for _, found in counting),
        axes=_distinct([_axis(fact, shown) for fact in differing(facts, shown)]),
    )


def _distinct(axes: Sequence[Axis]) -> tuple[Axis, ...]:
    """The axes without those that divide the runs as an earlier one does: what always goes together is shown once."""
    kept: dict[tuple[int, ...], Axis] = {}
    for axis in axes:
        seen = list(dict.fromkeys(axis.places))
        kept.setdefault(tuple(seen.index(place) for place in axis.places), axis)
    return tuple(kept.values())


def _axis(fact: Fact, runs: Sequence[ListedRun]) -> Axis:
    values = [fact.value(run) for run in runs]
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(numbers) == len(values):
        is_log = fact.title in LOGARITHMIC and min(numbers) > 0
        return _numbers(fact.title, numbers, fact.write, is_log=is_log)
    texts = [fact.text(run) for run in runs]
    names = sorted(set(texts) - {UNKNOWN})
    numbers_of = [names.index(text) if text in names else None for text in texts]
    places = [(index + 0.5) / len(names) for index in range(len(names))]
    return Axis(
        title=fact.title,
        places=tuple(None if number is None else places[number] for number in numbers_of),
        ticks=tuple(zip(places, names, strict=True)),
        values=tuple(numbers_of),
        categories=tuple(names),
    )


def _numbers(title: str, numbers: Sequence[float], write: Callable[[float], str], *, is_log: bool) -> Axis:
    scaled = [math.log10(number) if is_log else number for number in numbers]
    low, high = min(scaled), max(scaled)
    spread = (high - low) or 1.0
    places = [ROOM + (1 - 2 * ROOM) * (each - low) / spread for each in scaled]
    ends = {ROOM: write(min(numbers)), places[scaled.index(high)]: write(max(numbers))}
    return Axis(title, tuple(places), tuple(ends.items()), tuple(numbers), is_log=is_log)
