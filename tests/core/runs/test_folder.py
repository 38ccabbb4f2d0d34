import os
import tempfile
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnngui.core.errors import UserError
from cnngui.core.names import check_name
from cnngui.core.runs.folder import check_writable, new_folder


@given(
    first=st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1)),
    second=st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1)),
)
def test_names_sort_by_time(first: datetime, second: datetime) -> None:
    first, second = first.replace(microsecond=0), second.replace(microsecond=0)
    older, newer = sorted((first, second))
    names = [new_folder(Path("runs"), "standard", "CIFAR-10", now).name for now in (older, newer)]
    assert sorted(names) == names
    assert (older == newer) == (names[0] == names[1])


@given(recipe=st.text(min_size=1), data=st.text())
def test_any_recipe_and_data_make_one_folder_in_the_parent(recipe: str, data: str) -> None:
    """The recipe may be from anyone’s file."""
    folder = new_folder(Path("runs"), recipe, data, datetime(2025, 3, 4, 5, 6, 7))
    assert folder.parent == Path("runs")
    assert folder.name.startswith("2025-03-04 05.06.07")
    assert len(folder.name) <= 101
    check_name(folder.name)


@pytest.mark.parametrize("letter", ["漢", "🟦", "𠀀"])
def test_long_names_in_any_writing_can_be_made(letter: str, tmp_path: Path) -> None:
    for _ in range(2):
        folder = new_folder(tmp_path, letter * 60, letter * 60, datetime(2025, 3, 4, 5, 6, 7))
        folder.mkdir()
        check_name(folder.name)


def test_a_readable_name_and_no_folder_yet(tmp_path: Path) -> None:
    folder = new_folder(tmp_path, "standard", "Folder Vögel", datetime(2025, 12, 31, 23, 59, 1))
    assert folder.name == "2025-12-31 23.59.01 standard Folder-Vögel"
    assert not folder.exists()


def test_check_writable_leaves_nothing(tmp_path: Path) -> None:
    check_writable(tmp_path / "a" / "b")
    assert not list(tmp_path.iterdir())
    check_writable(tmp_path)
    assert tmp_path.is_dir()


def test_check_writable_touches_nothing_that_is_there(tmp_path: Path) -> None:
    """Also not by a name that the test's file once had, and not through a link."""
    precious, folder = tmp_path / "precious", tmp_path / "folder"
    folder.mkdir()
    precious.write_text("precious")
    (folder / ".cnngui-probe").symlink_to(precious)
    (folder / ".cnngui-").write_text("mine")
    check_writable(folder)
    assert precious.read_text() == "precious"
    assert {path.name for path in folder.iterdir()} == {".cnngui-probe", ".cnngui-"}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device here is always full")
def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_options: open("/dev/full", "wb"))  # noqa: PTH123, SIM115
    with pytest.raises(UserError, match="No space left on device"):
        check_writable(tmp_path / "new")
    assert not list(tmp_path.iterdir())


def test_a_file_is_no_folder_to_write_in(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "sub"):
        with pytest.raises(UserError, match=r"Nothing can be written in .*\. Choose another folder\."):
            check_writable(folder)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(UserError, match="Permission denied"):
            check_writable(tmp_path)
    finally:
        tmp_path.chmod(0o700)
