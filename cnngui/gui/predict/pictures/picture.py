"""A picture in the list, and which pictures the list shows in which order."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

from cnngui.core.answers.classifier import Classification
from cnngui.core.answers.prediction import Prediction
from cnngui.core.pictures.decoding import Source
from cnngui.core.pictures.gathering import Gathered
from cnngui.gui.common.words import NONE_OF_THESE, percent
from cnngui.gui.predict.pictures.file_state import FileState

MOST_KEPT = 50_000  # bytes of network input kept for each picture; for 32 × 32 pixels they are 12,288
_NUMBERS = count()


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture in the list.

    truth: its label, if that is known and one of the model's classes.
    folder: the sub-folder it came from, if a folder was dropped. given: its label from any other source.
    unreadable: a sentence that says why there is no picture.
    prediction: None while the picture waits, or if it is unreadable.
    was_answered: whether another model has answered before. is_cancelled: whether the user cancelled it.
    file: which file it is, if it is one and that was looked at.
    number: unique, and higher for pictures that were added later.
    """

    source: Source
    name: str
    truth: str | None = None
    folder: str | None = None
    given: str | None = None
    unreadable: str | None = None
    prediction: Prediction | None = None
    was_answered: bool = False
    is_cancelled: bool = False
    file: FileState | None = None
    number: int = field(default_factory=lambda: next(_NUMBERS))

    @classmethod
    def of(cls, found: Gathered) -> "Picture":
        """The picture that was gathered."""
        return cls(found.source, found.name, folder=found.folder, unreadable=found.error)

    def answered(self, prediction: Prediction | None) -> "Picture":
        """A copy with this answer, or one that waits again.

        Drops the input of networks for large images: for thousands of pictures it would take gigabytes.
        """
        if prediction is not None and prediction.pixels is not None and prediction.pixels.nbytes > MOST_KEPT:
            prediction = replace(prediction, pixels=None)
        before = self.was_answered or self.prediction is not None
        return replace(self, prediction=prediction, was_answered=before, is_cancelled=False)

    def looked_at(self, look: Callable[[Path], FileState]) -> "Picture":
        """A copy that knows which file it is, if it is one."""
        return self if self.path is None else replace(self, file=look(self.path))

    def is_outdated(self, again: "Picture") -> bool:
        """Whether it is to be looked at anew when its file is added again: that has changed, or there is no answer."""
        return self.file != again.file or self.error is not None

    def met_again(self, again: "Picture") -> "Picture":
        """What becomes of it when its file is added again, as another picture. The newest label counts."""
        newest = again if again.folder or again.given else self
        if not self.is_outdated(again):
            kept = self
        else:
            before = self.was_answered or self.prediction is not None
            kept = replace(again, number=self.number, was_answered=before)
        if newest is kept:
            return kept
        return replace(kept, name=newest.name, folder=newest.folder, given=newest.given, truth=newest.truth)

    def among(self, classes: Sequence[str]) -> "Picture":
        """A copy labelled with the given label or the folder's name, if that is one of these classes in any case."""
        named = self.given or self.folder
        if named is None:
            return self
        truth = next((name for name in classes if name.lower() == named.lower()), None)
        return self if truth == self.truth else replace(self, truth=truth)

    def cancelled(self) -> "Picture":
        """A copy marked as cancelled."""
        return replace(self, is_cancelled=True)

    @property
    def is_labelled_by_folder(self) -> bool:
        """Whether its label is the name of the folder it came from."""
        return self.folder is not None and self.truth is not None

    @cached_property
    def sort_name(self) -> str:
        """The name without regard to case, for sorting."""
        return self.name.lower()

    @property
    def path(self) -> Path | None:
        """Its file, if it has one."""
        return self.source if isinstance(self.source, Path) else None

    @property
    def waits(self) -> bool:
        """Whether it is still to be classified."""
        return self.prediction is None and self.unreadable is None and not self.is_cancelled

    @cached_property
    def error(self) -> str | None:
        """Why there is no answer, as a sentence."""
        if self.is_cancelled:
            return "Cancelled. Open the model again to classify this picture."
        return self.unreadable or (self.prediction.error if self.prediction else None)

    @property
    def is_unreadable(self) -> bool:
        """Whether it cannot be read. A cancelled picture may well be readable."""
        return self.error is not None and not self.is_cancelled

    @cached_property
    def answer(self) -> Classification | None:
        """The model's answer."""
        return self.prediction.classification if self.prediction else None

    @cached_property
    def label(self) -> str | None:
        """The class in the answer, or "none of these"; None without an answer."""
        if self.answer is None:
            return None
        return self.answer.label if self.answer.known else NONE_OF_THESE

    @cached_property
    def wrong(self) -> bool:
        """Whether it is misclassified: its label is known, and the answer is another."""
        return self.truth is not None and self.label is not None and self.label != self.truth

    @property
    def details(self) -> str:
        """For the tooltip: why there is no answer, or how familiar the picture is; "" if there is nothing to add."""
        familiarity = self.answer.familiarity if self.answer else None
        return self.error or (f"familiarity {familiarity:.3f}" if familiarity is not None else "")

    @property
    def summary(self) -> str:
        """The answer in a few words."""
        if self.is_cancelled:
            return "cancelled"
        if self.error is not None:
            return "unreadable"
        if self.answer is None or self.label is None:
            return "waiting …"
        return f"{self.label}  {percent(self.answer.confidence)}" if self.answer.known else NONE_OF_THESE


Key = Callable[[Picture], Any]


def _by_class(picture: Picture) -> Any:
    answer = picture.answer
    return (answer is None, answer is not None and not answer.known, picture.label or "", _uncertainty(picture))


# The other keys are single numbers, not tuples: the window waits while ten thousand pictures are sorted.


def _uncertainty(picture: Picture) -> float:
    return 1 - picture.answer.confidence if picture.answer else 2.0


def _strangeness(picture: Picture) -> float:
    answer = picture.answer
    return 1 - answer.familiarity if answer is not None and answer.familiarity is not None else 3.0


AS_ADDED, WRONG_FIRST = "As added", "Surest mistakes first"
ORDERS: dict[str, Key] = {
    AS_ADDED: lambda picture: picture.number,
    "Name": lambda picture: picture.sort_name,
    "Class": _by_class,
    "Most confident first": _uncertainty,
    "Least confident first": lambda picture: -_uncertainty(picture) if picture.answer else 1.0,
    "Most familiar first": _strangeness,
    "Least familiar first": lambda picture: -_strangeness(picture) if picture.answer else 1.0,
    WRONG_FIRST: lambda picture: _uncertainty(picture) if not picture.wrong else _uncertainty(picture) - 10,
}


@dataclass(frozen=True)
class Arrangement:
    """Which pictures the list shows, and in which order.

    order: a key of ORDERS. text: part of the name, in any case.
    label: only pictures with this answer, which may be "none of these"; "" for all. truth: only those with this label.
    unreadable: only those that cannot be read. wrong: only misclassified ones.
    """

    order: str = AS_ADDED
    text: str = ""
    label: str = ""
    truth: str = ""
    unreadable: bool = False
    wrong: bool = False

    @property
    def shows_all(self) -> bool:
        """Whether it shows every picture."""
        return self == Arrangement(order=self.order)

    def shows(self, picture: Picture) -> bool:
        """Whether it shows this picture."""
        return (
            self.text.lower() in picture.name.lower()
            and (not self.label or picture.label == self.label)
            and (not self.truth or picture.truth == self.truth)
            and (not self.unreadable or picture.is_unreadable)
            and (not self.wrong or picture.wrong)
        )

    def of(self, pictures: Iterable[Picture]) -> list[Picture]:
        """The pictures to show, in order."""
        shown = pictures if self.shows_all else filter(self.shows, pictures)
        return sorted(shown, key=ORDERS[self.order])
