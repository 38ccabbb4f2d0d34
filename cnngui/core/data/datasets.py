"""The data sets: CIFAR-10, drawn shapes or a folder of images, each split into train, validation and test."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnngui import paths
from cnngui.core.data import cifar10, cifar10_download, image_folder, shapes
from cnngui.core.data.division import hold_out
from cnngui.core.data.groups import Groups, numbered
from cnngui.core.data.sources import CIFAR10, SHAPES
from cnngui.core.data.stored_images import taken
from cnngui.core.errors import UserError
from cnngui.core.files import is_folder
from cnngui.core.progress import Report, ShouldStop, never_stop, no_report
from cnngui.core.recipes.parts import Validation

TEST_FRACTION = 0.2  # of a folder without test/
TEST_SEED = 0  # the test split is the same for every seed


@dataclass(frozen=True, eq=False)
class Split:
    """Images, uint8 (n, side, side, 3), RGB 0–255, and their labels, int32 (n,), indices into the classes.

    Images that are too many for the memory are a :class:`~cnngui.core.data.stored_images.StoredImages`: slices and
    lists of indices give arrays, but nothing else of an array works.
    groups: the number of each image's group of near-doubles, int32 (n,); None if there are none.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int32]
    groups: NDArray[np.int32] | None = None

    def __len__(self) -> int:
        return len(self.labels)

    def some(self, most: int) -> "Split":
        """At most so many, from the first to the last; without groups."""
        chosen = spread(len(self), most)
        return Split(np.asarray(self.images[chosen]), self.labels[chosen])


def spread(count: int, most: int) -> NDArray[np.intp]:
    """The places, at most so many of ``count``, from the first to the last."""
    return np.linspace(0, count - 1, min(count, most)).astype(np.intp)


@dataclass(frozen=True, eq=False)
class RawData:
    """All labelled images of a data set, as they are stored: not yet divided for a training.

    source: what it was loaded from: "cifar10", "shapes" or the folder's absolute path.
    title: the same for the user: "CIFAR-10", "Drawn shapes", "Folder birds".
    train, validation, test: the stored parts; None for a part that is not stored and is to be held out from ``train``.
    notes: a sentence for each kind of thing that was found and is not used (folders only).
    left_out: a sentence for each picture that could not be read (folders only).
    fingerprint: of a folder's files, to tell whether they have changed; "" otherwise.
    doubles: groups of training images that show the same, by their numbers: :func:`divide` keeps each together. None if
        they have not been looked for.
    """

    source: str
    title: str
    classes: tuple[str, ...]
    train: Split
    validation: Split | None
    test: Split | None
    notes: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    fingerprint: str = ""
    doubles: Groups | None = None


@dataclass(frozen=True, eq=False)
class Dataset:
    """A data set in three splits. The test split is only used after the training. The fields are those of RawData."""

    source: str
    title: str
    classes: tuple[str, ...]
    train: Split
    validation: Split
    test: Split
    notes: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    doubles: Groups | None = None


def default_source(data_dir: Path | None) -> str:
    """The default ``source`` for :func:`load`, chosen without reading any data.

    It is "cifar10" if that is in the cache, or if ``data_dir`` or CNNGUI_DATA_DIR names a place for it: if that place
    is wrong, :func:`load` says so instead of training on something else. Otherwise it is "shapes".
    """
    if cifar10.given_folder(data_dir) is not None or cifar10.find(None) is not None:
        return CIFAR10
    return SHAPES


def load(
    source: str,
    *,
    data_dir: Path | None = None,
    seed: int = 0,
    validation_fraction: float = Validation.fraction,
    doubles: Groups | None = None,
    side: int = image_folder.SIDE,
    progress: Report = no_report,
    should_stop: ShouldStop = never_stop,
) -> Dataset:
    """Read the data set and divide it: :func:`read`, then :func:`divide`. Raises UserError and Stopped."""
    raw = read(source, data_dir=data_dir, side=side, progress=progress, should_stop=should_stop)
    return divide(replace(raw, doubles=doubles), validation_fraction=validation_fraction, seed=seed)


def read(
    source: str,
    *,
    data_dir: Path | None = None,
    side: int = image_folder.SIDE,
    progress: Report = no_report,
    should_stop: ShouldStop = never_stop,
) -> RawData:
    """Read "cifar10", "shapes" or the folder of images at the path ``source``.

    side: to which a folder's images are scaled, in pixels; the others have 32.
    data_dir: where CIFAR-10 is. Without it, CIFAR-10 is looked for in CNNGUI_DATA_DIR, then in the cache, and
        downloaded into the cache if it is not there either.
    Raises UserError if the source is unknown or cannot be loaded, and Stopped.
    """
    if source == CIFAR10:
        return _cifar10(data_dir, progress, should_stop)
    if source == SHAPES:
        return _shapes(progress, should_stop)
    folder = paths.expanded(Path(source))
    if not is_folder(folder):
        raise UserError(f"There is no data “{source}”. Choose cifar10, shapes or a folder of images.")
    return _folder(folder, side, progress, should_stop)


def has_side(raw: RawData, side: int) -> bool:
    """Whether the data is as :func:`read` gives it for this side."""
    return raw.source in (CIFAR10, SHAPES) or raw.train.images.shape[1] == side


def resolved(source: str) -> str:
    """The source as ``RawData`` has it: a folder by its absolute path."""
    return source if source in (CIFAR10, SHAPES) else str(paths.expanded(Path(source)).resolve())


def title(source: str) -> str:
    """The data's title, as ``RawData`` has it, without reading any data."""
    fixed = {CIFAR10: "CIFAR-10", SHAPES: "Drawn shapes"}
    return fixed[source] if source in fixed else f"Folder {paths.expanded(Path(source)).resolve().name}"


def is_current(raw: RawData, should_stop: ShouldStop = never_stop) -> bool:
    """Whether the files that ``raw`` was read from are still the same. Raises Stopped."""
    if not raw.fingerprint:
        return True
    try:
        return image_folder.fingerprint(image_folder.listing(Path(raw.source), should_stop)) == raw.fingerprint
    except UserError:
        return False


def divide(raw: RawData, *, validation_fraction: float, seed: int) -> Dataset:
    """Divide the data into train, validation and test, and shuffle the first two.

    seed: decides which training images are held out for validation, and the order of both splits. The test split does
        not depend on it.
    validation_fraction: the fraction of each class's training images that is held out, 0 < f ≤ 0.5; ignored if the data
        has a validation part.
    """
    rest, test = replace(raw.train, groups=groups_of(raw)), raw.test
    if test is None:
        kept, held = hold_out(rest.labels, TEST_FRACTION, TEST_SEED, rest.groups)
        rest, test = _take(rest, kept), _take(rest, held)
    if raw.validation is None:
        kept, held = hold_out(rest.labels, validation_fraction, seed, rest.groups)
        train, validation = _take(rest, kept), _take(rest, held)
    else:
        train, validation = (_shuffled(split, seed) for split in (rest, raw.validation))
    return Dataset(raw.source, raw.title, raw.classes, train, validation, test, raw.notes, raw.left_out, raw.doubles)


def groups_of(raw: RawData) -> NDArray[np.int32] | None:
    """The number of each training image's group of near-doubles, int32 (n,); None if there are no groups."""
    return numbered(raw.doubles, len(raw.train)) if raw.doubles else None


def _cifar10(data_dir: Path | None, progress: Report, should_stop: ShouldStop) -> RawData:
    place = cifar10.find(data_dir)
    if place is None:
        place = cifar10_download.download(paths.cache_dir(), progress, should_stop)
    elif place.is_file():
        place = cifar10_download.unpack(place, paths.cache_dir(), progress, should_stop)
    train_images, train_labels, test_images, test_labels = cifar10.read(place, progress, should_stop)
    train, test = Split(train_images, train_labels), Split(test_images, test_labels)
    return RawData(CIFAR10, "CIFAR-10", cifar10.CLASSES, train, None, test)


def _shapes(progress: Report, should_stop: ShouldStop) -> RawData:
    train = Split(*shapes.draw(shapes.TRAIN_PER_CLASS, shapes.TRAIN_SEED, progress, should_stop))
    test = Split(*shapes.draw(shapes.TEST_PER_CLASS, shapes.TEST_SEED, progress, should_stop))
    return RawData(SHAPES, "Drawn shapes", shapes.CLASSES, train, None, test)


def _folder(folder: Path, side: int, progress: Report, should_stop: ShouldStop) -> RawData:
    found = image_folder.read(folder, progress, should_stop, side=side)
    place = folder.resolve()
    return RawData(
        source=str(place),
        title=f"Folder {place.name}",
        classes=found.classes,
        train=Split(*found.train),
        validation=None if found.validation is None else Split(*found.validation),
        test=None if found.test is None else Split(*found.test),
        notes=found.notes,
        left_out=found.left_out,
        fingerprint=found.fingerprint,
    )


def _shuffled(split: Split, seed: int) -> Split:
    return _take(split, np.random.default_rng(seed).permutation(len(split)))


def _take(split: Split, indices: NDArray[np.intp]) -> Split:
    groups = None if split.groups is None else split.groups[indices]
    return Split(taken(split.images, indices), split.labels[indices], groups)
