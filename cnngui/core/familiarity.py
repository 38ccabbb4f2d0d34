"""Whether a picture is like those that a model has learnt from, or none of its classes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

REMEMBERED = 5000  # training images, at most: 2.6 MB of 256 features
KEPT = 0.95  # the share of the validation images that is to count as known


@dataclass(frozen=True, eq=False)
class Familiarity:
    """The nearest neighbour among some training images, by the cosine of the angle between their features.

    After Sun et al., "Out-of-Distribution Detection with Deep Nearest Neighbors", 2022. Maximum softmax and energy
    told known from unknown photographs less well: see benchmarks/photographs.py.

    remembered: float16 (m, units), the training images' features, each of length 1.
    threshold: the score from which on a picture is known.
    """

    remembered: NDArray[np.float16]
    threshold: float

    @classmethod
    def fitted(cls, training: NDArray[np.float32], validation: NDArray[np.float32]) -> "Familiarity":
        """From features (n, units) of training images, and of validation images, 95 % of which shall be known."""
        remembered = _unit(training).astype(np.float16)
        scores = cls(remembered, 0.0).scores(validation)
        return cls(remembered, float(np.quantile(scores, 1 - KEPT)))

    def scores(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """How familiar pictures are: features (n, units) to float32 (n,), -1 to 1, higher is more familiar."""
        cosines: NDArray[np.float32] = _unit(features) @ self.remembered.astype(np.float32).T
        nearest: NDArray[np.float32] = cosines.max(axis=1)
        return nearest


def _unit(features: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    unit: NDArray[np.float32] = features / np.maximum(lengths, 1e-12)
    return unit
