"""What a check finds in a data set: a sentence, the pictures that it is about, and what would mend it."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from cnngui.core.sentences import counted


class Kind(StrEnum):
    """The kinds of findings, in the order in which they are shown."""

    UNREADABLE = "unreadable"
    LEAK = "leak"
    SHARED = "shared"
    COPY = "copy"
    ALIKE = "alike"
    FEW = "few"
    IMBALANCE = "imbalance"
    GREY = "grey"
    SMALL = "small"


@dataclass(frozen=True)
class Exclude:
    """Leave these pictures out of the data set."""

    pictures: tuple[Path, ...]

    @property
    def text(self) -> str:
        """What it does, for a button."""
        return f"Exclude {counted(len(self.pictures), 'picture')}"


@dataclass(frozen=True)
class Merge:
    """Move all pictures of a class into another class."""

    name: str
    into: str

    @property
    def text(self) -> str:
        """What it does, for a button."""
        return f"Merge {self.name} into {self.into}"


@dataclass(frozen=True)
class Finding:
    """Something in a data set that a person should look at.

    sentence: what it is, for the user. pictures: to be shown side by side.
    """

    kind: Kind
    sentence: str
    pictures: tuple[Path, ...]
    mend: Exclude | Merge
