"""Images that are held out, in groups or one by one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnngui.core.data.division import held_out, hold_out
from cnngui.core.data.groups import from_text, numbered, to_text

LABELS = st.lists(st.integers(0, 3), min_size=12, max_size=80)


@given(LABELS, st.sampled_from([0.1, 0.2, 0.5]), st.integers(0, 5))
def test_groups_of_one_change_nothing(labels: list[int], fraction: float, seed: int) -> None:
    given_labels = np.array(labels, np.int32)
    plain = hold_out(given_labels, fraction, seed)
    grouped = hold_out(given_labels, fraction, seed, np.arange(len(labels), dtype=np.int32))
    for one, other in zip(plain, grouped, strict=True):
        np.testing.assert_array_equal(one, other)


@given(LABELS, st.lists(st.integers(0, 200), min_size=80, max_size=80), st.sampled_from([0.1, 0.2, 0.5]))
def test_every_class_keeps_and_gives_some(labels: list[int], groups: list[int], fraction: float) -> None:
    given_labels, of_image = np.array(labels, np.int32), np.array(groups[: len(labels)], np.int32)
    rest, held = hold_out(given_labels, fraction, 0, of_image)
    assert sorted([*rest, *held]) == list(range(len(labels)))
    for label, size in enumerate(np.bincount(given_labels)):
        given_away = (given_labels[held] == label).sum()
        assert given_away >= min(size, 1)
        assert given_away <= max(held_out(size, fraction), size // 2 * 4, 1)
        if size > 1:
            assert (given_labels[rest] == label).any()


@given(st.integers(0, 20))
def test_pairs_stay_together_and_the_fractions_are_right(seed: int) -> None:
    labels = np.repeat([0, 1], [60, 40]).astype(np.int32)
    groups = np.arange(100, dtype=np.int32)
    groups[:40:2] = groups[1:40:2]  # twenty pairs
    rest, held = hold_out(labels, 0.2, seed, groups)
    assert not set(groups[rest]) & set(groups[held])
    assert np.bincount(labels[held]).tolist() == [12, 8]


def test_a_group_in_two_classes_stays_together() -> None:
    labels = np.repeat([0, 1], 10).astype(np.int32)
    groups = numbered(((0, 10), (1, 11), (2, 12)), 20)
    for seed in range(10):
        rest, held = hold_out(labels, 0.2, seed, groups)
        assert not set(groups[rest]) & set(groups[held])
        assert np.bincount(labels[held]).tolist() == [2, 2]


def test_a_class_whose_groups_are_large_gives_its_smallest_one() -> None:
    groups = np.repeat([0, 1, 2], [30, 20, 25]).astype(np.int32)
    _, held = hold_out(np.zeros(75, np.int32), 0.1, 0, groups)
    assert sorted(held) == list(range(30, 50))


def test_a_class_that_is_one_group_is_divided_all_the_same() -> None:
    labels = np.repeat([0, 1], [3, 10]).astype(np.int32)
    rest, held = hold_out(labels, 0.2, 0, numbered((tuple(range(3)), tuple(range(3, 13))), 13))
    assert np.bincount(labels[held]).tolist() == [1, 1]
    assert np.bincount(labels[rest]).tolist() == [2, 9]


def test_numbers_that_are_not_there_count_for_nothing() -> None:
    assert numbered(((1, 3, 9), (7, 8)), 5).tolist() == [0, 1, 2, 1, 4]


@pytest.mark.parametrize("groups", [(), ((3, 17, 204),), ((3, 17, 204), (5, 9))])
def test_groups_as_text(groups: tuple[tuple[int, ...], ...]) -> None:
    assert from_text(to_text(groups)) == groups


@pytest.mark.parametrize("text", ["1", "1 2,", "a b", "1 2, 2 3", "-1 2", "1 1"])
def test_other_texts_are_no_groups(text: str) -> None:
    with pytest.raises(ValueError, match=r"not groups|invalid literal"):
        from_text(text)
