"""Wrong labels, and pictures worth naming."""

import numpy as np
import pytest
from numpy.typing import NDArray

from cnngui.core.checks.naming import worth_naming
from cnngui.core.checks.suspects import Head, crossed_probabilities
from cnngui.core.data.groups import FOLDS, folds, numbered
from cnngui.core.errors import Stopped


def clusters(count: int, classes: int = 3, spread: float = 0.15) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Directions around one for each class, float32 (n, 16), and their labels."""
    rng = np.random.default_rng(0)
    labels = (np.arange(count) % classes).astype(np.int32)
    rows = np.eye(16)[labels] + rng.normal(0, spread, (count, 16))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32), labels


def fitted(features: NDArray[np.float32], labels: NDArray[np.int32], classes: int) -> Head:
    """As a logistic regression of a few steps does, each class's mean direction is its row of the kernel."""
    rows = [features[labels == label].sum(0) / max(1, (labels == label).sum()) for label in range(classes)]
    return np.asarray(10 * np.stack(rows, axis=1), np.float32), np.zeros(classes, np.float32)


def test_wrong_labels_come_first() -> None:
    features, labels = clusters(200)
    wrong = np.arange(0, 200, 40)
    labels[wrong] = (labels[wrong] + 1) % 3
    found = crossed_probabilities(features, labels, 3, fitted)
    sure = found[np.arange(200), labels]
    assert set(np.argsort(sure)[: len(wrong)].tolist()) == set(wrong.tolist())
    assert found.dtype == np.float32
    assert ((found >= 0) & (found <= 1)).all()


def test_nothing_is_learnt_from_the_double_of_what_is_judged() -> None:
    features, labels = clusters(60)
    features[1:12:4] = features[0]
    doubles = ((0, *range(1, 12, 4)),)
    shown = []

    def fit(learnt: NDArray[np.float32], told: NDArray[np.int32], classes: int) -> Head:
        shown.append(int((learnt == features[0]).all(1).sum()))
        return fitted(learnt, told, classes)

    crossed_probabilities(features, labels, 3, fit, doubles=doubles)
    assert sorted(shown) == [0, 4, 4, 4, 4]


def test_a_group_lies_in_one_fold_and_each_class_in_all() -> None:
    _, labels = clusters(60)
    groups = ((0, 3, 6), (1, 2))
    in_fold = folds(labels, 1000 - 7 * numbered(groups, 60))  # those of a part have the numbers of the whole
    assert all(len(set(in_fold[list(group)])) == 1 for group in groups)
    assert all(set(in_fold[labels == label]) == set(range(FOLDS)) for label in range(3))


@pytest.mark.parametrize("count", [0, 1, 2, 4])
def test_few_pictures_are_not_suspect_without_a_reason(count: int) -> None:
    features, labels = clusters(count, classes=4)
    found = crossed_probabilities(features, labels, 4, fitted)
    assert found[np.arange(count), labels].tolist() == [1] * count


def test_a_stop_ends_the_search() -> None:
    with pytest.raises(Stopped):
        crossed_probabilities(*clusters(10), 3, fitted, should_stop=lambda: True)


def test_the_least_sure_come_first() -> None:
    features = np.eye(6, dtype=np.float32)
    margin = np.array([0.9, 0.1, 0.5, 0.0, 0.7, 0.3])
    probabilities = np.stack([0.5 + margin / 2, 0.5 - margin / 2], axis=1).astype(np.float32)
    assert worth_naming(features, probabilities, 3).tolist() == [3, 1, 5]
    assert sorted(worth_naming(features, probabilities)) == list(range(6))


def test_those_that_are_alike_are_not_asked_for_twice() -> None:
    features = np.eye(4, dtype=np.float32)[[0, 0, 1, 1]]
    probabilities = np.array([[0.5, 0.5], [0.51, 0.49], [0.9, 0.1], [0.7, 0.3]], np.float32)
    assert worth_naming(features, probabilities, 2).tolist() == [0, 3]
