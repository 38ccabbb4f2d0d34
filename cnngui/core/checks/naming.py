"""Which pictures without a class are worth naming next."""

import numpy as np
from numpy.typing import NDArray

COUNT = 20


def worth_naming(
    features: NDArray[np.float32], probabilities: NDArray[np.float32], count: int = COUNT
) -> NDArray[np.intp]:
    """The numbers of the pictures that would teach most, first the most worthwhile: int (at most ``count``,).

    features: float32 (n, units), rows of length 1. probabilities: of the model so far, float32 (n, classes).
    Each is the one whose two likeliest classes are nearest to each other, weighted with its distance to the nearest one
    chosen before: the greedy k-centre of Sener and Savarese, "Active Learning for Convolutional Neural Networks: A
    Core-Set Approach", 2018, with the margin of Scheffer, Decomain and Wrobel, "Active Hidden Markov Models", 2001.
    """
    doubt = 1 - _margins(probabilities)
    distance = np.ones(len(features), np.float32)
    chosen: list[int] = []
    for _ in range(min(count, len(features))):
        worth = doubt * distance
        worth[chosen] = -1
        best = int(worth.argmax())
        chosen.append(best)
        distance = np.minimum(distance, np.maximum(0, 1 - features @ features[best]))
    return np.array(chosen, np.intp)


def _margins(probabilities: NDArray[np.float32]) -> NDArray[np.float32]:
    """The difference of the two highest probabilities of each row, float32 (n,); with one class, that one."""
    if probabilities.shape[1] < 2:
        return probabilities[:, 0]
    top = np.partition(probabilities, -2, axis=1)
    return top[:, -1] - top[:, -2]
