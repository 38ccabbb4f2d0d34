"""How good a model is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnngui.core.answers.classifier import IMAGES_PER_CALL, Classifier
from cnngui.core.data.datasets import Dataset
from cnngui.core.errors import Stopped, UserError
from cnngui.core.models.score import Score
from cnngui.core.progress import Progress, Report, ShouldStop, never_stop, no_report
from cnngui.core.sentences import some_of

MOST_NAMED = 10  # classes in a sentence
BINS = 15  # of the calibration error, as in Guo et al.


@dataclass(frozen=True)
class Evaluation:
    """A model's results on the test images.

    images: their number. accuracy: 0–1. loss: mean cross-entropy, in nats.
    ece: expected calibration error, 0–1; see :func:`calibration_error`.
    per_class: the accuracy for each of the data's classes.
    confusion: the number of images by true class (rows, in the order of per_class) and predicted class (columns, in the
        order of the model's classes).
    """

    images: int
    accuracy: float
    loss: float
    ece: float
    per_class: dict[str, float]
    confusion: tuple[tuple[int, ...], ...]

    @property
    def score(self) -> Score:
        """The accuracy, in numbers."""
        return Score(self.accuracy, self.images, max(sum(row) for row in self.confusion))


def evaluate(
    classifier: Classifier, dataset: Dataset, *, progress: Report = no_report, should_stop: ShouldStop = never_stop
) -> Evaluation:
    """Evaluate the classifier on all test images of the data set.

    Raises UserError if the data has a class that the model does not know or images of another size, and Stopped.
    """
    split = dataset.test
    labels = _labels_of_model(classifier, dataset)
    if split.images.shape[1:3] != classifier.image_size:
        raise UserError("The images of this data are not of the size that the model takes. Choose another model.")
    parts = []
    for start in range(0, len(split), IMAGES_PER_CALL):
        if should_stop():
            raise Stopped
        progress(Progress("Evaluating on the test images", start, len(split)))
        parts.append(classifier.probabilities(split.images[start : start + IMAGES_PER_CALL]))
    probabilities = np.concatenate(parts)
    predicted = probabilities.argmax(1)
    confusion = np.zeros((len(dataset.classes), len(classifier.card.classes)), int)
    np.add.at(confusion, (split.labels, predicted), 1)
    correct = np.bincount(split.labels, predicted == labels, len(dataset.classes))
    return Evaluation(
        images=len(split),
        accuracy=float(np.mean(predicted == labels)),
        loss=cross_entropy(probabilities, labels),
        ece=calibration_error(probabilities, labels),
        per_class=dict(zip(dataset.classes, (correct / np.maximum(confusion.sum(1), 1)).tolist(), strict=True)),
        confusion=tuple(tuple(row) for row in confusion.tolist()),
    )


def cross_entropy(probabilities: NDArray[np.floating], labels: NDArray[np.integer]) -> float:
    """The mean cross-entropy, in nats. probabilities: (n, classes). labels: (n,), indices into the classes."""
    of_true_class = probabilities[np.arange(len(labels)), labels]
    return float(-np.mean(np.log(np.maximum(of_true_class, 1e-7))))  # Keras' own lower bound


def calibration_error(probabilities: NDArray[np.float32], labels: NDArray[np.integer]) -> float:
    """The expected calibration error, 0–1.

    probabilities: (n, classes); labels: (n,), indices into the classes.
    Images fall into 15 bins of equal width by the probability of their most likely class. The error is the difference
    between accuracy and mean probability in each bin, averaged over the images.
    Source: Guo et al., "On Calibration of Modern Neural Networks", 2017.
    """
    confidence, correct = probabilities.max(1).astype(np.float64), probabilities.argmax(1) == labels
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = np.bincount(bins, confidence, BINS) - np.bincount(bins, correct, BINS)
    return float(np.abs(gaps).sum() / len(labels))


def _labels_of_model(classifier: Classifier, dataset: Dataset) -> NDArray[np.intp]:
    """The test labels as indices into the model's classes: the data may have fewer classes, in another order."""
    known = classifier.card.classes
    unknown = [name for name in dataset.classes if name not in known]
    if unknown:
        raise UserError(
            f"The model does not know {some_of(unknown, MOST_NAMED)}. It knows {some_of(known, MOST_NAMED)}. "
            "Choose the data that it was trained on, or another model."
        )
    return np.array([known.index(name) for name in dataset.classes])[dataset.test.labels]
