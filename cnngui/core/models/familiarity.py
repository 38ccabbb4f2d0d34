"""Whether a picture resembles the training images or is out of distribution: none of the classes."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

REMEMBERED = 5000  # training images, at most: 6.4 MB with 640 features each
AT_ONCE = 1000  # rows whose similarities are in memory together: 20 MB with 5,000 training images
KEPT = 0.95  # fraction of the validation images that count as known


@dataclass(frozen=True, eq=False)
class Familiarity:
    """An out-of-distribution score: the similarity of a picture to the nearest of some training images.

    Source: Sun et al., "Out-of-Distribution Detection with Deep Nearest Neighbors", 2022. Here the features come from
    two depths of the network. Together they separate known from unknown photographs better than either alone, and
    better than maximum softmax or energy (benchmarks/photographs.py).

    remembered: float16 (m, units), the directions of training images; see :func:`directions`.
    split: the index of the first feature of the second depth.
    threshold: the lowest score of a known picture.
    """

    remembered: NDArray[np.float16]
    split: int
    threshold: float

    @classmethod
    def fitted(cls, training: NDArray[np.float32], validation: NDArray[np.float32], split: int) -> "Familiarity":
        """From features (n, units) of training and validation images; at least 95 % of the latter will be known."""
        remembered = directions(training, split).astype(np.float16)
        scores = cls(remembered, split, 0.0).scores(validation)
        return cls(remembered, split, float(np.quantile(scores, 1 - KEPT, method="lower")))

    def scores(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """The cosine similarity of features (n, units) to the nearest training image: float32 (n,), −1 to 1."""
        parts = [
            self.similarities(features[start : start + AT_ONCE]).max(1) for start in range(0, len(features), AT_ONCE)
        ]
        return np.concatenate(parts) if parts else np.empty(0, np.float32)

    def similarities(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """The cosine similarities of features (n, units) to all m training images: float32 (n, m), −1 to 1."""
        return np.asarray(directions(features, self.split) @ self._columns, np.float32)

    @cached_property
    def _columns(self) -> NDArray[np.float32]:
        return np.ascontiguousarray(self.remembered.T, np.float32)


def directions(features: NDArray[np.float32], split: int) -> NDArray[np.float32]:
    """Features (n, units) scaled to length 1, with both parts of equal length: float32 (n, units)."""
    parts = np.split(features, [split], axis=1)
    units = [part / np.maximum(np.linalg.norm(part, axis=1, keepdims=True), 1e-12) for part in parts if part.shape[1]]
    return np.asarray(np.concatenate(units, axis=1) / np.sqrt(len(units)), np.float32)
