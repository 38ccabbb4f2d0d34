"""How good a model is."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cnngui.core import memory
from cnngui.core.answers.classifier import Classifier
from cnngui.core.data.datasets import Dataset
from cnngui.core.data.labelled_pictures import LabelledPictures
from cnngui.core.errors import Stopped, UserError
from cnngui.core.models.score import Score
from cnngui.core.models.trained_on import are_among
from cnngui.core.pictures.images import load_pixels, resized
from cnngui.core.progress import Progress, Report, ShouldStop, never_stop, no_report
from cnngui.core.sentences import some_of

MOST_NAMED = 10  # classes in a sentence
BINS = 15  # of the calibration error, as in Guo et al.


Labelled = tuple[NDArray[np.uint8], NDArray[np.integer]]
"""Images of the model's size, uint8 (n, height, width, 3), and their labels, indices into the model's classes."""


@dataclass(frozen=True)
class Bin:
    """The images whose most likely class has a probability within a certain range.

    images: their number. confidence: the mean of that probability. right: their accuracy.
    """

    images: int
    confidence: float
    right: float


@dataclass(frozen=True)
class Evaluation:
    """A model's results on labelled images.

    images: their number. accuracy: 0–1. loss: mean cross-entropy, in nats.
    ece: expected calibration error, 0–1; see :func:`calibration_error`.
    per_class: the accuracy for each of the data's classes.
    confusion: the number of images by true class (rows, in the order of per_class) and predicted class (columns, in the
        order of the model's classes).
    trained_on: how many of the images the model was trained on, as far as that is known.
    """

    images: int
    accuracy: float
    loss: float
    ece: float
    per_class: dict[str, float]
    confusion: tuple[tuple[int, ...], ...]
    trained_on: int = 0

    @property
    def score(self) -> Score:
        """The accuracy, in numbers."""
        most_frequent = max(sum(row) for row in self.confusion)
        return Score(self.accuracy, self.images, most_frequent if most_frequent < self.images else None)


NO_MEMORY = "There is not enough memory for the evaluation. Close other programs, or choose a smaller model."


@memory.told(lambda: NO_MEMORY)
def evaluate(
    classifier: Classifier, dataset: Dataset, *, progress: Report = no_report, should_stop: ShouldStop = never_stop
) -> Evaluation:
    """Evaluate the classifier on all test images of the data set, resized if it takes images of another size.

    Raises UserError if the data has a class that the model does not know, and Stopped.
    """
    return evaluate_with_answers(classifier, dataset, progress=progress, should_stop=should_stop)[0]


def evaluate_with_answers(
    classifier: Classifier, dataset: Dataset, *, progress: Report = no_report, should_stop: ShouldStop = never_stop
) -> tuple[Evaluation, NDArray[np.float32]]:
    """As :func:`evaluate`, with the probabilities of all test images, (n, classes of the model)."""
    split = dataset.test
    label_of = labels_of_model(classifier, dataset.classes)
    labels = np.array(label_of)[split.labels]

    def chunks() -> Iterator[Labelled]:
        step = classifier.images_per_call
        for start in range(0, len(split), step):
            if should_stop():
                raise Stopped
            progress(Progress("Evaluating on the test images", start, len(split)))
            part = slice(start, start + step)
            yield resized(split.images[part], classifier.image_size), labels[part]

    return _evaluated(classifier, chunks(), label_of)


@memory.told(lambda: NO_MEMORY)
def evaluate_pictures(
    classifier: Classifier,
    found: LabelledPictures,
    *,
    progress: Report = no_report,
    should_stop: ShouldStop = never_stop,
) -> tuple[Evaluation, tuple[str, ...]]:
    """Evaluate the classifier on labelled picture files; each is squeezed to the size that the model takes.

    Returns the evaluation and a sentence for each picture that cannot be read, which does not count.
    Raises UserError if no picture can be read, and Stopped.
    """
    left_out: list[str] = []

    def chunks() -> Iterator[Labelled]:
        for start in range(0, len(found.files), classifier.images_per_call):
            images, labels = [], []
            for path, label in found.files[start : start + classifier.images_per_call]:
                if should_stop():
                    raise Stopped
                try:
                    images.append(load_pixels(path, classifier.image_size))
                    labels.append(label)
                except UserError as error:
                    left_out.append(f"{path}: {error}")
            progress(Progress("Evaluating", start, len(found.files)))
            if images:
                yield np.stack(images), np.array(labels)

    return _evaluated(classifier, chunks())[0], tuple(left_out)


def _evaluated(
    classifier: Classifier, chunks: Iterable[Labelled], present: Sequence[int] | None = None
) -> tuple[Evaluation, NDArray[np.float32]]:
    """present: the model's labels of the data's classes, in the data's order; by default, those that occur."""
    parts = []
    trained_on = 0
    for images, labels in chunks:
        parts.append((classifier.probabilities(images), labels))
        trained_on += int(are_among(images, classifier.trained_on).sum())
    if not parts:
        raise UserError("None of the pictures can be read. Choose others.")
    probabilities, labels = (np.concatenate(part) for part in zip(*parts, strict=True))
    found = evaluation_of(probabilities, labels, classifier.card.classes, present)
    return replace(found, trained_on=trained_on), probabilities


def evaluation_of(
    probabilities: NDArray[np.float32],
    labels: NDArray[np.integer],
    classes: Sequence[str],
    present: Sequence[int] | None = None,
) -> Evaluation:
    """The results of answers, (n, classes), to at least one image. labels: (n,), indices into the model's ``classes``.

    present: the labels of the data's classes, in the data's order; by default, those that occur.
    """
    if present is None:
        present = np.unique(labels).tolist()
    predicted = probabilities.argmax(1)
    confusion = np.zeros((len(classes), len(classes)), int)
    np.add.at(confusion, (labels, predicted), 1)
    accuracies = confusion.diagonal() / np.maximum(confusion.sum(1), 1)
    return Evaluation(
        images=len(labels),
        accuracy=float(np.mean(predicted == labels)),
        loss=cross_entropy(probabilities, labels),
        ece=calibration_error(probabilities, labels),
        per_class={classes[label]: float(accuracies[label]) for label in present},
        confusion=tuple(tuple(confusion[label].tolist()) for label in present),
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
    return error_of_bins(reliability(probabilities.max(1), probabilities.argmax(1) == labels))


def error_of_bins(bins: Sequence[Bin]) -> float:
    """The expected calibration error of at least one image, 0–1."""
    return sum(part.images * abs(part.confidence - part.right) for part in bins) / sum(part.images for part in bins)


def reliability(confidence: NDArray[np.float32], right: NDArray[np.bool_]) -> list[Bin]:
    """Divide the images into bins of equal width. confidence: (n,), 0–1. right: (n,), whether each is correct."""
    bins = [bin_of(each) for each in confidence.tolist()]
    images = np.bincount(bins, minlength=BINS)
    means = [np.bincount(bins, values, BINS) / np.maximum(images, 1) for values in (confidence, right)]
    return [Bin(*row) for row in zip(images.tolist(), *(mean.tolist() for mean in means), strict=True)]


def bin_of(confidence: float) -> int:
    """The number of the bin that a confidence, 0–1, falls into; from 0."""
    return min(int(confidence * BINS), BINS - 1)


def labels_of_model(classifier: Classifier, classes: Sequence[str]) -> list[int]:
    """The data's classes as indices into the model's: the data may have fewer classes, in another order.

    Raises UserError if the data has a class that the model does not know.
    """
    known = classifier.card.classes
    unknown = [name for name in classes if name not in known]
    if unknown:
        raise UserError(
            f"The model does not know {some_of(unknown, MOST_NAMED)}. It knows {some_of(known, MOST_NAMED)}. "
            "Choose the data that it was trained on, or another model."
        )
    return [known.index(name) for name in classes]
