"""How good a trained model is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnngui.core.classifier import Classifier
from cnngui.core.datasets import Dataset
from cnngui.core.errors import Stopped, UserError
from cnngui.core.progress import Progress, Report, ShouldStop, never_stop, no_report

CHUNK = 500  # images between two looks at should_stop: about a third of a second


@dataclass(frozen=True)
class Evaluation:
    """images: how many were classified. accuracy: the share named right, 0–1. loss: mean cross-entropy, in nats."""

    images: int
    accuracy: float
    loss: float


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
    for start in range(0, len(split), CHUNK):
        if should_stop():
            raise Stopped
        progress(Progress("Evaluating on the test images", start, len(split)))
        parts.append(classifier.probabilities(split.images[start : start + CHUNK]))
    probabilities = np.concatenate(parts)
    of_true_class = probabilities[np.arange(len(split)), labels]
    return Evaluation(
        images=len(split),
        accuracy=float(np.mean(probabilities.argmax(1) == labels)),
        loss=float(-np.mean(np.log(np.maximum(of_true_class, 1e-7)))),  # Keras' own lower bound
    )


def _labels_of_model(classifier: Classifier, dataset: Dataset) -> NDArray[np.intp]:
    """The test labels as indices into the model's classes: the data may have fewer, or another order."""
    known = classifier.card.classes
    unknown = [name for name in dataset.classes if name not in known]
    if unknown:
        raise UserError(
            f"The model does not know {', '.join(unknown)}; it knows {', '.join(known)}. "
            "Choose the data that it was trained for, or another model."
        )
    return np.array([known.index(name) for name in dataset.classes])[dataset.test.labels]
