"""A folder of pictures as a data set: a sub-folder for each class, with or without train/ and test/ around them."""

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnngui.core.errors import Stopped, UserError
from cnngui.core.files import is_folder
from cnngui.core.pictures import images
from cnngui.core.pictures.gathering import pictures_below
from cnngui.core.progress import Progress, Report, ShouldStop, never_stop, no_report

SIZE = (32, 32)  # what the networks take
_SECONDS_BETWEEN_REPORTS = 0.05

Labelled = tuple[NDArray[np.uint8], NDArray[np.int32]]
"""Images, uint8 (n, 32, 32, 3), RGB 0-255, and their labels, int32 (n,)."""


@dataclass(frozen=True, eq=False)
class ImageFolder:
    """What a folder holds: its classes, sorted by name, and its images, class after class.

    test: None where the folder has no test/ of its own.
    skipped: a sentence for each file that could not be read.
    """

    classes: tuple[str, ...]
    train: Labelled
    test: Labelled | None
    skipped: tuple[str, ...]


def read(folder: Path, progress: Report = no_report, should_stop: ShouldStop = never_stop) -> ImageFolder:
    """Read ``folder``/<class>/… or ``folder``/train/<class>/… and, where it is there, ``folder``/test/<class>/….

    A class's images may lie in sub-folders. Hidden files and files that are no pictures by their ending are left out;
    pictures that cannot be read are skipped and reported. Raises UserError where the folder is missing, has fewer than
    two classes or too few images of one (two to train and validate on and one for the test), and Stopped.
    """
    if not is_folder(folder):
        raise UserError(
            f"There is no folder {folder} that can be read. Name one with a sub-folder of images for each class."
        )
    train_folder, test_folder = _parts(folder)
    classes = tuple(path.name for path in _sub_folders(train_folder))
    if len(classes) < 2:
        raise UserError(
            f"{train_folder} needs a sub-folder of images for each of at least two classes; it has {len(classes)}."
        )
    files = _files(train_folder, classes)
    test_files = []
    if test_folder is not None:
        if unknown := {path.name for path in _sub_folders(test_folder)} - set(classes):
            raise UserError(
                f"{test_folder} has the class {min(unknown)}, but {train_folder} has not. "
                "Both need sub-folders of the same names."
            )
        test_files = _files(test_folder, classes)
    reader = _Reader(len(files) + len(test_files), progress, should_stop)
    train = reader.read(files)
    _require(train_folder, classes, train, 3 if test_folder is None else 2, reader.skipped)
    test = None
    if test_folder is not None:
        test = reader.read(test_files)
        _require(test_folder, classes, test, 1, reader.skipped)
    return ImageFolder(classes, train, test, tuple(reader.skipped))


def _parts(folder: Path) -> tuple[Path, Path | None]:
    """The folders around the classes, for training and for the test. A train/ without sub-folders is a class."""
    train, test = folder / "train", folder / "test"
    if not (is_folder(train) and _sub_folders(train)):
        return folder, None
    return train, test if is_folder(test) else None


def _sub_folders(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    except OSError as error:
        raise UserError(f"The folder {folder} cannot be read: {error.strerror or error}.") from error


def _files(folder: Path, classes: tuple[str, ...]) -> list[tuple[Path, int]]:
    """The pictures of each class with their labels, sorted by class and path."""
    return [(path, label) for label, name in enumerate(classes) for path in sorted(pictures_below(folder / name))]


class _Reader:
    """Reads lists of files one after the other, counts and reports them all together."""

    def __init__(self, total: int, progress: Report, should_stop: ShouldStop) -> None:
        self.skipped: list[str] = []
        self._total = total
        self._done = 0
        self._progress = progress
        self._should_stop = should_stop
        self._next_report = time.monotonic()

    def read(self, files: list[tuple[Path, int]]) -> Labelled:
        pixels = np.empty((len(files), *SIZE, 3), np.uint8)
        labels = np.empty(len(files), np.int32)
        count = 0
        for path, label in files:
            if self._should_stop():
                raise Stopped
            try:
                pixels[count] = images.load_pixels(path, SIZE)
                labels[count] = label
                count += 1
            except UserError as error:
                self.skipped.append(f"{path}: {error}")
            self._done += 1
            if time.monotonic() >= self._next_report or self._done == self._total:
                self._next_report = time.monotonic() + _SECONDS_BETWEEN_REPORTS
                self._progress(Progress(f"Reading images, {self._done:,} of {self._total:,}", self._done, self._total))
        return pixels[:count], labels[:count]


def _require(folder: Path, classes: tuple[str, ...], part: Labelled, minimum: int, skipped: list[str]) -> None:
    """Raise UserError where a class has fewer than ``minimum`` images."""
    counts = np.bincount(part[1], minlength=len(classes))
    for name, count in zip(classes, counts, strict=True):
        if count < minimum:
            unread = f" ({len(skipped)} files could not be read)" if skipped else ""
            raise UserError(
                f"The class {name} in {folder} has {count} readable images{unread}, but it needs at least {minimum}. "
                "Add some, or take the class out."
            )
