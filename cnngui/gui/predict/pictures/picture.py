"""A picture in the list, and which of them are shown in which order."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

from cnngui.core.answers.classifier import Classification
from cnngui.core.answers.prediction import Prediction
from cnngui.core.pictures.gathering import Gathered
from cnngui.core.pictures.images import Source
from cnngui.gui.common.words import NONE_OF_THESE, percent

MOST_KEPT = 50_000  # bytes of what the network saw, of each picture; ours are 12,288
_NUMBERS = count()


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture in the list.

    truth: its label, where it is known and one of the model's classes. folder: the sub-folder that it came from, of a
    folder that was dropped. given: its label, from wherever else it is known.
    refused: a sentence where there is no picture. prediction: None while it waits, and where it was refused.
    was_answered: whether another model had an answer. is_cancelled: whether somebody did not want to wait for one.
    number: tells it from all others, and goes up in the order in which they came.
    """

    source: Source
    name: str
    truth: str | None = None
    folder: str | None = None
    given: str | None = None
    refused: str | None = None
    prediction: Prediction | None = None
    was_answered: bool = False
    is_cancelled: bool = False
    number: int = field(default_factory=lambda: next(_NUMBERS))

    @classmethod
    def of(cls, found: Gathered) -> "Picture":
        """What was gathered."""
        return cls(found.source, found.name, folder=found.folder, refused=found.error)

    def answered(self, prediction: Prediction | None) -> "Picture":
        """The same with another answer, or waiting again.

        What a network of large images saw is not kept: thousands of pictures would need gigabytes.
        """
        if prediction is not None and prediction.pixels is not None and prediction.pixels.nbytes > MOST_KEPT:
            prediction = replace(prediction, pixels=None)
        before = self.was_answered or self.prediction is not None
        return replace(self, prediction=prediction, was_answered=before, is_cancelled=False)

    def among(self, classes: Sequence[str]) -> "Picture":
        """The same, with the label that it was given or the name of its folder where it is one of these classes."""
        named = self.given or self.folder
        if named is None:
            return self
        truth = next((name for name in classes if name.lower() == named.lower()), None)
        return self if truth == self.truth else replace(self, truth=truth)

    def cancelled(self) -> "Picture":
        """The same, without an answer for that reason."""
        return replace(self, is_cancelled=True)

    @property
    def is_labelled_by_folder(self) -> bool:
        """Whether its label is the name of the folder that it came from."""
        return self.folder is not None and self.truth is not None

    @cached_property
    def sort_name(self) -> str:
        """By which it is sorted: pictures of one name stay as they came."""
        return self.name.lower()

    @property
    def path(self) -> Path | None:
        """Where it lies, if it is a file."""
        return self.source if isinstance(self.source, Path) else None

    @property
    def waits(self) -> bool:
        """Whether there is neither an answer nor a reason why not."""
        return self.prediction is None and self.refused is None and not self.is_cancelled

    @cached_property
    def error(self) -> str | None:
        """Why there is no answer."""
        if self.is_cancelled:
            return "This was cancelled. Open the model once more to have it classified."
        return self.refused or (self.prediction.error if self.prediction else None)

    @property
    def is_refused(self) -> bool:
        """Whether it cannot be read; what was cancelled might be."""
        return self.error is not None and not self.is_cancelled

    @cached_property
    def answer(self) -> Classification | None:
        """What the model says."""
        return self.prediction.classification if self.prediction else None

    @cached_property
    def label(self) -> str | None:
        """The answer in the model's words, or that it is none of its classes; None where there is none."""
        if self.answer is None:
            return None
        return self.answer.label if self.answer.known else NONE_OF_THESE

    @cached_property
    def wrong(self) -> bool:
        """Whether its label is known and the answer is another."""
        return self.truth is not None and self.label is not None and self.label != self.truth

    @property
    def details(self) -> str:
        """What the summary has no room for: the reason why there is no answer, or how familiar the picture is."""
        familiarity = self.answer.familiarity if self.answer else None
        return self.error or (f"familiarity {familiarity:.3f}" if familiarity is not None else "")

    @property
    def summary(self) -> str:
        """The answer in a few words."""
        if self.is_cancelled:
            return "cancelled"
        if self.error is not None:
            return "could not be read"
        if self.answer is None or self.label is None:
            return "waiting …"
        return f"{self.label}  {percent(self.answer.confidence)}" if self.answer.known else NONE_OF_THESE


Key = Callable[[Picture], Any]


def _by_class(picture: Picture) -> Any:
    answer = picture.answer
    return (answer is None, answer is not None and not answer.known, picture.label or "", _uncertainty(picture))


# Single numbers, not tuples: ten thousand pictures are sorted while the window waits.


def _uncertainty(picture: Picture) -> float:
    return 1 - picture.answer.confidence if picture.answer else 2.0


def _strangeness(picture: Picture) -> float:
    answer = picture.answer
    return 1 - answer.familiarity if answer is not None and answer.familiarity is not None else 3.0


ORDERS: dict[str, Key] = {
    "As they came": lambda picture: picture.number,
    "Name": lambda picture: picture.sort_name,
    "Class": _by_class,
    "Most certain first": _uncertainty,
    "Least certain first": lambda picture: -_uncertainty(picture) if picture.answer else 1.0,
    "Most familiar first": _strangeness,
    "Least familiar first": lambda picture: -_strangeness(picture) if picture.answer else 1.0,
    "Wrong ones first": lambda picture: _uncertainty(picture) if not picture.wrong else _uncertainty(picture) - 10,
}
AS_THEY_CAME, WRONG_FIRST = "As they came", "Wrong ones first"


@dataclass(frozen=True)
class Arrangement:
    """Which pictures are shown, and in which order.

    order: a key of ORDERS. text: what the name has in it, in any case.
    label: only those with this answer, "none of these" included; "" for all. truth: only those of this label.
    refused: only those without an answer for a reason. wrong: only those that are named wrongly.
    """

    order: str = AS_THEY_CAME
    text: str = ""
    label: str = ""
    truth: str = ""
    refused: bool = False
    wrong: bool = False

    @property
    def shows_all(self) -> bool:
        """Whether no picture is left out."""
        return self == Arrangement(order=self.order)

    def shows(self, picture: Picture) -> bool:
        """Whether this picture is one of them."""
        return (
            self.text.lower() in picture.name.lower()
            and (not self.label or picture.label == self.label)
            and (not self.truth or picture.truth == self.truth)
            and (not self.refused or picture.is_refused)
            and (not self.wrong or picture.wrong)
        )

    def of(self, pictures: Iterable[Picture]) -> list[Picture]:
        """Those pictures that are shown, in their order."""
        shown = pictures if self.shows_all else filter(self.shows, pictures)
        return sorted(shown, key=ORDERS[self.order])
