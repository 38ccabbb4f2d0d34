"""From pixels to an answer."""

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cnngui.core import model_file
from cnngui.core.model_file import Card

if TYPE_CHECKING:
    import keras

BATCH = 250  # images in one call: more gain no speed on a processor, but cost memory


@dataclass(frozen=True)
class Classification:
    """An answer: the classes, in the model's order, and their probabilities (0–1, of sum 1)."""

    classes: tuple[str, ...]
    probabilities: tuple[float, ...]

    @property
    def top(self) -> list[tuple[str, float]]:
        """All classes with their probabilities, the likeliest first."""
        return sorted(zip(self.classes, self.probabilities, strict=True), key=lambda pair: -pair[1])

    @property
    def label(self) -> str:
        """The likeliest class."""
        return self.top[0][0]

    @property
    def confidence(self) -> float:
        """The likeliest class's probability."""
        return self.top[0][1]


class Classifier:
    """A trained model, ready to answer. Any thread may call it."""

    def __init__(self, network: "keras.Model", card: Card) -> None:
        """network: takes (n, height, width, 3) pixels of 0–255 and returns (n, classes) probabilities."""
        import tensorflow as tf

        self.card = card
        height, width = network.input_shape[1:3]
        self.image_size: tuple[int, int] = (height, width)
        self._lock = threading.Lock()
        # One traced function answers many times sooner than a call of the model: see benchmarks/answers.py.
        images = tf.TensorSpec((None, height, width, 3), tf.uint8)
        self._call = tf.function(
            lambda images: network(tf.cast(images, tf.float32), training=False)
        ).get_concrete_function(images)

    @classmethod
    def load(cls, path: Path) -> "Classifier":
        """The classifier of the model at ``path``. Raises UserError as :func:`model_file.load` does."""
        return cls(*model_file.load(path))

    def probabilities(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """images: uint8 (n, height, width, 3), RGB. Returns float32 (n, classes), rows of sum 1."""
        import tensorflow as tf

        parts = [np.empty((0, len(self.card.classes)), np.float32)]
        for start in range(0, len(images), BATCH):
            with self._lock:
                parts.append(self._call(tf.constant(images[start : start + BATCH])).numpy())
        return np.concatenate(parts)

    def classify(self, images: NDArray[np.uint8]) -> list[Classification]:
        """An answer for each image; images as for :meth:`probabilities`."""
        rows = self.probabilities(images).tolist()
        return [Classification(self.card.classes, tuple(row)) for row in rows]
