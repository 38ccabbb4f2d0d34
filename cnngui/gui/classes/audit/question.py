"""Something in a collection that a person should look at, and the answers that there are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from cnngui.core.data.collections.collection import Collection
from cnngui.core.data.collections.shelves import Shelf
from cnngui.gui.classes.work import Plan

MEND, EXCLUDE, KEEP = "mend", "exclude", "keep"
"""The answers: what is suggested, to leave the pictures out of trainings, and to leave all as it is."""


class Topic(StrEnum):
    """The kinds of questions as the window names them, in the order in which they are shown."""

    UNREADABLE = "Cannot be read"
    LEAK = "In training and test"
    SHARED = "In two classes"
    COPY = "The same file twice"
    ALIKE = "Look the same"
    FEW = "Too few pictures"
    IMBALANCE = "Out of balance"
    GREY = "Grey among colour"
    SMALL = "Small pictures"
    SUSPECT = "Doubtful labels"
    NAMELESS = "Worth naming"


SAFE = (Topic.UNREADABLE, Topic.LEAK, Topic.COPY, Topic.ALIKE)
"""Those whose mends can be done all at once: one of each picture stays, and nothing that a training could use goes."""


@dataclass(frozen=True)
class Shown:
    """A picture of a question. classes: those that it is in, none if it has no class yet. goes: whether a mend of the
    question leaves it out."""

    path: Path
    classes: tuple[str, ...]
    goes: bool = False


@dataclass(frozen=True)
class Answer:
    """What can be done. text: of its button. title: as the menu would undo it. notice: says that it was done."""

    text: str
    title: str
    plan: Plan
    notice: str = ""


@dataclass(frozen=True)
class Question:
    """What is said of some pictures.

    key: of the question, by what the pictures hold. excluded: the pictures that its mend leaves out.
    numbered: answers that have the keys 1 to 9. may_move: whether the picture can be given to any class.
    """

    topic: Topic
    key: str
    sentence: str
    pictures: tuple[Shown, ...]
    answers: Mapping[str, Answer] = field(default_factory=dict)
    excluded: tuple[Path, ...] = ()
    numbered: tuple[Answer, ...] = ()
    may_move: bool = False


class Whereabouts:
    """Tells which pictures are still where they were in a collection."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._there: dict[str, frozenset[str]] = {}  # of the classes that were asked for

    def is_open(self, question: Question) -> bool:
        """Whether the question still arises: it is not settled, and its pictures are where they were."""
        if question.key in self._collection.settled:
            return False
        return all(
            any(str(shown.path) in self._of(name) for name in shown.classes or ("",)) for shown in question.pictures
        )

    def _of(self, name: str) -> frozenset[str]:
        if name not in self._there:
            pictures = self._collection.on(Shelf(name))
            self._there[name] = frozenset((*pictures.files, *pictures.references))
        return self._there[name]
