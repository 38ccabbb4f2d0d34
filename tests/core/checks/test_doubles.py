"""Near-doubles by hash, features and pixels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from cnngui.core.checks.alignment import correlations
from cnngui.core.checks.doubles import _Sets, near_doubles
from cnngui.core.checks.looks import Looks
from cnngui.core.checks.perceptual_hash import perceptual_hashes
from cnngui.core.errors import Stopped


def pictures(count: int, seed: int = 0, side: int = 32) -> NDArray[np.uint8]:
    """Soft shapes, uint8 (count, side, side)."""
    coarse = np.random.default_rng(seed).integers(0, 256, (count, 8, 8)).astype(float)
    places = np.linspace(0, 7, side)
    low = places.astype(int).clip(0, 6)
    mix = (places - low)[:, None]
    rows = coarse[:, low] * (1 - mix) + coarse[:, low + 1] * mix
    both = rows[:, :, low] * (1 - mix.T) + rows[:, :, low + 1] * mix.T
    return np.asarray(both.round(), np.uint8)


def directions(count: int, seed: int = 0) -> NDArray[np.float32]:
    """Random directions, far from each other."""
    rows = np.random.default_rng(seed).normal(size=(count, 256))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def looks(pixels: NDArray[np.uint8], features: NDArray[np.float32]) -> Looks:
    return Looks(pixels, features.astype(np.float16))


def test_a_brighter_picture_has_nearly_the_same_hash() -> None:
    images = pictures(20)
    brighter = (images * 0.8 + 40).round().astype(np.uint8)
    bits = np.bitwise_count(perceptual_hashes(images) ^ perceptual_hashes(brighter))
    assert bits.max() <= 4
    others = np.bitwise_count(perceptual_hashes(images) ^ perceptual_hashes(np.roll(images, 1, axis=0)))
    assert others.min() > 10


def test_a_hash_has_a_bit_for_each_frequency() -> None:
    (value,) = perceptual_hashes(pictures(1))
    assert int(value).bit_count() == 32  # half lie above the median


@pytest.mark.parametrize("cut", [(0, 3, 0, 3), (3, 0, 3, 0), (3, 3, 3, 3), (0, 0, 3, 0), (0, 0, 0, 0)])
@pytest.mark.parametrize("mirrored", [False, True])
def test_a_picture_correlates_with_what_was_cut_out_of_it(cut: tuple[int, int, int, int], mirrored: bool) -> None:
    """Three of 64 pixels are 4.7 %."""
    large = pictures(10, side=64)
    top, bottom, left, right = cut
    part = large[:, top : 64 - bottom, left : 64 - right]
    part = part[:, :, ::-1] if mirrored else part
    rows = np.linspace(0, part.shape[1] - 1, 32).round().astype(int)
    columns = np.linspace(0, part.shape[2] - 1, 32).round().astype(int)
    copies, whole = part[:, rows][:, :, columns], large[:, ::2, ::2]
    assert correlations(whole, copies).min() > 0.9
    np.testing.assert_allclose(correlations(copies, whole), correlations(whole, copies), atol=1e-5)
    assert correlations(whole, np.roll(copies, 1, axis=0)).max() < 0.7


def test_pictures_without_contrast_correlate_with_nothing() -> None:
    flat = np.full((2, 32, 32), 7, np.uint8)
    assert np.abs(correlations(flat, pictures(2))).max() < 0.1


def test_the_coarse_parts_do_not_count() -> None:
    rows = np.broadcast_to((125 + 75 * np.cos(np.pi / 32 * (np.arange(32) + 0.5)))[:, None], (32, 32))
    noise = np.random.default_rng(0).normal(0, 6, (2, 1, 32, 32))
    sea, other = (rows + noise).clip(0, 255).astype(np.uint8)
    assert correlations(sea, other)[0] < 0.4


def test_the_same_hash_needs_similar_features() -> None:
    image = pictures(1)
    same, far = directions(2)
    near = 0.93 * same + np.sqrt(1 - 0.93**2) * far
    pixels = np.concatenate([image, image, image])
    assert near_doubles(looks(pixels, np.stack([same, near, far]))) == ((0, 1),)


def test_similar_features_need_similar_pixels() -> None:
    first, second = pictures(2)
    same = directions(1)[0]
    shown = looks(np.stack([first, first[:, ::-1], second]), np.stack([same, same, same]))
    assert near_doubles(shown) == ((0, 1),)


def test_doubles_of_doubles_are_in_one_group(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnngui.core.checks.doubles._CELLS", 1)  # one row at a time
    start, far = directions(2, seed=1)
    angles = np.arccos(0.93) * np.arange(3)[:, None]
    turned = np.cos(angles) * start + np.sin(angles) * (far - far @ start * start) / np.sqrt(1 - (far @ start) ** 2)
    image = pictures(1)
    pixels = np.concatenate([image, pictures(1, 5), image, image])
    features = np.stack([turned[0], directions(1, seed=3)[0], turned[2], turned[1]])
    assert near_doubles(looks(pixels, features.astype(np.float32))) == ((0, 2, 3),)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_pictures(count: int) -> None:
    assert near_doubles(looks(pictures(count), directions(count))) == ()


def test_many_of_one_picture_are_one_group() -> None:
    count = 3000
    shown = looks(np.repeat(pictures(1), count, axis=0), np.repeat(directions(1), count, axis=0))
    assert [len(group) for group in near_doubles(shown)] == [count]


def test_a_stop_ends_the_comparison() -> None:
    with pytest.raises(Stopped):
        near_doubles(looks(pictures(2), directions(2)), should_stop=lambda: True)


@given(st.lists(st.tuples(st.integers(0, 19), st.integers(0, 19))))
def test_sets_are_those_of_joining_one_by_one(joins: list[tuple[int, int]]) -> None:
    expected = [{number} for number in range(20)]
    for first, second in joins:
        both = expected[first] | expected[second]
        for number in both:
            expected[number] = both
    sets = _Sets(20)
    for part in (joins[:5], joins[5:]):
        sets.join(np.array([pair[0] for pair in part], int), np.array([pair[1] for pair in part], int))
    assert set(sets.groups()) == {tuple(sorted(group)) for group in expected if len(group) > 1}
