"""Find and read CIFAR-10 in its binary version.

Source: A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009;
https://www.cs.toronto.edu/~kriz/cifar.html describes the format. Each of six files holds 10,000 records of 3,073 bytes:
the label, 0–9, then the 32×32 pixels as three planes, red, green and blue.
"""

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnngui import paths
from cnngui.core.errors import Stopped, UserError
from cnngui.core.progress import Progress, Report, ShouldStop, never_stop, no_report

CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
TRAIN_FILES = tuple(f"data_batch_{number}.bin" for number in range(1, 6))
TEST_FILES = ("test_batch.bin",)
FILES = TRAIN_FILES + TEST_FILES

FOLDER = "cifar-10-batches-bin"  # in the archive
ARCHIVE = "cifar-10-binary.tar.gz"
ENVIRONMENT = "CNNGUI_DATA_DIR"

RECORDS_PER_FILE = 10_000
RECORD_BYTES = 1 + 3 * 32 * 32
_CHUNK = 1000  # records copied at once, in a few milliseconds: other threads can run in between, and a stop is prompt


def file_bytes() -> int:
    """The size of each of the six files."""
    return RECORDS_PER_FILE * RECORD_BYTES


def given_folder(data_dir: Path | None) -> Path | None:
    """The place that the user has named for CIFAR-10: the argument, else CNNGUI_DATA_DIR, else None."""
    if data_dir is not None:
        return data_dir.expanduser()
    named = os.environ.get(ENVIRONMENT)
    return Path(named).expanduser() if named else None


def find(data_dir: Path | None) -> Path | None:
    """The folder of CIFAR-10's files, or its archive if there is only that, or None.

    Looks in the place that the user has named (see :func:`given_folder`), which may be the files' folder, its parent or
    the archive. If none is named, looks in the cache. Nothing is read.
    Raises UserError if the named place does not hold CIFAR-10: using another copy silently would be a surprise.
    """
    given = given_folder(data_dir)
    cached = paths.cache_dir() / FOLDER
    if given is None:
        return cached if _complete(cached) else None
    advice = f"Name a folder that holds {FOLDER} or {ARCHIVE}, or none."
    try:
        for folder in (given, given / FOLDER):
            if any((folder / name).is_file() for name in FILES):
                return folder  # read() says what is missing
        for archive in (given, given / ARCHIVE):
            if archive.is_file():
                return cached if _complete(cached) else archive  # all archives with the right checksum are the same
        problem = f"There is no CIFAR-10 in {given}" if given.exists() else f"There is no folder {given}"
    except OSError as error:
        problem = f"{given} could not be read ({error.strerror or error})"
    raise UserError(f"{problem}. {advice}")


def _complete(folder: Path) -> bool:
    """Whether all six files have their full size: the cache may be damaged or partly deleted."""
    try:
        return all((folder / name).stat().st_size == file_bytes() for name in FILES)
    except OSError:
        return False


def read(
    folder: Path, progress: Report = no_report, should_stop: ShouldStop = never_stop
) -> tuple[NDArray[np.uint8], NDArray[np.int32], NDArray[np.uint8], NDArray[np.int32]]:
    """Read the six files: training images and labels, test images and labels.

    Images are uint8 (n, 32, 32, 3), RGB 0–255; labels are int32 (n,), 0–9; both are in the files' order.
    Raises UserError if a file is missing, has the wrong size or contains another label, and Stopped.
    """
    train = _empty(len(TRAIN_FILES) * RECORDS_PER_FILE)
    test = _empty(len(TEST_FILES) * RECORDS_PER_FILE)
    done = 0
    for names, (images, labels) in ((TRAIN_FILES, train), (TEST_FILES, test)):
        for number, name in enumerate(names):
            part = slice(number * RECORDS_PER_FILE, (number + 1) * RECORDS_PER_FILE)
            _read_file(folder / name, images[part], labels[part], should_stop)
            done += 1
            progress(Progress(f"Reading CIFAR-10, file {done} of {len(FILES)}", done, len(FILES)))
    return *train, *test


def _empty(count: int) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    return np.empty((count, 32, 32, 3), np.uint8), np.empty(count, np.int32)


def _read_file(path: Path, images: NDArray[np.uint8], labels: NDArray[np.int32], should_stop: ShouldStop) -> None:
    """Fill ``images`` and ``labels`` with the records of one file."""
    advice = f"Unpack {ARCHIVE} again, or name another folder."
    try:
        size = path.stat().st_size
        if size != file_bytes():
            problem = "too short" if size < file_bytes() else "too long"
            raise UserError(f"{path} is {problem}: it has {size:,} bytes, not {file_bytes():,}. {advice}")
        with path.open("rb") as file:
            for start in range(0, RECORDS_PER_FILE, _CHUNK):
                if should_stop():
                    raise Stopped
                records = np.fromfile(file, np.uint8, min(_CHUNK, RECORDS_PER_FILE - start) * RECORD_BYTES)
                records = records.reshape(-1, RECORD_BYTES)
                part = slice(start, start + len(records))
                labels[part] = records[:, 0]
                images[part] = records[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
    except FileNotFoundError:
        raise UserError(f"{path.name} is missing from {path.parent}. {advice}") from None
    except OSError as error:
        raise UserError(f"{path} could not be read ({error.strerror or error}). {advice}") from error
    if labels.max() >= len(CLASSES):
        raise UserError(f"{path} is damaged: it contains the label {labels.max()}, but CIFAR-10 has 0 to 9. {advice}")


def test_image(folder: Path, index: int) -> tuple[NDArray[np.uint8], str]:
    """One test image, uint8 (32, 32, 3), and the name of its class, without reading the others.

    index: 0 to RECORDS_PER_FILE - 1. Raises UserError if the file of test images is missing or too short.
    """
    path = folder / TEST_FILES[0]
    try:
        with path.open("rb") as file:
            file.seek(index * RECORD_BYTES)
            record = np.frombuffer(file.read(RECORD_BYTES), np.uint8)
    except OSError as error:
        raise UserError(f"{path} could not be read ({error.strerror}).") from error
    if len(record) != RECORD_BYTES or record[0] >= len(CLASSES):
        raise UserError(f"{path} is damaged. Copy it again, or unpack {ARCHIVE} again.")
    return np.ascontiguousarray(record[1:].reshape(3, 32, 32).transpose(1, 2, 0)), CLASSES[record[0]]
