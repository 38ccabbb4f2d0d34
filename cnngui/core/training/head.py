"""The last layer alone: logistic regression on the features of a network that does not change.

This module imports TensorFlow: import it inside functions only.
"""

from collections.abc import Iterator
from itertools import islice

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from cnngui.core.checks.suspects import Head
from cnngui.core.data.groups import FOLDS, folds
from cnngui.core.models.familiarity import directions

C = 100.0  # scikit-learn's inverse strength of the regularisation; robust from five images a class on
STEPS = 1000  # then the accuracy equals that of scikit-learn's solver
STEPS_AT_ONCE = 20
CROSSED_STEPS = 200  # in a cross-validation: with more, its probabilities are hardly better
ROWS_AT_ONCE = 5000  # 26 MB of a backbone's features


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
        rows, targets = tf.constant(features), tf.constant(np.eye(classes, dtype=np.float32)[labels])
        decay = 1 / (C * len(features))
        # Of a softmax's second derivative, no eigenvalue is above 1/2; of rows of length √2, none is above 2.
        settings = tf.constant(1 / (1 + decay)), tf.constant(decay)
        at = before = (tf.zeros((features.shape[1], classes)), tf.zeros(classes))
        momentum = tf.constant(1.0)
        while True:
            at, before, momentum = _descend(rows, targets, at, before, momentum, *settings)
            yield at[0].numpy(), at[1].numpy()


def unit_rows(features: NDArray[np.float32], split: int) -> NDArray[np.float32]:
    """Features (views, n, units) as the head takes them: see :func:`cnngui.core.models.familiarity.directions`."""
    rows = np.empty_like(features)
    for view, of_view in zip(rows, features, strict=True):
        for start in range(0, len(view), ROWS_AT_ONCE):
            part = slice(start, start + ROWS_AT_ONCE)
            view[part] = directions(of_view[part], split)
    return rows


def crossed_logits(
    features: NDArray[np.float32], labels: NDArray[np.integer], classes: int, groups: NDArray[np.int32]
) -> NDArray[np.float32]:
    """Logits (views, n, classes) of each image by a head that has learnt neither it nor its group: cross-validation.

    features: float32 (views, n, units), rows of length 1. labels: (n,). groups: of near-doubles, (n,), as
    :func:`cnngui.core.data.groups.numbered` gives them.
    """
    fold = folds(labels, groups)
    logits = np.zeros((*features.shape[:2], classes), np.float32)
    for held in range(FOLDS):
        rest = fold != held
        if rest.all() or not rest.any():
            continue
        rows, targets = np.concatenate(features[:, rest]), np.tile(labels[rest], len(features))
        kernel, bias = fit_head(rows, targets, classes, CROSSED_STEPS)
        logits[:, ~rest] = features[:, ~rest] @ kernel + bias
    return logits


@tf.function(autograph=False, reduce_retracing=True)  # type: ignore[untyped-decorator]
def _descend(
    rows: tf.Tensor,
    targets: tf.Tensor,
    at: tuple[tf.Tensor, tf.Tensor],
    before: tuple[tf.Tensor, tf.Tensor],
    momentum: tf.Tensor,
    rate: tf.Tensor,
    decay: tf.Tensor,
) -> tuple[tuple[tf.Tensor, tf.Tensor], tuple[tf.Tensor, tf.Tensor], tf.Tensor]:
    """Twenty steps. at, before: kernel and bias now and one step ago. momentum: as Nesterov counts it.

    The rows have length √2 with the bias's 1 behind them, which is not stored.
    """
    count = tf.cast(tf.shape(rows)[0], tf.float32)
    for _ in range(STEPS_AT_ONCE):
        following = (1 + tf.sqrt(1 + 4 * momentum**2)) / 2
        share = (momentum - 1) / following
        kernel, bias = (now + share * (now - past) for now, past in zip(at, before, strict=True))
        errors = (tf.nn.softmax(rows @ kernel + bias) - targets) / count
        downhill = tf.linalg.matmul(rows, errors, transpose_a=True) + decay * kernel, tf.reduce_sum(errors, 0)
        after = kernel - rate * downhill[0], bias - rate * downhill[1]
        at, before, momentum = after, at, following
    return at, before, momentum
