"""The test images of a data set one by one, each with its label, to look at them in the window."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnngui.core.data import cifar10, datasets, image_folder, shapes
from cnngui.core.data.division import hold_out
from cnngui.core.data.groups import Groups, numbered
from cnngui.core.data.layout import Files, Layout
from cnngui.core.data.sources import CIFAR10, SHAPES
from cnngui.core.errors import Stopped, UserError
from cnngui.core.files import is_folder, is_remote
from cnngui.core.pictures.decoding import Source
from cnngui.core.pictures.images import load_pixels
from cnngui.core.progress import ShouldStop, never_stop


@dataclass(frozen=True, eq=False)
class TestImage:
    """source: its file, or the bytes of one. name: for the user. label: the name of its class."""

    __test__ = False  # for pytest, which would take it for tests by its name

    source: Source
    name: str
    label: str


@dataclass(frozen=True, eq=False)
class TestPart:
    """The test images of a data set, as files, or as pixels, uint8 (n, height, width, 3).

    title: of the data set, for the names of images without files. labels: the names of their classes.
    """

    __test__ = False

    title: str
    labels: Sequence[str]
    images: Sequence[Path] | NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int) -> TestImage:
        image = self.images[index]
        if isinstance(image, Path):
            return TestImage(image, str(Path(image.parent.name) / image.name), self.labels[index])
        return TestImage(to_bmp(image), f"{self.title} test image {index}", self.labels[index])


def missing(source: str, data_dir: Path | None = None) -> str:
    """Why the data with this source, as in ``Dataset``, is not on this computer, as a sentence; "" if it is.

    data_dir: where CIFAR-10 is, as in :func:`cnngui.core.data.datasets.load`. Nothing is read or downloaded.
    """
    if source == SHAPES:
        return ""
    if source == CIFAR10:
        try:
            place = cifar10.find(data_dir)
        except UserError as error:
            return str(error)
        if place is not None and place.is_dir():
            return ""
        return "CIFAR-10 is missing. Train on it once to download it, or start cnngui with --data-dir."
    if not source:
        return "It is not known what this model was trained on."
    # A card may come from anyone, and a path like \\server\share would make Windows sign in there.
    return "" if not is_remote(source) and is_folder(Path(source)) else f"The folder {source} is not there any more."


def read(
    source: str,
    counts: Mapping[str, int],
    data_dir: Path | None = None,
    *,
    doubles: Groups = (),
    should_stop: ShouldStop = never_stop,
) -> TestPart:
    """The images that a model's training on this source left for the test.

    counts: the card's numbers of images, which tell whether a folder has changed. doubles: the card's groups of images
    that were kept together.
    Raises UserError if the data is missing, or has changed so that its test images are no longer known, and Stopped.
    """
    if problem := missing(source, data_dir):
        raise UserError(problem)
    if source == SHAPES:
        images, labels = shapes.draw(shapes.TEST_PER_CLASS, shapes.TEST_SEED, should_stop=should_stop)
        return TestPart("Drawn shapes", [shapes.CLASSES[label] for label in labels], images)
    if source == CIFAR10:
        place = cifar10.find(data_dir)
        assert place is not None  # else it is missing
        images, labels = cifar10.read_test(place, should_stop)
        return TestPart("CIFAR-10", [cifar10.CLASSES[label] for label in labels], images)
    folder = Path(source)
    layout = image_folder.layout_of(image_folder.listing(folder, should_stop))
    files = layout.test or _held_out(folder, layout, counts, doubles, should_stop)
    return TestPart(folder.name, [layout.classes[label] for _, label in files], [path for path, _ in files])


def _held_out(
    folder: Path, layout: Layout, counts: Mapping[str, int], doubles: Groups, should_stop: ShouldStop
) -> Files:
    """The files that :func:`cnngui.core.data.datasets.divide` holds out for the test: it counts readable ones only."""
    stored, validation = layout.train, layout.validation or ()
    total = sum(counts.values())
    if len(stored) + len(validation) != total:
        stored, validation = (_readable(files, should_stop) for files in (stored, validation))
    if len(stored) + len(validation) != total:
        raise UserError(
            f"The pictures in {folder} have changed since the training, so it is not known which it was tested on."
        )
    labels = np.array([label for _, label in stored], np.int32)
    groups = numbered(doubles, len(labels)) if doubles else None
    _, held = hold_out(labels, datasets.TEST_FRACTION, datasets.TEST_SEED, groups)
    return tuple(stored[index] for index in np.sort(held))


def _readable(files: Files, should_stop: ShouldStop) -> Files:
    found = []
    for path, label in files:
        if should_stop():
            raise Stopped
        try:
            load_pixels(path)
        except UserError:
            continue
        found.append((path, label))
    return tuple(found)


def to_bmp(pixels: NDArray[np.uint8]) -> bytes:
    """An RGB image, uint8 (height, width, 3), as a BMP file, which is lossless."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "BMP")
    return file.getvalue()
