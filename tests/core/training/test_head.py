from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from cnngui.core.models.familiarity import directions
from cnngui.core.training.head import STEPS, STEPS_AT_ONCE, C, crossed_logits, fit_head, heads, unit_rows


def task(images: int, classes: int, seed: int = 0, units: int = 12) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Rows of unit length around a centre for each class, so near to each other that they overlap; every class."""
    rng = np.random.default_rng(seed)
    labels = (np.arange(images) % classes).astype(np.int32)
    rows = rng.normal(size=(classes, units))[labels] + rng.normal(size=(images, units))
    return directions(rows.astype(np.float32), units), labels


def loss_and_gradient(
    rows: NDArray[np.float32], labels: NDArray[np.int32], kernel: NDArray[np.floating], bias: NDArray[np.floating]
) -> tuple[float, NDArray[np.float64]]:
    """scikit-learn's: the mean cross-entropy, and 1 / 2Cn times the sum of the kernel's squares, in float64."""
    logits = rows.astype(np.float64) @ kernel.astype(np.float64) + bias
    logits -= logits.max(1, keepdims=True)
    probabilities = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    decay = 1 / (C * len(rows))
    loss = -np.log(probabilities[np.arange(len(rows)), labels]).mean() + decay / 2 * (kernel.astype(float) ** 2).sum()
    errors = (probabilities - np.eye(len(bias))[labels]) / len(rows)
    return float(loss), np.concatenate([rows.T @ errors + decay * kernel, errors.sum(0, keepdims=True)])


@pytest.mark.parametrize(("images", "classes"), [(10, 2), (60, 3), (400, 10)])
def test_the_head_is_the_optimum(images: int, classes: int) -> None:
    """The loss is convex, so a gradient of zero says so. At zero weights, its norm is some tenths."""
    rows, labels = task(images, classes)
    kernel, bias = fit_head(rows, labels, classes)
    assert {str(each.dtype) for each in (kernel, bias)} == {"float32"}
    loss, gradient = loss_and_gradient(rows, labels, kernel, bias)
    start, steep = loss_and_gradient(rows, labels, np.zeros_like(kernel), np.zeros_like(bias))
    assert np.linalg.norm(gradient) < 2e-3 * np.linalg.norm(steep)
    assert loss < start
    rng = np.random.default_rng(0)
    for _ in range(20):  # no head nearby is better
        moved = kernel + rng.normal(0, 0.3, kernel.shape), bias + rng.normal(0, 0.3, bias.shape)
        assert loss_and_gradient(rows, labels, *moved)[0] > loss


def test_each_yield_is_twenty_steps_nearer() -> None:
    rows, labels = task(200, 4)
    losses = [loss_and_gradient(rows, labels, *head)[0] for head in islice(heads(rows, labels, 4), 10)]
    assert losses == sorted(losses, reverse=True)
    again = fit_head(rows, labels, 4, 10 * STEPS_AT_ONCE)
    assert loss_and_gradient(rows, labels, *again)[0] == losses[-1]
    assert STEPS % STEPS_AT_ONCE == 0


def test_a_class_without_images_is_never_the_answer() -> None:
    rows, labels = task(40, 2)
    kernel, bias = fit_head(rows, labels, 3)
    assert ((rows @ kernel + bias).argmax(1) < 2).all()


def test_the_order_of_the_images_does_not_matter() -> None:
    rows, labels = task(90, 3)
    order = np.random.default_rng(0).permutation(len(rows))
    for one, other in zip(fit_head(rows, labels, 3), fit_head(rows[order], labels[order], 3), strict=True):
        np.testing.assert_allclose(one, other, atol=0.02)


@pytest.mark.parametrize("split", [4, 12])
def test_rows_of_unit_length(split: int) -> None:
    features = np.random.default_rng(0).normal(size=(2, 5, 12)).astype(np.float32) * 7
    rows = unit_rows(features, split)
    assert rows.shape == features.shape
    np.testing.assert_allclose(np.linalg.norm(rows, axis=2), 1, rtol=1e-5)
    np.testing.assert_allclose(directions(features[1], split), rows[1], rtol=1e-6)
    if split < 12:
        np.testing.assert_allclose(np.linalg.norm(rows[..., :split], axis=2), np.sqrt(0.5), rtol=1e-5)


@settings(max_examples=8)
@given(st.integers(6, 40), st.integers(2, 4), st.integers(1, 2), st.integers(0, 99))
def test_no_image_is_answered_by_a_head_that_has_learnt_from_it(
    images: int, classes: int, views: int, seed: int
) -> None:
    """So an image's logits are a linear function of its own features, in any of its views."""
    rows, labels = task(images, classes, seed)
    place = seed % images

    def logits(own: NDArray[np.float32]) -> NDArray[np.float32]:
        changed = rows.copy()
        changed[place] = own
        return crossed_logits(np.stack([changed] * views), labels, classes, np.arange(images, dtype=np.int32))[:, place]

    one, other = rows[place], -rows[(place + 1) % images]
    assert logits(one).shape == (views, classes)
    assert logits(one).any()
    np.testing.assert_allclose(logits((one + other) / 2), (logits(one) + logits(other)) / 2, atol=1e-3)


def test_labels_by_chance_cannot_be_guessed() -> None:
    """A head that has learnt from its own images would name most of them; another one is right by chance."""
    rng = np.random.default_rng(0)
    rows = directions(rng.normal(size=(120, 200)).astype(np.float32), 200)
    labels = rng.integers(0, 2, 120).astype(np.int32)
    crossed = crossed_logits(rows[None], labels, 2, np.arange(120, dtype=np.int32))[0]
    assert (crossed.argmax(1) == labels).mean() < 0.65
    kernel, bias = fit_head(rows, labels, 2)
    assert ((rows @ kernel + bias).argmax(1) == labels).mean() > 0.95


def test_a_double_does_not_tell_the_label_of_the_other() -> None:
    """Labels by chance, each on two pictures that are the same: a head that had learnt one would know the other."""
    rng = np.random.default_rng(0)
    rows = np.repeat(directions(rng.normal(size=(60, 200)).astype(np.float32), 200), 2, axis=0)
    labels, pairs = np.repeat(rng.integers(0, 2, 60), 2).astype(np.int32), np.repeat(np.arange(60, dtype=np.int32), 2)
    apart, together = (
        crossed_logits(rows[None], labels, 2, groups)[0] for groups in (np.arange(120, dtype=np.int32), pairs)
    )
    assert (apart.argmax(1) == labels).mean() > 0.8
    assert (together.argmax(1) == labels).mean() < 0.65


def test_a_single_image_in_each_class() -> None:
    rows, labels = task(2, 2)
    assert np.isfinite(crossed_logits(rows[None], labels, 2, np.arange(2, dtype=np.int32))).all()
