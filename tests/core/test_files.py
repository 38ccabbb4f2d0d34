import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnngui.core.files import new_folder, replacing, unfinished


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


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o444, 0o755])
def test_permissions_of_what_is_replaced_stay(tmp_path: Path, mode: int) -> None:
    target = tmp_path / "card.json"
    target.touch()
    target.chmod(mode)
    with replacing(target) as new:
        new.write_text("x")
    assert target.stat().st_mode & 0o777 == mode


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    precious, target = tmp_path / "precious", tmp_path / "run" / "run.json"
    precious.write_text("precious")
    precious.chmod(0o600)
    target.parent.mkdir()
    target.symlink_to(precious)
    with replacing(target) as new:
        new.write_text("new")
    assert precious.read_text() == "precious"
    assert target.read_text() == "new"
    assert not target.is_symlink()


KILLED = """
import os, signal, sys
from collections.abc import Callable
from pathlib import Path
from cnngui.core.files import replacing
with replacing(Path(sys.argv[1])) as new:
    new.write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows locks no file for this")
@pytest.mark.parametrize("name", ["card.json", "a [b] é.images.npy", "no suffix"])
def test_what_a_killed_program_left_is_removed_by_the_next(tmp_path: Path, name: str) -> None:
    target = tmp_path / name
    subprocess.run([sys.executable, "-c", KILLED, str(target)], check=False)
    (half,) = tmp_path.iterdir()
    assert unfinished(name).fullmatch(half.name)
    with replacing(target) as new:
        assert list(tmp_path.iterdir()) == [new]
        new.write_text("whole")
    assert list(tmp_path.iterdir()) == [target]


def test_what_another_writes_right_now_stays(tmp_path: Path) -> None:
    target = tmp_path / "card.json"
    with replacing(target) as first:
        first.write_text("first")
        with replacing(target) as second:
            second.write_text("second")
        assert target.read_text() == "second"
        assert first.read_text() == "first"
    assert target.read_text() == "first"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows locks no file for this")
def test_a_file_that_is_removed_before_it_is_locked_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    real = tempfile.mkstemp

    def mkstemp(**options: Any) -> tuple[int, str]:
        handle, name = real(**options)
        made.append(name)
        if len(made) == 1:
            Path(name).unlink()
        return handle, name

    monkeypatch.setattr(tempfile, "mkstemp", mkstemp)
    with replacing(tmp_path / "card.json") as new:
        new.write_text("whole")
    assert len(made) == 2
    assert (tmp_path / "card.json").read_text() == "whole"


@given(st.text(st.characters(blacklist_characters="/\0", blacklist_categories=["Cs"]), min_size=1, max_size=40))
def test_no_other_file_is_taken_for_one_of_ours(name: str) -> None:
    if "-cnngui-" not in name:
        assert not unfinished("card.json").fullmatch(name)
        assert not unfinished("card.json").fullmatch(f".card-{name}.json")
    assert unfinished(f"{name}.json").fullmatch(f".{name}-cnngui-abcd_123.json")
    assert not unfinished(f"{name}.json").fullmatch(f".{name}2-cnngui-abcd_123.json")


def test_files_of_the_users_and_of_other_targets_stay(tmp_path: Path) -> None:
    names = [
        ".card-20240101.json",
        ".card-cnngui-mine.json",
        ".card2-cnngui-abcd_123.json",
        ".card-cnngui-abcd_123.txt",
    ]
    for name in names:
        (tmp_path / name).touch()
    (tmp_path / ".card-cnngui-folder_1.json").mkdir()
    (tmp_path / ".card-cnngui-tolink_1.json").symlink_to(tmp_path / names[0])
    before = sorted(tmp_path.iterdir())
    with replacing(tmp_path / "card.json") as new:
        new.touch()
    assert sorted(tmp_path.iterdir()) == [*before, tmp_path / "card.json"]


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"), replacing(tmp_path / "file" / "card.json"):
        pass


def test_a_new_folder(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "export"
    with new_folder(target) as new:
        assert new.parent == target.parent
        (new / "in").mkdir()
        (new / "in" / "a").write_text("whole")
        assert not target.exists()
    assert (target / "in" / "a").read_text() == "whole"
    assert list(target.parent.iterdir()) == [target]
    if sys.platform != "win32":
        assert target.stat().st_mode & 0o777 == 0o777 & ~_umask()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, OSError])
def test_an_exception_leaves_no_folder(tmp_path: Path, error: type[BaseException]) -> None:
    def write() -> None:
        with new_folder(tmp_path / "export") as new:
            (new / "a").write_text("half")
            raise error

    with pytest.raises(error):
        write()
    assert not list(tmp_path.iterdir())


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "export").mkdir()
    with new_folder(tmp_path / "export") as new:
        (new / "a").touch()
    assert [path.name for path in (tmp_path / "export").iterdir()] == ["a"]


@pytest.mark.parametrize("make", [lambda path: (path.mkdir(), (path / "mine").touch()), Path.touch])
def test_what_is_there_stays(tmp_path: Path, make: Callable[[Path], object]) -> None:
    target = tmp_path / "export"
    make(target)
    with pytest.raises(FileExistsError), new_folder(target):
        pytest.fail("it must be told at once")
    assert target.exists()
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_that_comes_meanwhile_stays(tmp_path: Path) -> None:
    target = tmp_path / "export"

    def write() -> None:
        with new_folder(target):
            target.mkdir()
            (target / "mine").touch()

    with pytest.raises(OSError, match="export"):
        write()
    assert [path.name for path in target.iterdir()] == ["mine"]
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.skipif(sys.platform == "win32", reason="folders are not locked there")
def test_what_a_killed_program_left_is_removed_but_nothing_that_is_written(tmp_path: Path) -> None:
    left = tmp_path / ".export-cnngui-abcdefgh"
    left.mkdir()
    (left / "a").touch()
    with new_folder(tmp_path / "export") as first:
        assert not left.exists()
        with new_folder(tmp_path / "export.other"), new_folder(tmp_path / "export") as second:
            (second / "b").touch()
            assert first.exists()
        (first / "a").touch()
        (tmp_path / "export" / "b").unlink()
    assert [path.name for path in (tmp_path / "export").iterdir()] == ["a"]
