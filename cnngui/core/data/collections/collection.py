"""What is in a collection now, read from its folder."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cnngui.core.data.collections.plain import require_plain
from cnngui.core.data.collections.references import read_references
from cnngui.core.data.collections.settled import read_settled
from cnngui.core.data.collections.shelves import EXCLUDED_FOLDER, HIDDEN, UNNAMED, Item, Pictures, Shelf
from cnngui.core.errors import Stopped, UserError
from cnngui.core.files import is_folder
from cnngui.core.pictures.folders import FolderWalk
from cnngui.core.progress import ShouldStop, never_stop


@dataclass(frozen=True)
class Collection:
    """A folder of classes, as it was when it was read.

    classes: the names of its sub-folders, and of the classes whose pictures all lie elsewhere, sorted.
    shelves: the pictures of each place that has some. Nobody writes into it.
    missing: the references to pictures that are gone. unreadable: a sentence for each folder that cannot be read.
    settled: the keys of what a person has looked at and leaves as it is.
    """

    folder: Path
    classes: tuple[str, ...] = ()
    shelves: Mapping[Shelf, Pictures] = field(default_factory=dict)
    missing: tuple[Item, ...] = ()
    unreadable: tuple[str, ...] = ()
    settled: frozenset[str] = frozenset()

    def on(self, shelf: Shelf) -> Pictures:
        """The pictures of this place."""
        return self.shelves.get(shelf) or Pictures(shelf)

    def parts(self, name: str) -> tuple[Pictures, Pictures]:
        """The pictures of a class: those that are trained on, and those that are excluded."""
        return self.on(Shelf(name)), self.on(Shelf(name, is_excluded=True))

    def of_class(self, name: str) -> tuple[Item, ...]:
        """All pictures of a class, those that are excluded last."""
        return tuple(item for part in self.parts(name) for item in part)

    def count(self, name: str) -> int:
        """How many pictures of a class are trained on; with "", how many have no class yet."""
        return len(self.on(Shelf(name)))

    @property
    def references(self) -> tuple[Item, ...]:
        """All pictures that lie elsewhere."""
        return tuple(
            Item(Path(text), shelf, is_reference=True)
            for shelf, pictures in self.shelves.items()
            for text in pictures.references
        )


def create(folder: Path) -> None:
    """Make the folder of a new collection; one that is there already and empty will do.

    Raises UserError if there is something in it, or it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / HIDDEN).mkdir()
    except FileExistsError as error:
        raise UserError(f"There is already something at {folder}. Open it, or choose another name.") from error
    except OSError as error:
        raise UserError(f"{folder} could not be made ({error.strerror}). Choose another place.") from error


def read(folder: Path, should_stop: ShouldStop = never_stop) -> Collection:
    """Look through a collection, or any folder of classes, by names alone.

    Raises UserError if it cannot be read, or if its classes lie deeper or in parts for training and test, and Stopped.
    """
    if not is_folder(folder):
        raise UserError(
            f"{folder} is not there. It was moved or renamed, or its disk was taken out. Open it where it is now."
        )
    walk = FolderWalk(folder, should_stop)
    files: dict[Shelf, list[str]] = {}
    depth = len(folder.parts)
    by_parent: dict[Path, Path] = {}  # a picture of each folder
    for path in walk:
        parts = path.parts
        shelf = Shelf(parts[depth]) if len(parts) > depth + 1 else UNNAMED
        files.setdefault(shelf, []).append(str(path))
        by_parent.setdefault(path.parent, path)
    _stop_if(should_stop)
    require_plain(folder, by_parent.values(), walk.folders)
    for shelf in _hidden_shelves(folder):
        files.setdefault(shelf, []).extend(map(str, FolderWalk(shelf.folder(folder), should_stop)))
    references = read_references(folder)
    elsewhere: dict[Shelf, list[str]] = {}
    for item in references:
        elsewhere.setdefault(item.shelf, []).append(str(item.path))
    # Path.exists raises for some places that cannot be reached.
    missing = tuple(item for item in references if not should_stop() and not os.path.exists(item.path))  # noqa: PTH110
    _stop_if(should_stop)
    top = (path.name for path in walk.folders if len(path.parts) == depth + 1)
    shelves = [Pictures(s, tuple(files.get(s, ())), tuple(elsewhere.get(s, ()))) for s in {**files, **elsewhere}]
    names = {*top, *(each.shelf.name for each in shelves if each and each.shelf.name)}
    return Collection(
        folder,
        tuple(sorted(names, key=lambda name: (name.casefold(), name))),
        {each.shelf: each for each in shelves if each},
        missing,
        tuple(f"{place}: {problem}" for place, problem in walk.unreadable),
        read_settled(folder),
    )


def _hidden_shelves(folder: Path) -> list[Shelf]:
    """The places in the hidden folder that may hold pictures."""
    excluded = folder / HIDDEN / EXCLUDED_FOLDER
    shelves = [UNNAMED] if is_folder(UNNAMED.folder(folder)) else []
    try:
        names = sorted(entry.name for entry in os.scandir(excluded) if entry.is_dir())
    except OSError:  # nothing is excluded
        names = []
    return [*shelves, *(Shelf(name, is_excluded=True) for name in names)]


def _stop_if(should_stop: ShouldStop) -> None:
    if should_stop():
        raise Stopped
