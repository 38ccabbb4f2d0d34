"""Which labels are most likely wrong."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from cnngui.core.data.groups import FOLDS, Groups, folds, numbered
from cnngui.core.errors import Stopped
from cnngui.core.progress import Progress, Report, ShouldStop, never_stop, no_report

Head = tuple[NDArray[np.float32], NDArray[np.float32]]
"""A last layer: its kernel, float32 (units, classes), and its bias, float32 (classes,)."""

FitHead = Callable[[NDArray[np.float32], NDArray[np.int32], int], Head]
"""Learns a last layer from features, float32 (n, units), rows of length 1, labels, (n,), and the number of classes."""


def crossed_probabilities(
    features: NDArray[np.float32],
    labels: NDArray[np.int32],
    classes: int,
    fit_head: FitHead,
    *,
    doubles: Groups = (),
    progress: Report = no_report,
    should_stop: ShouldStop = never_stop,
) -> NDArray[np.float32]:
    """The probabilities of each picture from heads that have not learnt from it, float32 (n, classes): five-fold.

    One minus that of its label says how likely the label is wrong. Source: self-confidence under cross-validation, as
    in Northcutt, Jiang and Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels", 2021.

    features: float32 (n, units), rows of length 1. labels: int32 (n,). fit_head: of few steps, such as 200; with many,
    wrong labels are learnt too (benchmarks/suspects.py). doubles: groups that show the same; with one of
    them among the pictures that are learnt from, another would be sure of the same wrong label.
    A picture that is alone in its class keeps its label: there is nothing to compare it with. Raises Stopped.
    """
    found = np.eye(classes, dtype=np.float32)[labels]
    in_fold = folds(labels, numbered(doubles, len(labels)))
    alone = np.bincount(labels, minlength=classes)[labels] == 1
    for fold in range(FOLDS):
        if should_stop():
            raise Stopped
        progress(Progress("Looking for wrong labels", fold, FOLDS))
        shown = in_fold == fold
        if shown.all() or not shown.any():
            continue
        kernel, bias = fit_head(features[~shown], labels[~shown], classes)
        judged = shown & ~alone
        found[judged] = softmax(features[judged] @ kernel + bias)
    return found


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """The probabilities, float32 (n, classes), of logits."""
    weights = np.exp(logits - logits.max(1, keepdims=True))
    return np.asarray(weights / weights.sum(1, keepdims=True), np.float32)
