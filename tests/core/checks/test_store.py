"""What pictures look like, remembered."""

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from cnngui.core.checks import store as stores
from cnngui.core.checks.store import LookStore, Seen


def seen(value: int) -> Seen:
    return Seen(100 + value, bool(value % 2), np.full((32, 32), value, np.uint8), np.full(8, value / 8, np.float16))


def written(path: Path, count: int, key: str = "model") -> None:
    with LookStore(key, path) as store:
        store.put({bytes([value]): seen(value) for value in range(count)})
        store.put_files((Path(f"/a/{value}\udcff.png"), "5 7", bytes([value])) for value in range(count))


def remembered(path: Path, count: int, key: str = "model") -> list[bool]:
    with LookStore(key, path) as store:
        return [store.get(bytes([value])) is not None for value in range(count)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "looks.sqlite"


def test_what_was_put_is_found_again(path: Path) -> None:
    written(path, 3)
    with LookStore("model", path) as store:
        assert store.content_of(Path("/a/2\udcff.png"), "5 7") == b"\2"
        assert store.content_of(Path("/a/2\udcff.png"), "5 8") is None
        assert store.get(b"other") is None
        found, expected = store.get(b"\1"), seen(1)
    assert found is not None
    assert (found.side, found.is_grey) == (101, True)
    np.testing.assert_array_equal(found.pixels, expected.pixels)
    np.testing.assert_array_equal(found.features, expected.features)


def test_another_model_has_other_features(path: Path) -> None:
    written(path, 2)
    assert remembered(path, 2, "another") == [False, False]
    assert remembered(path, 2) == [False, False]


def test_what_was_used_longest_ago_is_forgotten(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(1000))
    monkeypatch.setattr("cnngui.core.checks.store.time.time", lambda: float(next(clock)))
    written(path, 4)
    assert remembered(path, 2) == [True, True]
    monkeypatch.setattr(stores, "MOST_PICTURES", 3)
    with LookStore("model", path) as store:
        store.put({b"new": seen(9)})
    assert remembered(path, 4) == [True, True, False, False]
    with LookStore("model", path) as store:
        assert store.content_of(Path("/a/0\udcff.png"), "5 7") == b"\0"
        assert store.content_of(Path("/a/3\udcff.png"), "5 7") is None


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100, b"SQLite format 3\0" + bytes(5000)])
def test_a_damaged_store_is_begun_anew(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    written(path, 1)
    assert remembered(path, 1) == [True]


def test_a_store_damaged_within_is_begun_anew(path: Path) -> None:
    written(path, 200)
    damaged = bytearray(path.read_bytes())
    damaged[8192:-4096] = bytes(len(damaged) - 12288)
    path.write_bytes(damaged)
    remembered(path, 200)  # whatever is found, nothing is raised
    written(path, 1)
    assert remembered(path, 1) == [True]


def test_rows_that_are_something_else_are_not_taken(path: Path) -> None:
    written(path, 3)
    db = sqlite3.connect(path)
    db.execute("UPDATE looks SET pixels = x'00' WHERE content = x'00'")
    db.execute("UPDATE looks SET features = ? WHERE content = x'01'", (np.full(8, np.nan, np.float16).tobytes(),))
    db.commit()
    db.close()
    assert remembered(path, 3) == [False, False, True]


def test_several_may_write_at_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "_SECONDS", 0.01)
    written(path, 1)
    with LookStore("model", path) as first, LookStore("model", path) as second:
        first.put({b"first": seen(1)})
        second.put({b"second": seen(2)})  # is locked out, and remembers nothing from now on
        assert second.get(b"\0") is None
        first.save()
    with LookStore("model", path) as store:
        assert store.get(b"first") is not None
        assert store.get(b"second") is None


def test_where_nothing_can_be_written_nothing_is_remembered(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    written(tmp_path / "file" / "looks.sqlite", 1)
    assert remembered(tmp_path / "file" / "looks.sqlite", 1) == [False]
