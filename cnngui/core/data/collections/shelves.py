"""Where a picture of a collection is: in a class, excluded from a class, or without a class yet."""

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
