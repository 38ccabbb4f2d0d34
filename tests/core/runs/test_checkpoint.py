import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from cnngui.core.errors import UserError
from cnngui.core.reading import MOST_BYTES
from cnngui.core.runs.checkpoint import (
    FORMAT,
    Checkpoint,
    checkpoints,
    newest_checkpoint,
    prune,
    read_checkpoint,
    write_checkpoint,
)
from tests.core.runs.runs import assert_same, checkpoint


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_checkpoint_comes_back_bit_by_bit(tmp_path: Path) -> None:
    write_checkpoint(tmp_path, checkpoint())
    assert names(tmp_path) == ["checkpoint-000000016.npz"]
    assert_same(read_checkpoint(tmp_path / "checkpoint-000000016.npz"), checkpoint())


def test_the_very_first_comes_back(tmp_path: Path) -> None:
    nothing = Checkpoint(0, 0, 0, 0.0, (), (), {}, ())
    write_checkpoint(tmp_path, nothing)
    assert_same(newest_checkpoint(tmp_path), nothing)


def test_arrays_in_any_memory_order_come_back(tmp_path: Path) -> None:
    array = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
    variables: tuple[NDArray[Any], ...] = (np.asfortranarray(array), array[:, ::-2], array.T, np.full((), 2.5))
    write_checkpoint(tmp_path, replace(checkpoint(), variables=variables))
    found = newest_checkpoint(tmp_path)
    assert found is not None
    for ours, theirs in zip(found.variables, variables, strict=True):
        np.testing.assert_array_equal(ours, theirs)
        assert (ours.dtype, ours.shape) == (theirs.dtype, theirs.shape)


bits = st.integers(0, 2**32 - 1)


@given(st.lists(bits, max_size=20), st.floats(0, 1e9), st.integers(0, 999_999_999))
def test_every_float_comes_back_even_those_that_are_no_numbers(
    tmp_path_factory: pytest.TempPathFactory, patterns: list[int], seconds: float, steps: int
) -> None:
    folder = tmp_path_factory.mktemp("run")
    array = np.array(patterns, np.uint32).view(np.float32)
    written = replace(checkpoint(), variables=(array,), seconds=seconds, steps=steps)
    write_checkpoint(folder, written)
    assert_same(newest_checkpoint(folder), written)


def test_the_newest_two_stay(tmp_path: Path) -> None:
    for steps in (16, 24, 1000):
        write_checkpoint(tmp_path, checkpoint(steps))
    assert names(tmp_path) == ["checkpoint-000000024.npz", "checkpoint-000001000.npz"]
    assert_same(newest_checkpoint(tmp_path), checkpoint(1000))


def test_the_later_ones_of_a_course_that_was_given_up_go(tmp_path: Path) -> None:
    for steps in (16, 24):
        write_checkpoint(tmp_path, checkpoint(steps))
    write_checkpoint(tmp_path, checkpoint(20))
    assert names(tmp_path) == ["checkpoint-000000016.npz", "checkpoint-000000020.npz"]


def test_only_checkpoints_are_removed(tmp_path: Path) -> None:
    others = ["checkpoint-1.npz", "model.keras", ".checkpoint-000000016-x.npz", "checkpoint-000000016.npz.bak"]
    for name in others:
        (tmp_path / name).touch()
    for steps in (16, 24, 32):
        write_checkpoint(tmp_path, checkpoint(steps))
    prune(tmp_path, 1)
    assert names(tmp_path) == sorted([*others, "checkpoint-000000032.npz"])
    prune(tmp_path, 0)
    assert names(tmp_path) == sorted(others)


def test_one_can_be_spared(tmp_path: Path) -> None:
    for steps in (8, 16, 24, 32):
        write_checkpoint(tmp_path, checkpoint(steps), spare=["checkpoint-000000008.npz"])
    assert names(tmp_path) == [f"checkpoint-0000000{steps}.npz" for steps in ("08", "24", "32")]
    prune(tmp_path, 1, spare=["checkpoint-000000032.npz"])
    assert names(tmp_path) == ["checkpoint-000000032.npz"]


def test_one_that_may_not_be_read_is_not_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_checkpoint(tmp_path, checkpoint(8))

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(UserError, match=r"checkpoint-000000008\.npz may not be read\. Change its permissions"):
        newest_checkpoint(tmp_path)


def test_without_a_folder_there_is_none(tmp_path: Path) -> None:
    assert checkpoints(tmp_path / "gone") == []
    assert newest_checkpoint(tmp_path / "gone") is None
    assert read_checkpoint(tmp_path / "gone.npz") is None
    prune(tmp_path / "gone", 0)


def test_a_full_disk_loses_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for steps in (16, 24):
        write_checkpoint(tmp_path, checkpoint(steps))

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_checkpoint(tmp_path, checkpoint(32))
    assert names(tmp_path) == ["checkpoint-000000016.npz", "checkpoint-000000024.npz"]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_it_knows_whether_it_can_be_gone_on_from(value: float) -> None:
    assert checkpoint().is_finite
    assert not checkpoint(value=value).is_finite


# Damage


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two checkpoints, and another value in each."""
    folder = tmp_path_factory.mktemp("two")
    write_checkpoint(folder, checkpoint(16, value=1.0))
    write_checkpoint(folder, checkpoint(24, value=2.0))
    return folder


def newest_with(folder: Path, content: bytes) -> Checkpoint | None:
    """The newest checkpoint that is whole, if the second has this content."""
    path = checkpoints(folder)[0]
    whole = path.read_bytes()
    try:
        path.write_bytes(content)
        return newest_checkpoint(folder)
    finally:
        path.write_bytes(whole)


def assert_noticed_or_harmless(folder: Path, content: bytes) -> None:
    found = newest_with(folder, content)
    assert found is not None
    assert_same(found, checkpoint(24, value=2.0) if found.steps == 24 else checkpoint(16, value=1.0))


@settings(max_examples=1500)
@given(place=st.floats(0, 1, exclude_max=True), flipped=st.integers(1, 255))
def test_any_byte_that_is_another_is_noticed_or_harmless(two: Path, place: float, flipped: int) -> None:
    content = bytearray(checkpoints(two)[0].read_bytes())
    content[int(place * len(content))] ^= flipped
    assert_noticed_or_harmless(two, bytes(content))


def test_a_large_array_that_is_read_without_its_end_is_noticed(tmp_path: Path) -> None:
    """Its checksum would only be compared at its end."""
    large = replace(checkpoint(24), variables=(np.ones((99, 99), np.float32),))
    write_checkpoint(tmp_path, checkpoint(16))
    write_checkpoint(tmp_path, large)
    whole = checkpoints(tmp_path)[0].read_bytes()
    for shape in (b"(91, 99)", b"(99, 90)", b"(09, 99)"):
        assert_same(newest_with(tmp_path, whole.replace(b"(99, 99)", shape)), checkpoint(16))


def test_any_method_of_compression_is_noticed(two: Path) -> None:
    whole = checkpoints(two)[0].read_bytes()
    for entry in (place for place in range(len(whole)) if whole.startswith(b"PK\x01\x02", place)):
        for method in (8, 9, 12, 14, 93):
            assert_noticed_or_harmless(two, whole[: entry + 10] + bytes([method]) + whole[entry + 11 :])


@settings(max_examples=300)
@given(part=st.floats(0, 1, exclude_max=True))
def test_one_cut_short_is_noticed(two: Path, part: float) -> None:
    whole = checkpoints(two)[0].read_bytes()
    assert_same(newest_with(two, whole[: int(part * len(whole))]), checkpoint(16, value=1.0))


@pytest.mark.parametrize("content", [b"", b"PK", b"\x93NUMPY", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_checkpoint_is_noticed(content: bytes, two: Path) -> None:
    assert_same(newest_with(two, content), checkpoint(16, value=1.0))


def test_if_both_are_damaged_nothing_is_begun_anew(tmp_path: Path) -> None:
    for steps in (16, 24):
        write_checkpoint(tmp_path, checkpoint(steps))
    for path in checkpoints(tmp_path):
        path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(UserError, match="are damaged, so it cannot be continued"):
        newest_checkpoint(tmp_path)


def test_one_of_a_newer_version_is_not_passed_over(tmp_path: Path) -> None:
    write_checkpoint(tmp_path, checkpoint(16))
    write_checkpoint(tmp_path, checkpoint(24))
    change_description(checkpoints(tmp_path)[0], {"format": FORMAT + 1})
    with pytest.raises(UserError, match="is from a newer version of cnngui"):
        newest_checkpoint(tmp_path)


def change_description(path: Path, changes: dict[str, object]) -> None:
    """Write the checkpoint anew with another description."""
    with np.load(path) as archive:
        arrays = dict(archive)
    description = {**json.loads(arrays["description"].tobytes()), **changes}
    arrays["description"] = np.frombuffer(json.dumps(description).encode(), np.uint8)
    np.savez(path, **arrays)


@pytest.mark.parametrize(
    "changes",
    [
        {"format": "one"},
        {"variables": 100},
        {"epoch": float("inf")},
        {"history": [{}]},
        {"history": None},
        {"curves": {"invented": 1}},
        {"ends": {"one": 1}},
        {"ends": []},
        {"format": True},
        {"epoch": "2"},
        {"epoch": True},
        {"batch": -1},
        {"steps": 1.5},
        {"seconds": "12"},
        {"seconds": -1},
        {"variables": -1},
        {"rows": None},
        {"curves": []},
        {"curves": {"images": "x"}},
        {"curves": {"images": 1, "loss": "x"}},
        {"curves": {"images": 1, "weight": True}},
        {"ends": {"1": "2"}},
        {"more": "x" * MOST_BYTES},
    ],
)
def test_another_description_is_none(changes: dict[str, object], tmp_path: Path) -> None:
    write_checkpoint(tmp_path, checkpoint())
    path = checkpoints(tmp_path)[0]
    change_description(path, changes)
    assert read_checkpoint(path) is None
