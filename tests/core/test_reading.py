import os
import threading
from pathlib import Path

import numpy as np
import pytest

from cnngui.core.answers.saved_answers import answers_path, read_answers
from cnngui.core.data.label_table import find
from cnngui.core.errors import UserError
from cnngui.core.models.card import card_path, read_card
from cnngui.core.models.class_names import class_names, names_path
from cnngui.core.models.trained_on import digests_path, read_digests
from cnngui.core.reading import opened, read_bytes, unreadable
from cnngui.core.recipes.toml_file import read_recipe
from cnngui.core.runs.checkpoint import newest_checkpoint
from cnngui.core.runs.folder import BATCHES, HISTORY, MODEL, NOTES, RECORD
from cnngui.core.runs.history import read_history
from cnngui.core.runs.record import read_notes, read_record

has_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names on this system")
NO_FILE = r"could not be read \(it is not a regular file\)\. Copy it again"


def test_all_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"0123456789")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    assert read_bytes(tmp_path / "file", 10) == read_bytes(tmp_path / "link", 10) == b"0123456789"


def test_a_larger_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"0123456789")
    with pytest.raises(OSError, match="larger than"):
        read_bytes(tmp_path / "file", 9)


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="no files here that do not tell their size")
def test_a_file_that_does_not_tell_its_size_is_not_read_to_its_end() -> None:
    assert Path("/proc/self/environ").stat().st_size == 0
    with pytest.raises(OSError, match="larger than"):
        read_bytes(Path("/proc/self/environ"), 1)


@pytest.mark.parametrize("name", ["/dev/zero", "/dev/tty", "/dev/stdin"])
def test_a_device_is_not_opened(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if not Path(name).exists():
        pytest.skip("no such device here")
    monkeypatch.setattr(os, "open", lambda *_arguments: pytest.fail("opened"))
    if not Path(name).is_file():
        with pytest.raises(OSError, match="not a regular file"):
            opened(Path(name))


def test_a_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        opened(tmp_path)


@has_pipes
def test_a_pipe_that_takes_the_place_of_a_file_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.touch()
    before = path.stat()
    path.unlink()
    os.mkfifo(path)
    monkeypatch.setattr(Path, "stat", lambda _self: before)
    with pytest.raises(OSError, match="not a regular file"):
        opened(path)


def test_what_to_do(tmp_path: Path) -> None:
    assert str(unreadable("card.json", PermissionError(13, "Permission denied"))) == (
        "card.json could not be read (Permission denied). Check its permissions."
    )


@has_pipes
def test_nothing_waits_for_a_pipe(tmp_path: Path) -> None:
    """In the place of any small file that is read."""
    model = tmp_path / MODEL
    for path in (card_path(model), names_path(model), answers_path(model), digests_path(model)):
        os.mkfifo(path)
    for name in (RECORD, NOTES, HISTORY, BATCHES, "recipe.toml", "labels.csv", "checkpoint-000000008.npz"):
        os.mkfifo(tmp_path / name)
    told: list[object] = []

    def read() -> None:
        for sentence in (
            lambda: read_card(model),
            lambda: read_record(tmp_path),
            lambda: read_notes(tmp_path),
            lambda: read_history(tmp_path),
            lambda: read_recipe(tmp_path / "recipe.toml"),
            lambda: newest_checkpoint(tmp_path),
        ):
            with pytest.raises(UserError) as caught:
                sentence()
            told.append(caught.value)
        told.append(class_names(model, 3))
        told.append(read_answers(model))
        told.append(read_digests(model))
        told.append(find([tmp_path / "labels.csv"], tmp_path, []))

    reader = threading.Thread(target=read, daemon=True)  # so that a pipe that is waited for fails this test alone
    reader.start()
    reader.join(20)
    assert not reader.is_alive()
    assert [NO_FILE for each in told[:5] if not str(each).find("not a regular file") > 0] == []
    assert told[-3:] == [None, None, None]


@pytest.mark.parametrize("shape", [(10**15,), (10**9,), (3, 10**12)])
def test_a_table_that_claims_to_be_huge(tmp_path: Path, shape: tuple[int, ...]) -> None:
    with digests_path(tmp_path / MODEL).open("wb") as file:
        np.lib.format.write_array_header_1_0(file, {"descr": "<u8", "fortran_order": False, "shape": shape})
    assert read_digests(tmp_path / MODEL) is None
