import os
import sys
from pathlib import Path

import pytest

from cnngui.core.files import replacing


def test_a_new_file(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "er" / "model 1.keras"
    with replacing(target) as new:
        assert new.suffix == ".keras"
        assert new.parent == target.parent
        new.write_bytes(b"whole")
        assert not target.exists()
    assert target.read_bytes() == b"whole"
    assert list(target.parent.iterdir()) == [target]


def test_an_old_file_is_replaced(tmp_path: Path) -> None:
    target = tmp_path / "card.json"
    target.write_text("a longer old text")
    with replacing(target) as new:
        new.write_text("new")
        assert target.read_text() == "a longer old text"
    assert target.read_text() == "new"


def test_it_is_on_the_disk_before_it_takes_the_old_ones_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "card.json"
    target.write_text("old")
    synced: list[tuple[int, int, str]] = []

    def fsync(file: int) -> None:
        status = os.fstat(file)
        synced.append((status.st_ino, status.st_size, target.read_text()))

    monkeypatch.setattr(os, "fsync", fsync)
    with replacing(target) as new:
        new.write_text("a new text")
    assert (target.stat().st_ino, len("a new text"), "old") in synced


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, OSError])
def test_an_exception_leaves_the_old_file(tmp_path: Path, error: type[BaseException]) -> None:
    target = tmp_path / "card.json"
    target.write_text("old")

    def write() -> None:
        with replacing(target) as new:
            new.write_text("half")
            raise error

    with pytest.raises(error):
        write()
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_an_exception_leaves_no_file_where_there_was_none(tmp_path: Path) -> None:
    def write() -> None:
        with replacing(tmp_path / "card.json"):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write()
    assert not list(tmp_path.iterdir())


def test_two_files_or_neither(tmp_path: Path) -> None:
    def write() -> None:
        with replacing(tmp_path / "a") as a, replacing(tmp_path / "b") as b:
            a.write_text("new")
            b.write_text("new")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write()
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_permissions_are_those_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    with replacing(tmp_path / "replaced") as new:
        new.write_text("x")
    assert (tmp_path / "replaced").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"), replacing(tmp_path / "file" / "card.json"):
        pass
