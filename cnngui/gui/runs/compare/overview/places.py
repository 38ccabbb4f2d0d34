"""The settings of all runs as axes, and their accuracies."""

from collections.abc import Sequence
from enum import StrEnum

from cnngui.core.recipes.recipe import SETTINGS
from cnngui.core.runs.library import ListedRun
from cnngui.gui.common.parallel.axes import Axis, Overview, categories, numbers
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


class Measure(StrEnum):
    """Which accuracy is meant."""

    VALIDATION = "Best validation accuracy"
    TEST = "Test accuracy"


def make_overview(runs: Sequence[ListedRun], measure: Measure) -> Overview:
    """The overview of those runs that have a recipe and an accuracy."""
    accuracy = best_accuracy if measure == Measure.VALIDATION else test_accuracy
    counting = [(run, found) for run in runs if run.recipe is not None and (found := accuracy(run)) is not None]
    shown = [run for run, _ in counting]
    facts = [fact for fact in (DATA[0], *RECIPE) if fact.title != NO_ORDER]
    return Overview(
        keys=tuple(run.path for run in shown),
        names=tuple(run.name for run in shown),
        accuracies=tuple(found for _, found in counting),
        axes=_distinct([_axis(fact, shown) for fact in differing(facts, shown)]),
    )


def _distinct(axes: Sequence[Axis]) -> tuple[Axis, ...]:
    """The axes without those that divide the runs as an earlier one does: what always goes together is shown once."""
    kept: dict[tuple[int, ...], Axis] = {}
    for axis in axes:
        order = {place: number for number, place in enumerate(dict.fromkeys(axis.places))}
        kept.setdefault(tuple(order[place] for place in axis.places), axis)
    return tuple(kept.values())


def _axis(fact: Fact, runs: Sequence[ListedRun]) -> Axis:
    values = [fact.value(run) for run in runs]
    known = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(known) == len(values):
        return numbers(fact.title, known, fact.write, is_log=fact.title in LOGARITHMIC and min(known) > 0)
    texts = [fact.text(run) for run in runs]
    return categories(fact.title, [None if text == UNKNOWN else text for text in texts])
