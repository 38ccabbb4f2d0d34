"""The pictures by which an export is calibrated and proved."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnngui.core.answers.classifier import Classifier
from cnngui.core.answers.evaluation import labels_of_model
from cnngui.core.data import datasets, labelled_pictures, shapes, test_part
from cnngui.core.data.datasets import Dataset, spread
from cnngui.core.data.sources import CIFAR10, SHAPES
from cnngui.core.errors import Stopped, UserError
from cnngui.core.models.card import TrainingRecord
from cnngui.core.models.samples import Samples
from cnngui.core.pictures.images import load_pixels, resized
from cnngui.core.progress import Progress, Report, ShouldStop
from cnngui.core.sentences import counted

LEAST = 500  # images that should prove an export
MOST = 1000  # so that it takes seconds, and half a point of accuracy is five images
CALIBRATION = 256  # images

Images = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Pictures:
    """Pictures of the size that the model takes.

    what: what they are, for the user: "1,000 test images of CIFAR-10".
    images: those that prove an export, uint8 (n, height, width, 3), at least one.
    labels: theirs, (n,), indices into the model's classes; None if they are unknown.
    calibration: others for calibration, uint8 (m, height, width, 3); none if the model's own pictures are not there.
    """

    what: str
    images: Images
    labels: NDArray[np.integer] | None
    calibration: Images


def find_pictures(
    classifier: Classifier,
    samples: Samples | None,
    data: str | None,
    data_dir: Path | None,
    progress: Report,
    should_stop: ShouldStop,
) -> Pictures:
    """The pictures of the model's own data set that it has not learnt from. Without it, its samples, or drawn ones.

    Its samples, too, where its folder has other classes by now.
    samples: what was kept with the model.
    data: "cifar10", "shapes" or a folder with pictures of the model's classes; None for what the model was trained on.
    data_dir: where CIFAR-10 is, as in :func:`cnngui.core.data.datasets.load`.
    Raises UserError if ``data`` cannot be read or has other classes, and Stopped.
    """
    training = classifier.card.training
    own = _source(training)
    if data is None and (training is None or test_part.missing(own, data_dir)):
        return _drawn(classifier, should_stop) if samples is None else _kept(classifier, samples)
    source = datasets.resolved(data or own)
    try:
        return _labelled(classifier, source, own, data_dir, progress, should_stop)
    except UserError:
        if data is not None or samples is None:
            raise
        return _kept(classifier, samples)  # its folder has other classes by now, or no pictures


def _labelled(
    classifier: Classifier,
    source: str,
    own: str,
    data_dir: Path | None,
    progress: Report,
    should_stop: ShouldStop,
) -> Pictures:
    """Those of the source; own: that of the model's training."""
    training = classifier.card.training
    if source in (own, CIFAR10, SHAPES):
        dataset = _dataset(source, training, classifier.image_size[0], data_dir, progress, should_stop)
        return _held_out(classifier, dataset, training if source == own else None)
    return _of_folder(classifier, Path(source), progress, should_stop)


def _source(training: TrainingRecord | None) -> str:
    """What the model was trained on; older cards name CIFAR-10 by its title alone."""
    if training is None:
        return ""
    return training.source or (CIFAR10 if training.data == datasets.title(CIFAR10) else "")


def _dataset(
    source: str,
    training: TrainingRecord | None,
    side: int,
    data_dir: Path | None,
    progress: Report,
    should_stop: ShouldStop,
) -> Dataset:
    """The data set, divided as for the training."""
    if training is None:
        return datasets.load(source, data_dir=data_dir, side=side, progress=progress, should_stop=should_stop)
    return datasets.load(
        source,
        data_dir=data_dir,
        seed=training.recipe.seed,
        validation_fraction=training.recipe.validation.fraction,
        doubles=training.doubles or None,
        side=side,
        progress=progress,
        should_stop=should_stop,
    )


def _held_out(classifier: Classifier, dataset: Dataset, training: TrainingRecord | None) -> Pictures:
    """Test images; where they are few, validation images as well."""
    parts = [(dataset.test.some(MOST), "test image")]
    if len(dataset.test) < LEAST:
        parts.append((dataset.validation.some(LEAST - len(dataset.test)), "validation image"))
    what = " and ".join(counted(len(part), name) for part, name in parts if len(part)) + f" of {dataset.title}"
    counts = {"training": len(dataset.train), "validation": len(dataset.validation), "test": len(dataset.test)}
    if training is not None and counts != training.images:
        what += ", which has changed since the training"
    size, label_of = classifier.image_size, np.array(labels_of_model(classifier, dataset.classes))
    return Pictures(
        what,
        np.concatenate([resized(part.images, size) for part, _ in parts]),
        label_of[np.concatenate([part.labels for part, _ in parts])],
        resized(dataset.validation.some(CALIBRATION).images, size),
    )


def _of_folder(classifier: Classifier, folder: Path, progress: Report, should_stop: ShouldStop) -> Pictures:
    """Labelled pictures: each fourth one calibrates, the others prove."""
    found = labelled_pictures.find(folder, classifier.card.classes, should_stop).files
    files = [found[place] for place in spread(len(found), MOST + CALIBRATION)]
    readable = _read(files, classifier.image_size, progress, should_stop)
    calibrates = np.arange(len(readable)) % 4 == 3
    images, labels = np.stack([image for image, _ in readable]), np.array([label for _, label in readable])
    what = f"{counted(int((~calibrates).sum()), 'picture')} in the folder {folder.name}"
    return Pictures(what, images[~calibrates], labels[~calibrates], images[calibrates])


def _read(
    files: Sequence[tuple[Path, int]], size: tuple[int, int], progress: Report, should_stop: ShouldStop
) -> list[tuple[Images, int]]:
    readable = []
    for number, (path, label) in enumerate(files):
        if should_stop():
            raise Stopped
        progress(Progress("Reading pictures", number, len(files)))
        try:
            readable.append((load_pixels(path, size), label))
        except UserError:
            continue
    if not readable:
        raise UserError("None of the pictures can be read. Choose others.")
    return readable


def _kept(classifier: Classifier, samples: Samples) -> Pictures:
    """Each third one calibrates, the others prove."""
    calibrates = np.arange(len(samples.labels)) % 3 == 2
    validation = int((~calibrates[: samples.validation]).sum())
    parts = ((validation, "validation image"), (int((~calibrates).sum()) - validation, "training image"))
    images = resized(samples.images, classifier.image_size)
    return Pictures(
        " and ".join(counted(count, name) for count, name in parts if count) + " kept with the model",
        images[~calibrates],
        samples.labels[~calibrates],
        images[calibrates],
    )


def _drawn(classifier: Classifier, should_stop: ShouldStop) -> Pictures:
    images, _ = shapes.draw(LEAST // len(shapes.CLASSES), shapes.TEST_SEED, should_stop=should_stop)
    images = resized(images, classifier.image_size)
    what = f"{len(images):,} drawn shapes, because its own pictures are not on this computer"
    return Pictures(what, images, None, images[:0])
