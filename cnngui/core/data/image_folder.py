"""A folder of pictures as a data set: classes as sub-folders or in a table, in parts or not."""

import hashlib
import time
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnngui.core.data import label_table
from cnngui.core.data.collections.references import placed
from cnngui.core.data.layout import Files, Layout, arrange
from cnngui.core.data.stored_images import MOST_IN_MEMORY, StoredImages
from cnngui.core.errors import Stopped, UserError
from cnngui.core.files import is_folder
from cnngui.core.pictures import images
from cnngui.core.pictures.folders import FolderWalk, kind_of, left_out
from cnngui.core.progress import Progress, Report, ShouldStop, never_stop, no_report
from cnngui.core.sentences import counted

SIDE = 32  # of CIFAR-10's images, and of the networks' that begin with nothing
_SECONDS_BETWEEN_REPORTS = 0.05

Labelled = tuple[NDArray[np.uint8], NDArray[np.int32]]
"""Images, uint8 (n, side, side, 3), RGB 0–255, and their labels, int32 (n,); as in a Split."""


@dataclass(frozen=True, eq=False)
class ImageFolder:
    """A folder's classes, sorted by name, and its images, sorted by class.

    validation, test: None if the folder has no such part. notes: a sentence for each kind of thing that is left out.
    left_out: a sentence for each picture that could not be read. fingerprint: see :func:`fingerprint`.
    """

    classes: tuple[str, ...]
    train: Labelled
    validation: Labelled | None
    test: Labelled | None
    notes: tuple[str, ...]
    left_out: tuple[str, ...]
    fingerprint: str


@dataclass(frozen=True)
class Listing:
    """What lies in a folder, found by walking through it.

    pictures: those that a collection only refers to are named as if they were in their class.
    references: where these are.
    folders: its sub-folders, with and without pictures. passed_over: the number of other files by kind.
    unreadable: a sentence for each folder that could not be read.
    """

    folder: Path
    pictures: tuple[Path, ...]
    folders: tuple[Path, ...]
    tables: tuple[Path, ...]
    passed_over: Counter[str]
    unreadable: tuple[str, ...]
    references: Mapping[Path, Path] = field(default_factory=dict)

    def file_of(self, picture: Path) -> Path:
        """The file of one of the pictures."""
        return self.references.get(picture, picture)


def listing(folder: Path, should_stop: ShouldStop = never_stop) -> Listing:
    """Walk through the folder; of a collection, also list the pictures that it only refers to.

    Raises UserError if it cannot be read, and Stopped.
    """
    if not is_folder(folder):
        raise UserError(f"There is no readable folder {folder}. Name one with a sub-folder of images for each class.")
    walk = FolderWalk(folder, should_stop)
    pictures = tuple(walk)
    if should_stop():
        raise Stopped
    unreadable = tuple(f"{place}: {problem}" for place, problem in walk.unreadable)
    references = placed(folder)
    pictures += tuple(references)
    return Listing(folder, pictures, tuple(walk.folders), tuple(walk.tables), walk.passed_over, unreadable, references)


def fingerprint(found: Listing) -> str:
    """A short text that changes whenever a picture or table is added, removed or written."""
    digest = hashlib.blake2b(digest_size=16)
    for path in (*found.pictures, *found.tables):
        try:
            status = found.file_of(path).stat()
            stamp = f"{status.st_size} {status.st_mtime_ns}"
        except OSError:
            stamp = ""
        digest.update(f"{path.relative_to(found.folder)}\0{stamp}\0".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def layout_of(found: Listing) -> Layout:
    """The classes and parts of what was found: those of its folders, else those of a table.

    Raises UserError if there are none.
    """
    layout = _arranged(found)
    if not found.references:
        return layout
    train, validation, test = (
        None if part is None else tuple((found.file_of(path), label) for path, label in part)
        for part in (layout.train, layout.validation, layout.test)
    )
    return replace(layout, train=train or (), validation=validation, test=test)


def _arranged(found: Listing) -> Layout:
    table = label_table.find(found.tables, found.folder, found.pictures)
    try:
        by_folders = arrange(found.folder, found.pictures, found.folders)
    except UserError:
        if table is None:
            raise
        return label_table.arrange(table, found.pictures)
    if table is not None and label_table.overrides(table, by_folders, found.pictures):
        return label_table.arrange(table, found.pictures)
    return by_folders


def read(
    folder: Path,
    progress: Report = no_report,
    should_stop: ShouldStop = never_stop,
    *,
    side: int = SIDE,
) -> ImageFolder:
    """Read all images of a folder for a training; :func:`cnngui.core.data.layout.arrange` says how it is laid out.

    side: to which they are scaled, in pixels. Those that are too many for the memory are stored in a temporary file.
    Pictures that cannot be read are left out and reported. Raises UserError if the folder does not exist, has no
    classes, or has a class with too few images, and Stopped.
    """
    progress(Progress(f"Looking through {folder.name}"))
    found = listing(folder, should_stop)
    layout = layout_of(found)
    parts = (layout.train, layout.validation, layout.test)
    reader = _Reader(sum(len(part) for part in parts if part), side, progress, should_stop)
    train = reader.read(layout.train)
    validation, test = (None if part is None else reader.read(part) for part in parts[1:])
    _require(folder, layout.classes, train, 1 + (validation is None) + (test is None), reader.left_out)
    unread = (f"{counted(len(reader.left_out), 'picture')} left out: not readable.",) if reader.left_out else ()
    return ImageFolder(
        classes=layout.classes,
        train=train,
        validation=validation if validation and len(validation[1]) else None,
        test=test if test and len(test[1]) else None,
        notes=(*layout.notes, *notes(found, layout.tables), *unread),
        left_out=tuple(reader.left_out),
        fingerprint=fingerprint(found),
    )


def notes(found: Listing, tables: Collection[Path]) -> list[str]:
    """Sentences about what was passed over: the folders that could not be read, and other files by kind.

    tables: those that are used.
    """
    passed_over = found.passed_over + Counter(kind_of(table) for table in found.tables if table not in tables)
    return [*found.unreadable, *([left_out(passed_over)] if passed_over else [])]


class _Reader:
    """Reads lists of files and reports the progress over all of them."""

    def __init__(self, total: int, side: int, progress: Report, should_stop: ShouldStop) -> None:
        self.left_out: list[str] = []
        self._size = (side, side)
        self._is_stored = total * side * side * 3 > MOST_IN_MEMORY
        self._total = total
        self._done = 0
        self._progress = progress
        self._should_stop = should_stop
        self._next_report = time.monotonic()

    def read(self, files: Files) -> Labelled:
        labels: list[int] = []
        stored = StoredImages(self._size) if self._is_stored else None
        pixels = np.empty((0 if stored else len(files), *self._size, 3), np.uint8)
        for path, label in files:
            if self._should_stop():
                raise Stopped
            try:
                image = images.load_pixels(path, self._size)
            except UserError as error:
                self.left_out.append(f"{path}: {error}")
            else:
                if stored is not None:
                    stored.append(image)
                else:
                    pixels[len(labels)] = image
                labels.append(label)
            self._done += 1
            if time.monotonic() >= self._next_report or self._done == self._total:
                self._next_report = time.monotonic() + _SECONDS_BETWEEN_REPORTS
                self._progress(Progress(f"Reading images, {self._done:,} of {self._total:,}", self._done, self._total))
        return stored.as_array if stored is not None else pixels[: len(labels)], np.array(labels, np.int32)


def _require(folder: Path, classes: Sequence[str], part: Labelled, minimum: int, left_out: list[str]) -> None:
    """Raise UserError if a class has fewer than ``minimum`` training images."""
    counts = np.bincount(part[1], minlength=len(classes))
    for name, count in zip(classes, counts, strict=True):
        if count < minimum:
            unread = f" ({counted(len(left_out), 'file')} could not be read)" if left_out else ""
            raise UserError(
                f"The class {name} in {folder} has {counted(count, 'readable image')}{unread} "
                f"but needs at least {minimum}. Add some, or remove the class."
            )
