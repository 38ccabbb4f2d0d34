"""From pixels to an answer."""

import threading
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cnngui.core import device
from cnngui.core.models import file as model_file
from cnngui.core.models.familiarity import Familiarity
from cnngui.core.models.file import Card

if TYPE_CHECKING:
    import keras

BATCH = 250  # images in one call, at most: more gain no speed on a processor, but cost memory
BATCH_PIXELS = 1_000_000  # in one call, at most, but for a single image: what networks put out grows with them


@dataclass(frozen=True)
class Classification:
    """An answer.

    classes: the model's, in its order. probabilities: theirs (0–1, of sum 1).
    familiarity: how like the training images the picture is, −1 to 1; None where the model cannot tell.
    known: whether it is familiar enough to be one of the classes; true where the model cannot tell.
    """

    classes: tuple[str, ...]
    probabilities: tuple[float, ...]
    familiarity: float | None = None
    known: bool = True

    @property
    def top(self) -> list[tuple[str, float]]:
        """All classes with their probabilities, the likeliest first."""
        return sorted(zip(self.classes, self.probabilities, strict=True), key=lambda pair: -pair[1])

    @cached_property
    def label(self) -> str:
        """The likeliest class, whether or not the picture is known."""
        return self.classes[self.probabilities.index(self.confidence)]

    @cached_property
    def confidence(self) -> float:
        """The likeliest class's probability."""
        return max(self.probabilities)


class Classifier:
    """A trained model, ready to answer. Any thread may call it."""

    def __init__(self, network: "keras.Model", card: Card, familiarity: Familiarity | None = None) -> None:
        """network: takes (n, height, width, 3) pixels of 0–255 and returns (n, classes) probabilities."""
        from cnngui.core.models.deployment import traced

        self.card = card
        self.familiarity = familiarity
        height, width = network.input_shape[1:3]
        self.image_size: tuple[int, int] = (height, width)
        self.batch = max(1, min(BATCH, BATCH_PIXELS // (height * width)))  # images in one call
        self._lock = threading.Lock()
        # As it was trained, where that is fast: the saved model is float32, so that it is fast everywhere.
        faster = card.precision if card.precision == device.fastest_precision() else "float32"
        self.graph = traced(network, precision=faster)

    @classmethod
    def load(cls, path: Path) -> "Classifier":
        """The classifier of the model at ``path``. Raises UserError as :func:`model_file.load` does."""
        return cls(*model_file.load(path))

    def probabilities(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """images: uint8 (n, height, width, 3), RGB. Returns float32 (n, classes), rows of sum 1."""
        return self.look(images)[0]

    def look(self, images: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The probabilities (n, classes) and what they were computed from, features (n, units); both float32."""
        if not len(images):
            probabilities, features = self.look(np.zeros((1, *self.image_size, 3), np.uint8))
            return probabilities[:0], features[:0]
        parts = []
        for start in range(0, len(images), self.batch):
            with self._lock:
                parts.append(self.graph(images[start : start + self.batch]))
        probabilities, features = (np.concatenate(part) for part in zip(*parts, strict=True))
        return probabilities, features

    def classify(self, pictures: list[NDArray[np.uint8]]) -> list[Classification]:
        """An answer for each picture, of the views of it that :func:`cnngui.core.pictures.images.to_views` gives.

        pictures: uint8 (views, height, width, 3) each. The logarithms of the views' probabilities are averaged, and the
        familiarity of the more familiar half of them, since the others may have missed the subject
        (benchmarks/photographs.py). Features averaged first would be nearer to everything than those of one view.
        """
        if not pictures:
            return []
        probabilities, features = self.look(np.concatenate(pictures))
        first = np.cumsum([0, *(len(views) for views in pictures[:-1])])
        counts = np.array([[len(views)] for views in pictures])
        logarithms = np.add.reduceat(np.log(np.maximum(probabilities, 1e-30)), first) / counts
        weights = np.exp(logarithms - logarithms.max(1, keepdims=True))
        averaged = (weights / weights.sum(1, keepdims=True)).tolist()
        if self.familiarity is None:
            return [Classification(self.card.classes, tuple(row)) for row in averaged]
        scores = of_familiar_half(self.familiarity.scores(features), first).tolist()
        threshold = self.familiarity.threshold
        return [
            Classification(self.card.classes, tuple(row), score, score >= threshold)
            for row, score in zip(averaged, scores, strict=True)
        ]


def of_familiar_half(scores: NDArray[np.float32], first: NDArray[np.intp]) -> NDArray[np.float32]:
    """The mean score of the more familiar half of each picture's views; of three it is two, of a single one its own.

    scores: (views of all pictures,). first: where each picture's views begin.
    """
    if len(first) == len(scores):
        return scores
    counts = np.diff(first, append=len(scores))
    picture = np.repeat(np.arange(len(first)), counts)
    ranked = scores[np.lexsort((-scores, picture))]
    half = (counts + 1) // 2
    counted = np.arange(len(scores)) - first[picture] < half[picture]
    return np.asarray(np.add.reduceat(np.where(counted, ranked, 0), first) / half, np.float32)
