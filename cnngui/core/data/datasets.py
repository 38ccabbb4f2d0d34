"""What a network learns from: CIFAR-10, drawn shapes or a folder of images, in three parts."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnngui import paths
from cnngui.core.data import cifar10, cifar10_download, image_folder, shapes
from cnngui.core.errors import UserError
from cnngui.core.files import is_folder
from cnngui.core.progress import Report, ShouldStop, never_stop, no_report

CIFAR10 = "cifar10"
SHAPES = "shapes"

VALIDATION_FRACTION = 0.1  # of the training images, unless a recipe says otherwise
TEST_FRACTION = 0.2  # of a folder that has no test/
_TEST_SEED = 0  # the test part is the same for every seed
_CHUNK = 1000  # images copied at once, so that other threads run


@dataclass(frozen=True, eq=False)
class Split:
    """Images, uint8 (n, 32, 32, 3), RGB 0-255, and their labels, int32 (n,), indices into the classes."""

    images: NDArray[np.uint8]
    labels: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, eq=False)
class Dataset:
    """Images in three parts; the test part is for after the training only.

    source: what it was loaded from: "cifar10", "shapes" or the folder's whole path.
    title: the same for people: "CIFAR-10", "Drawn shapes", "Folder birds".
    skipped: a sentence for each file that could not be read (folders only).
    """

    source: str
    title: str
    classes: tuple[str, ...]
    train: Split
    validation: Split
    test: Split
    skipped: tuple[str, ...] = ()


def default_source(data_dir: Path | None) -> str:
    """The source for ``load`` where nobody has chosen one; decided without reading any data.

    It is "cifar10" where that is in the cache or a place for it was named, by ``data_dir`` or CNNGUI_DATA_DIR: if the
    place turns out to be wrong, ``load`` says so instead of training on something else. Otherwise "shapes".
    """
    if cifar10.given_folder(data_dir) is not None or cifar10.find(None) is not None:
        return CIFAR10
    return SHAPES


def load(
    source: str,
    *,
    data_dir: Path | None = None,
    seed: int = 0,
    held_out: float = VALIDATION_FRACTION,
    progress: Report = no_report,
    should_stop: ShouldStop = never_stop,
) -> Dataset:
    """Load "cifar10", "shapes" or the folder of images at the path ``source``.

    ``data_dir`` is where CIFAR-10 is; without it CNNGUI_DATA_DIR, then the cache is looked at, then CIFAR-10 is
    downloaded into the cache. ``seed`` decides which of each class's training images are the validation part, whose
    share of them is ``held_out``, and the order of both parts, never the test part.
    Raises UserError where the source is unknown or cannot be had, and Stopped.
    """
    if source == CIFAR10:
        return _cifar10(data_dir, held_out, seed, progress, should_stop)
    if source == SHAPES:
        return _shapes(held_out, seed, progress, should_stop)
    folder = Path(source).expanduser()
    if not is_folder(folder):
        raise UserError(f'There is no data "{source}". Choose cifar10, shapes or a folder of images.')
    return _folder(folder, held_out, seed, progress, should_stop)


def _cifar10(data_dir: Path | None, held_out: float, seed: int, progress: Report, should_stop: ShouldStop) -> Dataset:
    place = cifar10.find(data_dir)
    if place is None:
        place = cifar10_download.download(paths.cache_dir(), progress, should_stop)
    elif place.is_file():
        place = cifar10_download.unpack(place, paths.cache_dir(), progress, should_stop)
    train_images, train_labels, test_images, test_labels = cifar10.read(place, progress, should_stop)
    train, validation = _hold_out(Split(train_images, train_labels), held_out, seed)
    return Dataset(CIFAR10, "CIFAR-10", cifar10.CLASSES, train, validation, Split(test_images, test_labels))


def _shapes(held_out: float, seed: int, progress: Report, should_stop: ShouldStop) -> Dataset:
    drawn = Split(*shapes.draw(shapes.TRAIN_PER_CLASS, shapes.TRAIN_SEED, progress, should_stop))
    train, validation = _hold_out(drawn, held_out, seed)
    test = Split(*shapes.draw(shapes.TEST_PER_CLASS, shapes.TEST_SEED, progress, should_stop))
    return Dataset(SHAPES, "Drawn shapes", shapes.CLASSES, train, validation, test)


def _folder(folder: Path, held_out: float, seed: int, progress: Report, should_stop: ShouldStop) -> Dataset:
    found = image_folder.read(folder, progress, should_stop)
    rest = Split(*found.train)
    if found.test is None:
        rest, test = _hold_out(rest, TEST_FRACTION, _TEST_SEED)
    else:
        test = Split(*found.test)
    train, validation = _hold_out(rest, held_out, seed)
    place = folder.resolve()
    return Dataset(str(place), f"Folder {place.name}", found.classes, train, validation, test, found.skipped)


def _hold_out(split: Split, fraction: float, seed: int) -> tuple[Split, Split]:
    """Split off ``fraction`` of every class, at least one image: what is left and what is held out, in random order."""
    order = np.random.default_rng(seed).permutation(len(split))
    held = np.zeros(len(split), bool)
    for label in np.unique(split.labels):
        members = order[split.labels[order] == label]
        held[members[: max(1, round(fraction * len(members)))]] = True
    return _take(split, order[~held[order]]), _take(split, order[held[order]])


def _take(split: Split, indices: NDArray[np.intp]) -> Split:
    images = np.empty((len(indices), *split.images.shape[1:]), np.uint8)
    for start in range(0, len(indices), _CHUNK):
        part = slice(start, start + _CHUNK)
        images[part] = split.images[indices[part]]
    return Split(images, split.labels[indices])
