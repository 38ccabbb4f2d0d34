"""A folder of pictures as a data set: one sub-folder per class, optionally inside train/ and test/."""

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
from cnngui.core.sentences import counted

SIZE = (32, 32)  # of the networks' images
_SECONDS_BETWEEN_REPORTS = 0.05

Labelled = tuple[NDArray[np.uint8], NDArray[np.int32]]
"""Images, uint8 (n, 32, 32, 3), RGB 0–255, and their labels, int32 (n,)."""


@dataclass(frozen=True, eq=False)
class ImageFolder:
    """A folder's classes, sorted by name, and its images, sorted by class.

    test: None if the folder has no test/.
    left_out: a sentence for each file that could not be read.
    """

    classes: tuple[str, ...]
    train: Labelled
    test: Labelled | None
    left_out: tuple[str, ...]


def read(folder: Path, progress: Report = no_report, should_stop: ShouldStop = never_stop) -> ImageFolder:
    """Read ``folder``/<class>/…, or ``folder``/train/<class>/… and, if it exists, ``folder``/test/<class>/….

    A class's images may be in sub-folders. Hidden files, and files whose suffix is not that of a picture, are ignored;
    pictures that cannot be read are left out and reported. Raises UserError if the folder does not exist, has fewer
    than two classes or a class with too few images (two for train and validation, one for test), and Stopped.
    """
    if not is_folder(folder):
        raise UserError(f"There is no readable folder {folder}. Name one with a sub-folder of images for each class.")
    train_folder, test_folder = _parts(folder)
    classes = tuple(path.name for path in _sub_folders(train_folder))
    if len(classes) < 2:
        raise UserError(
            f"{train_folder} has {counted(len(classes), 'sub-folder')}, but needs at least two: "
            "one with images for each class."
        )
    files = _files(train_folder, classes)
    test_files = []
    if test_folder is not None:
        if unknown := {path.name for path in _sub_folders(test_folder)} - set(classes):
            raise UserError(
                f"{test_folder} has the class {min(unknown)}, but {train_folder} does not. "
                "Both need sub-folders with the same names."
            )
        test_files = _files(test_folder, classes)
    reader = _Reader(len(files) + len(test_files), progress, should_stop)
    train = reader.read(files)
    _require(train_folder, classes, train, 3 if test_folder is None else 2, reader.left_out)
    test = None
    if test_folder is not None:
        test = reader.read(test_files)
        _require(test_folder, classes, test, 1, reader.left_out)
    return ImageFolder(classes, train, test, tuple(reader.left_out))


def _parts(folder: Path) -> tuple[Path, Path | None]:
    """The folders that hold the classes for training and test. A train/ without sub-folders is itself a class."""
    train, test = folder / "train", folder / "test"
    if not (is_folder(train) and _sub_folders(train)):
        return folder, None
    return train, test if is_folder(test) else None


def _sub_folders(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    except OSError as error:
        raise UserError(f"{folder} could not be read ({error.strerror or error}). Check its permissions.") from error


def _files(folder: Path, classes: tuple[str, ...]) -> list[tuple[Path, int]]:
    """The pictures of each class with their labels, sorted by class and path."""
    return [(path, label) for label, name in enumerate(classes) for path in sorted(pictures_below(folder / name))]


class _Reader:
    """Reads lists of files and reports the progress over all of them."""

    def __init__(self, total: int, progress: Report, should_stop: ShouldStop) -> None:
        self.left_out: list[str] = []
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
                self.left_out.append(f"{path}: {error}")
            self._done += 1
            if time.monotonic() >= self._next_report or self._done == self._total:
                self._next_report = time.monotonic() + _SECONDS_BETWEEN_REPORTS
                self._progress(Progress(f"Reading images, {self._done:,} of {self._total:,}", self._done, self._total))
        return pixels[:count], labels[:count]


def _require(folder: Path, classes: tuple[str, ...], part: Labelled, minimum: int, left_out: list[str]) -> None:
    """Raise UserError if a class has fewer than ``minimum`` images."""
    counts = np.bincount(part[1], minlength=len(classes))
    for name, count in zip(classes, counts, strict=True):
        if count < minimum:
            unread = f" ({counted(len(left_out), 'file')} could not be read)" if left_out else ""
            raise UserError(
                f"The class {name} in {folder} has {counted(count, 'readable image')}{unread} "
                f"but needs at least {minimum}. Add some, or remove the class."
            )
