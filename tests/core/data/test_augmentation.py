from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from cnngui.core.data import augmentation

Change = Callable[[NDArray[np.uint8], np.random.Generator], NDArray[np.uint8]]
CHANGES: list[Change] = [
    lambda images, rng: augmentation.zoom(images, 0.35, rng),
    lambda images, rng: augmentation.rotate(images, 20, rng),
    lambda images, rng: augmentation.colour_jitter(images, 0.2, rng),
    lambda images, rng: augmentation.cutout(images, 0.25, rng),
    lambda images, rng: augmentation.on_half(lambda some: augmentation.zoom(some, 0.35, rng), images, rng),
]


def gradients(count: int = 40, side: int = 32) -> NDArray[np.uint8]:
    """Red grows to the right, green downwards, blue is 120."""
    ramp = np.linspace(0, 255, side)
    image = np.stack([np.tile(ramp, (side, 1)), np.tile(ramp[:, None], (1, side)), np.full((side, side), 120)], -1)
    return np.repeat(image[None].astype(np.uint8), count, 0)


@pytest.mark.parametrize("change", CHANGES)
def test_the_generator_alone_decides_and_the_input_is_not_changed(change: Change) -> None:
    images = gradients()
    before = images.copy()
    first, again, other = (change(images, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert (first.shape, first.dtype) == (images.shape, images.dtype)
    np.testing.assert_array_equal(images, before)
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    assert not np.array_equal(first, images)


@pytest.mark.parametrize("change", CHANGES)
def test_no_images(change: Change) -> None:
    assert change(gradients(0), np.random.default_rng(0)).shape == (0, 32, 32, 3)


def test_zoom_shows_a_part_or_a_little_more() -> None:
    images = gradients(200)
    zoomed = augmentation.zoom(images, 0.35, np.random.default_rng(0)).astype(float)
    step = 255 / 31
    # Away from the edges, red still grows to the right and green downwards, in proportion to the visible part.
    across = np.diff(zoomed[:, 16, 8:24, 0], axis=1).mean(1) / step
    down = np.diff(zoomed[:, 8:24, 16, 1], axis=1).mean(1) / step
    smallest, largest = (
        bound * np.exp(sign * 0.35 * augmentation.STRETCH) for bound, sign in zip((0.65, 1.35), (-1, 1), strict=True)
    )
    for scale in (across, down):
        assert smallest * 0.95 < scale.min() < 0.7
        assert 1.2 < scale.max() < min(largest, 44 / 32) * 1.05
    assert np.abs(np.log(across / down)).max() < 2 * 0.35 * augmentation.STRETCH * 1.2
    assert np.all(zoomed[..., 2] == 120)


@given(
    height=st.integers(8, 40),
    width=st.integers(8, 40),
    strength=st.floats(0, 1),
    seed=st.integers(0, 50),
)
def test_images_of_any_size(height: int, width: int, strength: float, seed: int) -> None:
    images = np.full((3, height, width, 3), 77, np.uint8)
    rng = np.random.default_rng(seed)
    # A flat image is flat at any scale and angle: nothing comes from outside of it.
    np.testing.assert_array_equal(augmentation.zoom(images, 0.9 * strength, rng), images)
    np.testing.assert_array_equal(augmentation.rotate(images, 180 * strength, rng), images)
    assert augmentation.colour_jitter(images, strength, rng).shape == images.shape
    assert augmentation.cutout(images, 0.9 * strength, rng).shape == images.shape


def test_rotate_turns_about_the_centre() -> None:
    images = gradients(200)
    turned = augmentation.rotate(images, 30, np.random.default_rng(0)).astype(float)
    step = 255 / 31
    # At the centre, the direction in which red grows says by how much an image is turned.
    across = (turned[:, 16, 20, 0] - turned[:, 16, 12, 0]) / 8 / step
    down = (turned[:, 20, 16, 0] - turned[:, 12, 16, 0]) / 8 / step
    angles = np.degrees(np.arctan2(down, across))
    assert -31 < angles.min() < -20
    assert 20 < angles.max() < 31
    np.testing.assert_allclose(np.hypot(across, down), 1, atol=0.1)
    assert np.abs(turned[:, 15:17, 15:17, 0].mean((1, 2)) - 127.5).max() < 3


def test_colour_jitter_keeps_the_picture() -> None:
    images = gradients()
    jittered = augmentation.colour_jitter(images, 0.2, np.random.default_rng(0)).astype(float)
    assert np.all(np.diff(jittered[..., 0], axis=2) >= 0)
    brightness = jittered.mean((1, 2, 3)) - images.mean()
    assert 5 < np.abs(brightness).max() < 60


def test_cutout_paints_one_square() -> None:
    images = gradients()
    changed = np.any(augmentation.cutout(images, 0.25, np.random.default_rng(0)) != images, axis=-1)
    corners = set()
    for mask in changed:
        rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
        assert mask.sum() == len(rows) * len(columns) == 64
        corners.add((rows[0], columns[0]))
    assert len(corners) > 30


def test_on_half_changes_about_half_of_the_images() -> None:
    images = gradients(200)
    result = augmentation.on_half(np.zeros_like, images, np.random.default_rng(0))
    changed = (result == 0).all((1, 2, 3))
    assert 70 < changed.sum() < 130
    np.testing.assert_array_equal(result[~changed], images[~changed])


@given(count=st.integers(0, 3), height=st.integers(8, 40), width=st.integers(8, 40), seed=st.integers(0, 50))
def test_cutmix_of_images_of_any_size(count: int, height: int, width: int, seed: int) -> None:
    images = np.arange(count, dtype=np.uint8)[:, None, None, None] * np.ones((1, height, width, 3), np.uint8)
    labels = np.eye(count, dtype=np.float32)
    mixed, shares = augmentation.cutmix(images, labels, np.random.default_rng(seed))
    assert mixed.shape == images.shape
    np.testing.assert_array_equal(labels, np.eye(count))
    for image, share in zip(mixed, shares, strict=True):
        seen = np.bincount(image[..., 0].ravel(), minlength=count) / (height * width)
        np.testing.assert_allclose(share, seen, atol=1e-6)


def test_cutmix_labels_by_area() -> None:
    count = 200
    values = np.arange(count, dtype=np.uint8)
    images = np.repeat(values, 32 * 32 * 3).reshape(count, 32, 32, 3)
    labels = np.eye(count, dtype=np.float32)
    mixed, shares = augmentation.cutmix(images, labels, np.random.default_rng(0))
    seen = np.stack([np.bincount(image[..., 0].ravel(), minlength=count) for image in mixed]) / 1024
    np.testing.assert_allclose(shares, seen, atol=1e-6)
    np.testing.assert_array_equal(images[:, 0, 0, 0], values)
    of_others = 1 - seen[values, values]
    assert 0.35 < np.mean(of_others > 0) < 0.6
    assert 0.4 < np.mean(of_others[of_others > 0]) < 0.6
    # It pastes one rectangle.
    for image, value in zip(mixed, values, strict=True):
        other = image[..., 0] != value
        assert other.sum() == other.any(1).sum() * other.any(0).sum()
