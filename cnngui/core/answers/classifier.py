"""From pixels to classes."""

import threading
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from cnngui.core import device, memory
from cnngui.core.data.sources import CIFAR10, SHAPES
from cnngui.core.errors import UserError
from cnngui.core.models import file as model_file
from cnngui.core.models.card import Card
from cnngui.core.models.familiarity import Familiarity
from cnngui.core.models.foreign import Adaptation
from cnngui.core.models.litert import Answer
from cnngui.core.models.pixels import Pixels
from cnngui.core.models.trained_on import Digests, are_among, read_digests

if TYPE_CHECKING:
    import keras

IMAGES_PER_CALL = 250  # at most: more images cost memory and are no faster on a CPU
NO_NUMBERS = "The model's answer is not a number. Choose another model."
PIXELS_PER_CALL = 1_000_000  # at most, except for a single image: a network's outputs grow with them


@dataclass(frozen=True)
class Classification:
    """A model's answer for a picture.

    classes: the model's classes, in its order. probabilities: theirs; each is 0–1, and their sum is 1, unless the model
        says yes or no for each class by itself.
    familiarity: cosine similarity to the nearest training image, −1 to 1, or None if the model stores no reference
        features.
    known: whether the picture is familiar enough to belong to one of the classes; true if familiarity is None.
    trained_on: whether it is one of the model's training images; false if these are unknown.
    """

    classes: tuple[str, ...]
    probabilities: tuple[float, ...]
    familiarity: float | None = None
    known: bool = True
    trained_on: bool = False

    @property
    def is_number(self) -> bool:
        """Whether the model has answered with numbers; with a stranger's, NaN may come of some pictures."""
        return bool(np.isfinite([*self.probabilities, self.familiarity or 0.0]).all())

    @property
    def top(self) -> list[tuple[str, float]]:
        """All classes with their probabilities, most likely first."""
        return sorted(zip(self.classes, self.probabilities, strict=True), key=lambda pair: -pair[1])

    @cached_property
    def label(self) -> str:
        """The most likely class, even if the picture is not known."""
        return self.classes[self.probabilities.index(self.confidence)]

    @cached_property
    def confidence(self) -> float:
        """The probability of the most likely class."""
        return max(self.probabilities)


class Classifier:
    """A trained model, ready to classify. Thread-safe.

    needs_tensorflow: whether TensorFlow computes its answers; otherwise LiteRT does.
    """

    needs_tensorflow = False

    def __init__(
        self,
        answer: Answer,
        image_size: tuple[int, int],
        card: Card,
        familiarity: Familiarity | None = None,
        images_per_call: int | None = None,
        adaptation: Adaptation | None = None,
        trained_on: Digests | None = None,
    ) -> None:
        """answer: probabilities and features of images of this (height, width).

        images_per_call: the most images that it may answer at once; None for any usual number.
        adaptation: what was done to a model that cnngui did not train, or None.
        trained_on: the sorted digests of its training images, if they are known.
        """
        self.card = card
        self.familiarity = familiarity
        self.adaptation = adaptation
        self.trained_on = np.zeros(0, np.uint64) if trained_on is None else trained_on
        self.image_size = height, width = image_size
        self.images_per_call = max(1, min(IMAGES_PER_CALL, PIXELS_PER_CALL // (height * width)))
        if images_per_call is not None:
            self.images_per_call = min(self.images_per_call, images_per_call)
        self._lock = threading.Lock()
        self.answer = answer

    @classmethod
    def of(
        cls,
        network: "keras.Model",
        card: Card,
        familiarity: Familiarity | None = None,
        images_per_call: int | None = None,
        adaptation: Adaptation | None = None,
        trained_on: Digests | None = None,
    ) -> Self:
        """The classifier that answers with TensorFlow.

        network: takes pixels (n, height, width, 3), 0–255, and returns probabilities (n, classes).
        """
        from cnngui.core.models.deployment import traced

        # The saved model is float32, which is fast everywhere. Use its training's precision where that is faster.
        trained_in = card.training.precision if card.training else "float32"
        precision = trained_in if trained_in == device.fastest_precision() else "float32"
        height, width = network.input_shape[1:3]
        answer = traced(network, precision=precision)
        made = cls(answer, (height, width), card, familiarity, images_per_call, adaptation, trained_on)
        made.needs_tensorflow = True
        return made

    @property
    def is_independent(self) -> bool:
        """Whether each class has a probability of its own: several may be true of a picture, or none."""
        return self.adaptation is not None and self.adaptation.is_independent

    @property
    def sees_whole(self) -> bool:
        """Whether it is shown each picture as a whole alone, squeezed: as the pictures that it has learnt from.

        The others have learnt from square images, which show their subjects undistorted.
        """
        training = self.card.training
        return training is not None and training.source not in ("", CIFAR10, SHAPES)

    @classmethod
    def load(cls, path: Path, pixels: Pixels | None = None) -> Self:
        """The classifier for the model at ``path``. pixels and errors as in :func:`model_file.load`.

        With a file beside the model that LiteRT opens, TensorFlow is not needed.
        """
        sentence = f"There is not enough memory to open {path.name}. Close other programs, or choose a smaller model."
        with memory.told(lambda: sentence):
            quick = None if pixels else model_file.load_quick(path)
            if quick is not None:
                return cls(*quick, trained_on=read_digests(path))
            return cls.of(*model_file.load(path, pixels), read_digests(path))

    def probabilities(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """The probabilities, float32 (n, classes), of RGB images, uint8 (n, height, width, 3). Each row sums to 1,
        unless the model says yes or no for each class by itself.

        Raises UserError if the model answers an image with something else than numbers.
        """
        found = self.look(images)[0]
        if not np.isfinite(found).all():
            raise UserError(NO_NUMBERS)
        return found

    def look(self, images: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The probabilities (n, classes) and features (n, units), both float32; images as in :meth:`probabilities`.

        A stranger's model may answer NaN.
        """
        if not len(images):
            probabilities, features = self.look(np.zeros((1, *self.image_size, 3), np.uint8))
            return probabilities[:0], features[:0]
        parts = []
        for start in range(0, len(images), self.images_per_call):
            with self._lock:
                parts.append(self.answer(images[start : start + self.images_per_call]))
        probabilities, features = (np.concatenate(part) for part in zip(*parts, strict=True))
        return probabilities, features

    def classify(self, pictures: list[NDArray[np.uint8]]) -> list[Classification]:
        """Classify pictures, each given as the views that :func:`cnngui.core.pictures.images.to_views` makes of it.

        pictures: uint8 (views, height, width, 3) each.
        Averages the logarithms of the views' probabilities. Familiarity is the average over the more familiar half of
        the views, since the others may miss the subject (benchmarks/photographs.py); averaging the features instead
        would make every picture look more familiar.
        """
        if not pictures:
            return []
        probabilities, features = self.look(np.concatenate(pictures))
        first = np.cumsum([0, *(len(views) for views in pictures[:-1])])
        counts = np.array([[len(views)] for views in pictures])
        logarithms = np.add.reduceat(np.log(np.maximum(probabilities, 1e-30)), first) / counts
        rows = (np.exp(logarithms) if self.is_independent else _summing_to_1(logarithms)).tolist()
        seen = are_among(np.stack([views[0] for views in pictures]), self.trained_on).tolist()
        scores: list[float | None] = [None] * len(rows)
        if self.familiarity is not None:
            scores = familiar_half(self.familiarity.scores(features), first).tolist()
        return [
            Classification(self.card.classes, tuple(row), score, self._knows(score), is_seen)
            for row, score, is_seen in zip(rows, scores, seen, strict=True)
        ]

    def _knows(self, score: float | None) -> bool:
        return self.familiarity is None or score is None or score >= self.familiarity.threshold


def _summing_to_1(logarithms: NDArray[np.floating]) -> NDArray[np.floating]:
    weights = np.exp(logarithms - logarithms.max(1, keepdims=True))
    return np.asarray(weights / weights.sum(1, keepdims=True))


def familiar_half(scores: NDArray[np.float32], first: NDArray[np.intp]) -> NDArray[np.float32]:
    """The mean score of the more familiar half of each picture's views, rounded up: two of three, one of one.

    scores: float32 (views of all pictures,). first: the index of each picture's first view.
    Returns float32 (pictures,).
    """
    if len(first) == len(scores):
        return scores
    counts = np.diff(first, append=len(scores))
    picture = np.repeat(np.arange(len(first)), counts)
    ranked = scores[np.lexsort((-scores, picture))]
    half = (counts + 1) // 2
    counted = np.arange(len(scores)) - first[picture] < half[picture]
    return np.asarray(np.add.reduceat(np.where(counted, ranked, 0), first) / half, np.float32)
