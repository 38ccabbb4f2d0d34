"""Logistic regression on features, as quick as it is needed for checks."""

import numpy as np
from numpy.typing import NDArray

C = 100.0  # inverse strength of the penalty, as scikit-learn has it; robust from five pictures a class on
STEPS = (
    200  # of Nesterov's method; with 1,000, wrong labels are learnt too, and fewer are found (benchmarks/suspects.py)
)


def fit_head(
    features: NDArray[np.float32], labels: NDArray[np.int32], classes: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The kernel, float32 (units, classes), and bias, float32 (classes,), of a multinomial logistic regression.

    features: float32 (n, units), rows of length 1. labels: int32 (n,).
    Minimizes the mean cross-entropy plus |kernel|² / (2 C n) by Nesterov's accelerated gradient (1983).
    """
    rows = np.hstack([features, np.ones((len(features), 1), np.float32)])
    wanted = np.eye(classes, dtype=np.float32)[labels]
    decay = np.full((rows.shape[1], 1), 1 / (C * len(rows)), np.float32)
    decay[-1] = 0  # the bias is free
    step = np.float32(1 / (0.5 * _curvature(rows) + decay[0, 0]))
    weights = ahead = np.zeros((rows.shape[1], classes), np.float32)
    for number in range(STEPS):
        gradient = rows.T @ (softmax(rows @ ahead) - wanted) / len(rows) + decay * ahead
        before, weights = weights, ahead - step * gradient
        ahead = weights + np.float32(number / (number + 3)) * (weights - before)
    return weights[:-1], weights[-1]


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """The probabilities, float32 (n, classes)."""
    weights = np.exp(logits - logits.max(1, keepdims=True))
    return np.asarray(weights / weights.sum(1, keepdims=True), np.float32)


def _curvature(rows: NDArray[np.float32]) -> float:
    """The largest eigenvalue of the rows' second moments. Half of it bounds the curvature of the cross-entropy."""
    return float(np.linalg.eigvalsh(rows.T @ rows / len(rows))[-1])
