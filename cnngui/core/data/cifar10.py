"""Find and read CIFAR-10 in its binary or its Python version.

Source: A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009;
https://www.cs.toronto.edu/~kriz/cifar.html describes the formats. Each of six files holds 10,000 records: the label,
0–9, and the 32×32 pixels as three planes, red, green and blue. In the binary version a record is 3,073 bytes, and the
label comes first.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnngui import paths
from cnngui.core.data import cifar10_python
from cnngui.core.errors import Stopped, UserError
from cnngui.core.progress import Progress, Report, ShouldStop, never_stop, no_report
from cnngui.core.reading import opened

CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
ENVIRONMENT = "CNNGUI_DATA_DIR"

RECORDS_PER_FILE = 10_000
RECORD_BYTES = 1 + 3 * 32 * 32
_CHUNK = 1000  # records copied at once, in a few milliseconds: other threads can run in between, and a stop is prompt


def file_bytes() -> int:
    """The size of each of the six files of the binary version."""
    return RECORDS_PER_FILE * RECORD_BYTES


@dataclass(frozen=True)
class Version:
    """One of the two versions in which CIFAR-10 is published.

    archive, folder: its archive, and the folder in there. suffix: how the names of its six files end.
    """

    archive: str
    folder: str
    suffix: str

    @property
    def train_files(self) -> tuple[str, ...]:
        """The names of the five files of training images, in their order."""
        return tuple(f"data_batch_{number}{self.suffix}" for number in range(1, 6))

    @property
    def test_files(self) -> tuple[str, ...]:
        """The name of the one file of test images."""
        return (f"test_batch{self.suffix}",)

    @property
    def files(self) -> tuple[str, ...]:
        """The names of all six files."""
        return self.train_files + self.test_files

    @property
    def advice(self) -> str:
        """What to do if a file is missing or damaged."""
        return f"Unpack {self.archive} again, or name another folder."

    def fits(self, size: int) -> bool:
        """Whether a file of the version may have this size in bytes.

        The Python version also holds the images' names, and some copies of it store a pixel in up to two bytes.
        """
        return file_bytes() <= size <= (1 if self == BINARY else 2) * file_bytes()


BINARY = Version("cifar-10-binary.tar.gz", "cifar-10-batches-bin", ".bin")
PYTHON = Version("cifar-10-python.tar.gz", "cifar-10-batches-py", "")
VERSIONS = (BINARY, PYTHON)  # the first is preferred: it is read faster
ARCHIVES = " or ".join(version.archive for version in VERSIONS)


def given_folder(data_dir: Path | None) -> Path | None:
    """The place that the user has named for CIFAR-10: the argument, else CNNGUI_DATA_DIR, else None."""
    if data_dir is not None:
        return paths.expanded(data_dir)
    named = os.environ.get(ENVIRONMENT)
    return paths.expanded(Path(named)) if named else None


def find(data_dir: Path | None) -> Path | None:
    """The folder of CIFAR-10's files, or its archive if there is only that, or None.

    Looks in the place that the user has named (see :func:`given_folder`), which may be the files' folder, its parent or
    the archive. If none is named, looks in the cache. A complete version is preferred, then the binary one. Nothing is
    read.
    Raises UserError if the named place does not hold CIFAR-10: using another copy silently would be a surprise.
    """
    given = given_folder(data_dir)
    if given is None:
        return _cached()
    try:
        for found in (_complete, _begun):  # read() says what is missing
            for version in VERSIONS:
                for folder in (given, given / version.folder):
                    if found(folder, version):
                        return folder
        for archive in (given, *(given / version.archive for version in VERSIONS)):
            if archive.is_file():
                return _cached() or archive  # all archives with the right checksum are the same
        problem = f"There is no CIFAR-10 in {given}" if given.exists() else f"There is no folder {given}"
    except OSError as error:
        problem = f"{given} could not be read ({error.strerror or error})"
    folders = ", ".join(version.folder for version in VERSIONS)
    raise UserError(f"{problem}. Name a folder that holds {folders}, {ARCHIVES}, or none.")


def _cached() -> Path | None:
    for version in VERSIONS:
        folder = paths.cache_dir() / version.folder
        if _complete(folder, version):
            return folder
    return None


def _complete(folder: Path, version: Version) -> bool:
    """Whether all six files have their full size: a copy may be damaged or partly deleted."""
    try:
        return all(version.fits((folder / name).stat().st_size) for name in version.files)
    except OSError:
        return False


def _begun(folder: Path, version: Version) -> bool:
    return any((folder / name).is_file() for name in version.files)


def _version(folder: Path) -> Version:
    """The version that the folder holds, chosen as by :func:`find`."""
    found = (version for holds in (_complete, _begun) for version in VERSIONS if holds(folder, version))
    return next(found, BINARY)


def read(
    folder: Path, progress: Report = no_report, should_stop: ShouldStop = never_stop
) -> tuple[NDArray[np.uint8], NDArray[np.int32], NDArray[np.uint8], NDArray[np.int32]]:
    """Read the six files: training images and labels, test images and labels.

    Images are uint8 (n, 32, 32, 3), RGB 0–255; labels are int32 (n,), 0–9; both are in the files' order.
    Raises UserError if a file is missing, damaged, has the wrong size or contains another label, and Stopped.
    """
    version = _version(folder)
    train = _empty(len(version.train_files) * RECORDS_PER_FILE)
    test = _empty(len(version.test_files) * RECORDS_PER_FILE)
    done = 0
    for names, (images, labels) in ((version.train_files, train), (version.test_files, test)):
        for number, name in enumerate(names):
            part = slice(number * RECORDS_PER_FILE, (number + 1) * RECORDS_PER_FILE)
            _read_file(version, folder / name, images[part], labels[part], should_stop)
            done += 1
            progress(Progress(f"Reading CIFAR-10, file {done} of {len(version.files)}", done, len(version.files)))
    return *train, *test


def read_test(folder: Path, should_stop: ShouldStop = never_stop) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """Read the test images and labels only, as :func:`read` does."""
    version = _version(folder)
    images, labels = _empty(len(version.test_files) * RECORDS_PER_FILE)
    _read_file(version, folder / version.test_files[0], images, labels, should_stop)
    return images, labels


def _empty(count: int) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    return np.empty((count, 32, 32, 3), np.uint8), np.empty(count, np.int32)


def _read_file(
    version: Version, path: Path, images: NDArray[np.uint8], labels: NDArray[np.int32], should_stop: ShouldStop
) -> None:
    """Fill ``images`` and ``labels`` with the records of one file."""
    try:
        records = _binary_records if version == BINARY else _python_records
        for part, part_labels, planes in records(path, should_stop):
            labels[part] = part_labels
            images[part] = planes.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
    except FileNotFoundError:
        raise UserError(f"{path.name} is missing from {path.parent}. {version.advice}") from None
    except OSError as error:
        raise UserError(f"{path} could not be read ({error.strerror or error}). {version.advice}") from error
    wrong = labels[(labels < 0) | (labels >= len(CLASSES))]
    if len(wrong):
        problem = f"it contains the label {wrong[0]}, but CIFAR-10 has 0 to 9"
        raise UserError(f"{path} is damaged: {problem}. {version.advice}")


_Records = Iterator[tuple[slice, NDArray[np.integer], NDArray[np.uint8]]]
"""Where records lie in their file, their labels, (n,), and their planes, (n, 3072)."""


def _binary_records(path: Path, should_stop: ShouldStop) -> _Records:
    size = path.stat().st_size
    if not BINARY.fits(size):
        problem = "too short" if size < file_bytes() else "too long"
        raise UserError(f"{path} is {problem}: it has {size:,} bytes, not {file_bytes():,}. {BINARY.advice}")
    with opened(path) as file:
        for part in _parts(should_stop):
            records = np.fromfile(file, np.uint8, (part.stop - part.start) * RECORD_BYTES).reshape(-1, RECORD_BYTES)
            yield part, records[:, 0], records[:, 1:]


def _python_records(path: Path, should_stop: ShouldStop) -> _Records:
    planes, labels = _python_file(path, should_stop)
    for part in _parts(should_stop):
        yield part, labels[part], planes[part]


def _parts(should_stop: ShouldStop) -> Iterator[slice]:
    """The parts in which a file's records are copied. Raises Stopped."""
    for start in range(0, RECORDS_PER_FILE, _CHUNK):
        if should_stop():
            raise Stopped
        yield slice(start, min(start + _CHUNK, RECORDS_PER_FILE))


def _python_file(path: Path, should_stop: ShouldStop) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """The planes, (n, 3072), and the labels, not checked, of a file of the Python version."""
    problem = f"{path} is damaged or not CIFAR-10's Python version. {PYTHON.advice}"
    if not PYTHON.fits(path.stat().st_size):
        raise UserError(problem)
    try:
        return cifar10_python.read(path, RECORDS_PER_FILE, should_stop)
    except ValueError as error:
        raise UserError(problem) from error
