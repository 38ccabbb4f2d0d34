"""What many trainings were made with, as places on axes, and their accuracies."""

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

ROOM = 0.08  # of a numeric axis, below and above its numbers


@dataclass(frozen=True)
class Axis:
    """A setting along an axis. places: of each training, 0–1; None if unknown. ticks: places and their texts.

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
    """All trainings that count. keys: by which each is asked for. accuracies: 0–1. axes: of what differs."""

    keys: tuple[Hashable, ...] = ()
    names: tuple[str, ...] = ()
    accuracies: tuple[float, ...] = ()
    axes: tuple[Axis, ...] = ()

    @property
    def result(self) -> Axis:
        """The axis of the accuracy."""
        return numbers("Accuracy", [100 * each for each in self.accuracies], lambda number: f"{number:.1f} %")

    @property
    def levels(self) -> list[float]:
        """Where each accuracy is between the lowest and the highest one, 0–1."""
        low, high = min(self.accuracies, default=0.0), max(self.accuracies, default=0.0)
        return [(each - low) / (high - low) if high > low else 1.0 for each in self.accuracies]


def numbers(title: str, values: Sequence[float | None], write: Callable[[float], str], *, is_log: bool = False) -> Axis:
    """An axis from the lowest to the highest of these numbers, of which one at least is known. write: one as text."""
    known = [value for value in values if value is not None]
    low, high = (_scaled(end, is_log=is_log) for end in (min(known), max(known)))
    spread = (high - low) or 1.0

    def place(value: float) -> float:
        return ROOM + (1 - 2 * ROOM) * (_scaled(value, is_log=is_log) - low) / spread

    ends = {place(end): write(end) for end in (min(known), max(known))}
    places = tuple(None if value is None else place(value) for value in values)
    return Axis(title, places, tuple(ends.items()), tuple(values), is_log=is_log)


def categories(title: str, texts: Sequence[str | None]) -> Axis:
    """An axis with a place for each text."""
    names = tuple(sorted({text for text in texts if text is not None}))
    of = {name: index for index, name in enumerate(names)}
    values = tuple(None if text is None else of[text] for text in texts)
    places = [(index + 0.5) / len(names) for index in range(len(names))]
    return Axis(
        title=title,
        places=tuple(None if value is None else places[value] for value in values),
        ticks=tuple(zip(places, names, strict=True)),
        values=values,
        categories=names,
    )


def _scaled(value: float, *, is_log: bool) -> float:
    return math.log10(value) if is_log else value
