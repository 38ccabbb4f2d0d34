"""Where a picture of a collection is: in a class, excluded from a class, or without a class yet."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

HIDDEN = ".cnngui"
"""The folder inside a collection that holds what is no class. Other programs and trainings pass it over."""

REFERENCES = "references.jsonl"  # in HIDDEN
UNNAMED_FOLDER, EXCLUDED_FOLDER, REMOVED_FOLDER = "no class yet", "excluded", "removed"  # in HIDDEN
ARRIVING = "arriving-"  # the beginning of the name of a folder in HIDDEN with copies that are not complete


@dataclass(frozen=True, order=True)
class Shelf:
    """A place for pictures in a collection.

    name: of the class; "" for pictures without one yet. is_excluded: whether its pictures are left out of trainings.
    """

    name: str = ""
    is_excluded: bool = False

    def folder(self, collection: Path) -> Path:
        """The folder with its pictures, in the collection's folder. It may not exist yet."""
        if not self.name:
            return collection / HIDDEN / UNNAMED_FOLDER
        return collection / HIDDEN / EXCLUDED_FOLDER / self.name if self.is_excluded else collection / self.name


UNNAMED = Shelf()
"""The pictures without a class yet."""


class Item(NamedTuple):
    """A picture of a collection.

    is_reference: whether it lies elsewhere, and the collection only knows its path.
    """

    path: Path
    shelf: Shelf
    is_reference: bool = False


@dataclass(frozen=True)
class Pictures:
    """All pictures on a shelf: first its files, then those that lie elsewhere, as absolute paths.

    Texts, because Python's garbage collector looks through each other object again and again: for 20,000 paths it holds
    up the window for 17 ms.
    """

    shelf: Shelf
    files: tuple[str, ...] = ()
    references: tuple[str, ...] = ()

    def __len__(self) -> int:
        """How many there are."""
        return len(self.files) + len(self.references)

    def __getitem__(self, number: int) -> Item:
        """The picture with this number, from 0."""
        there = len(self.files)
        if number < there:
            return Item(Path(self.files[number]), self.shelf)
        return Item(Path(self.references[number - there]), self.shelf, is_reference=True)

    def __iter__(self) -> Iterator[Item]:
        """Each of them."""
        return (self[number] for number in range(len(self)))
