"""Whether a picture is like those that a model has learnt from, or none of its classes."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import tensorflow as tf

REMEMBERED = 5000  # training images, at most: 6.4 MB of 640 features
FEW = 4  # pictures, or the views of one, that NumPy is as fast for
KEPT = 0.95  # the share of the validation images that is to count as known


@dataclass(frozen=True, eq=False)
class Familiarity:
    """How near a picture lies to its nearest neighbour among some training images.

    After Sun et al., "Out-of-Distribution Detection with Deep Nearest Neighbors", 2022, but with features of two
    depths, what a picture shows and how it looks: together they tell known from unknown photographs better than either,
    and than maximum softmax and energy (benchmarks/photographs.py).

    remembered: float16 (m, units), of training images, as :func:`directions` makes them.
    split: where in the features the second depth begins.
    threshold: the score from which on a picture is known.
    """

    remembered: NDArray[np.float16]
    split: int
    threshold: float

    @classmethod
    def fitted(cls, training: NDArray[np.float32], validation: NDArray[np.float32], split: int) -> "Familiarity":
        """From features (n, units) of training and of validation images; at least 95 % of the latter shall be known."""
        remembered = directions(training, split).astype(np.float16)
        scores = cls(remembered, split, 0.0).scores(validation)
        return cls(remembered, split, float(np.quantile(scores, 1 - KEPT, method="lower")))

    def scores(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """How familiar pictures are: features (n, units) to float32 (n,), -1 to 1, higher is more familiar.

        It is the cosine of the angle to the nearest of the remembered images.
        """
        return np.asarray(self.likeness(features).max(1))

    def likeness(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """The cosines, -1 to 1, of features (n, units) with those of the remembered images: float32 (n, m)."""
        rows = directions(features, self.split)
        if len(rows) <= FEW:
            return np.asarray(rows @ self._columns, np.float32)
        import tensorflow as tf

        # Of many, NumPy would use threads of its own, which spin afterwards and hold up TensorFlow's next answers.
        with tf.device("CPU"):  # whose products are exact
            return np.asarray(tf.linalg.matmul(rows, self._tensor), np.float32)

    @cached_property
    def _columns(self) -> NDArray[np.float32]:
        return np.ascontiguousarray(self.remembered.T, np.float32)

    @cached_property
    def _tensor(self) -> "tf.Tensor":
        import tensorflow as tf

        with tf.device("CPU"):
            return tf.constant(self._columns)


def directions(features: NDArray[np.float32], split: int) -> NDArray[np.float32]:
    """Features (n, units) as vectors of length 1, of which both parts are of the same length."""
    parts = np.split(features, [split], axis=1)
    units = [part / np.maximum(np.linalg.norm(part, axis=1, keepdims=True), 1e-12) for part in parts if part.size]
    return np.asarray(np.concatenate(units, axis=1) / np.sqrt(len(units)), np.float32)
