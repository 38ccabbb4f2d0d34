"""The last layer alone: logistic regression on the features of a network that does not change.

This module imports TensorFlow: import it inside functions only.
"""

from collections.abc import Iterator
from itertools import islice

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from cnngui.core.models.familiarity import directions

C = 100.0  # scikit-learn's inverse strength of the regularisation; robust from five images a class on
STEPS = 1000  # then the accuracy equals that of scikit-learn's solver
STEPS_AT_ONCE = 20
FOLDS, CROSSED_STEPS = 5, 200  # of a cross-validation: with more steps, its probabilities are hardly better

Head = tuple[NDArray[np.float32], NDArray[np.float32]]
"""The last layer: its kernel, float32 (units, classes), and its bias, float32 (classes,)."""


def fit_head(features: NDArray[np.float32], labels: NDArray[np.integer], classes: int, steps: int = STEPS) -> Head:
    """The layer that names the classes best. features: float32 (n, units), rows of length 1. labels: (n,)."""
    *_, last = islice(heads(features, labels, classes), steps // STEPS_AT_ONCE)
    return last


def heads(features: NDArray[np.float32], labels: NDArray[np.integer], classes: int) -> Iterator[Head]:
    """The layer after every 20 steps of what :func:`fit_head` does, without an end.

    Logistic regression with the gradients of all images, by Nesterov's method.
    Source: Nesterov, "A method of solving a convex programming problem with convergence rate O(1/k²)", 1983.
    """
    with tf.device("CPU"):  # small, and NumPy's own threads would slow TensorFlow down afterwards
        rows = tf.constant(np.concatenate([features, np.ones((len(features), 1), np.float32)], axis=1))
        targets = tf.constant(np.eye(classes, dtype=np.float32)[labels])
        decay = 1 / (C * len(features))
        # Of a softmax's second derivative, no eigenvalue is above 1/2; of rows of length √2, none is above 2.
        settings = tf.constant(1 / (1 + decay)), tf.constant(decay)
        at = before = tf.zeros((rows.shape[1], classes))
        momentum = tf.constant(1.0)
        while True:
            at, before, momentum = _descend(rows, targets, at, before, momentum, *settings)
            values = at.numpy()
            yield values[:-1], values[-1]


def unit_rows(features: NDArray[np.float32], split: int) -> NDArray[np.float32]:
    """Features (..., units) as the head takes them: see :func:`cnngui.core.models.familiarity.directions`."""
    return directions(features.reshape(-1, features.shape[-1]), split).reshape(features.shape)


def crossed_logits(features: NDArray[np.float32], labels: NDArray[np.integer], classes: int) -> NDArray[np.float32]:
    """Logits (views, n, classes) of each image by a head that has not learnt from it: cross-validation.

    features: float32 (views, n, units), rows of length 1. labels: (n,).
    """
    fold = np.empty(len(labels), np.int64)
    for label in np.unique(labels):  # each class is spread over all folds
        members = np.flatnonzero(labels == label)
        fold[members] = (np.arange(len(members)) + label) % FOLDS
    logits = np.zeros((*features.shape[:2], classes), np.float32)
    for held in range(FOLDS):
        rest = fold != held
        if rest.all():
            continue
        rows, targets = np.concatenate(features[:, rest]), np.tile(labels[rest], len(features))
        kernel, bias = fit_head(rows, targets, classes, CROSSED_STEPS)
        logits[:, ~rest] = features[:, ~rest] @ kernel + bias
    return logits


@tf.function(autograph=False, reduce_retracing=True)  # type: ignore[untyped-decorator]
def _descend(
    rows: tf.Tensor,
    targets: tf.Tensor,
    at: tf.Tensor,
    before: tf.Tensor,
    momentum: tf.Tensor,
    rate: tf.Tensor,
    decay: tf.Tensor,
) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """Twenty steps. momentum: of the next one, as Nesterov counts it."""
    count = tf.cast(tf.shape(rows)[0], tf.float32)
    for _ in range(STEPS_AT_ONCE):
        following = (1 + tf.sqrt(1 + 4 * momentum**2)) / 2
        ahead = at + (momentum - 1) / following * (at - before)
        errors = tf.nn.softmax(rows @ ahead) - targets
        kernel, bias = ahead[:-1], ahead[-1:]
        gradient = tf.linalg.matmul(rows, errors, transpose_a=True) / count
        gradient += decay * tf.concat([kernel, tf.zeros_like(bias)], 0)
        before, at, momentum = at, ahead - rate * gradient, following
    return at, before, momentum
