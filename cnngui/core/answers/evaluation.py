"""How good a trained model is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnngui.core.answers.classifier import BATCH, Classifier
from cnngui.core.data.datasets import Dataset
from cnngui.core.errors import Stopped, UserError
from cnngui.core.progress import Progress, Report, ShouldStop, never_stop, no_report

MOST_NAMED = 10  # classes in a sentence
BINS = 15  # of the calibration error, as Guo et al. have them


@dataclass(frozen=True)
class Evaluation:
    """How a model does on the test images.

    images: how many were classified. accuracy: the share named right, 0–1. loss: mean cross-entropy, in nats.
    ece: the expected calibration error, 0–1: see :func:`calibration_error`.
    per_class: the share named right of each of the data's classes.
    confusion: how many images of each class (rows, in the order of per_class) were given each of the model's classes.
    """

    images: int
    accuracy: float
    loss: float
    ece: float
    per_class: dict[str, float]
    confusion: tuple[tuple[int, ...], ...]


def evaluate(
    classifier: Classifier, dataset: Dataset, *, progress: Report = no_report, should_stop: ShouldStop = never_stop
) -> Evaluation:
    """Classify every test image of ``dataset`` as the program answers, and compare with the labels.

    Raises UserError where the data has a class that the model does not know or images of another size, and Stopped.
    """
    split = dataset.test
    labels = _labels_of_model(classifier, dataset)
    if split.images.shape[1:3] != classifier.image_size:
        raise UserError("The model takes images of another size than this data has. Choose another model.")
    parts = []
    for start in range(0, len(split), BATCH):
        if should_stop():
            raise Stopped
        progress(Progress("Evaluating on the test images", start, len(split)))
        parts.append(classifier.probabilities(split.images[start : start + BATCH]))
    probabilities = np.concatenate(parts)
    of_true_class = probabilities[np.arange(len(split)), labels]
    named = probabilities.argmax(1)
    confusion = np.zeros((len(dataset.classes), len(classifier.card.classes)), int)
    np.add.at(confusion, (split.labels, named), 1)
    right = np.bincount(split.labels, named == labels, len(dataset.classes))
    return Evaluation(
        images=len(split),
        accuracy=float(np.mean(named == labels)),
        loss=float(-np.mean(np.log(np.maximum(of_true_class, 1e-7)))),  # Keras' own lower bound
        ece=calibration_error(probabilities, labels),
        per_class=dict(zip(dataset.classes, (right / np.maximum(confusion.sum(1), 1)).tolist(), strict=True)),
        confusion=tuple(tuple(row) for row in confusion.tolist()),
    )


def calibration_error(probabilities: NDArray[np.float32], labels: NDArray[np.integer]) -> float:
    """The expected calibration error of Guo et al., "On Calibration of Modern Neural Networks", 2017, 0–1.

    probabilities: (n, classes); labels: (n,), indices into the classes. The images are sorted by the likeliest
    class's probability into 15 bins of equal width; it is the mean, over the images, of how far their bin's share of
    right answers lies from its mean probability.
    """
    confidence, right = probabilities.max(1).astype(np.float64), probabilities.argmax(1) == labels
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = np.bincount(bins, confidence, BINS) - np.bincount(bins, right, BINS)
    return float(np.abs(gaps).sum() / len(labels))


def _labels_of_model(classifier: Classifier, dataset: Dataset) -> NDArray[np.intp]:
    """The test labels as indices into the model's classes: the data may have fewer, or another order."""
    known = classifier.card.classes
    unknown = [name for name in dataset.classes if name not in known]
    if unknown:
        raise UserError(
            f"The model does not know {_some(unknown)}; it knows {_some(known)}. "
            "Choose the data that it was trained for, or another model."
        )
    return np.array([known.index(name) for name in dataset.classes])[dataset.test.labels]


def _some(names: Sequence[str]) -> str:
    """The names, if they are few."""
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")
