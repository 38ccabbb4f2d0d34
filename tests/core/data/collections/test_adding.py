import errno
import os
import shutil
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from cnngui.core.data.collections.adding import Added, add
from cnngui.core.data.collections.changes import make
from cnngui.core.data.collections.collection import create, read
from cnngui.core.errors import Stopped, UserError
from cnngui.core.pictures.gathering import Thing
from cnngui.core.progress import Progress, Reported, ShouldStop, never_stop
from tests.core.data.collections.pictures import content, draw, files, fill
from tests.web_server import Server, send


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return fill(tmp_path / "birds", robin=1, wren=1)


@pytest.fixture
def phone(tmp_path: Path) -> Path:
    """Pictures elsewhere: 0.png, other than that of the robins, and 1.png."""
    draw(tmp_path / "phone" / "0.png", 200)
    draw(tmp_path / "phone" / "1.png", 201)
    return tmp_path / "phone"


def added(
    folder: Path, *things: Thing | bytes, label: str | None = "robin", copy: bool = True, stop: ShouldStop = never_stop
) -> Added:
    return add(read(folder), things, label, copy=copy, should_stop=stop)


def png(grey: int) -> bytes:
    """A picture file in memory."""
    buffer = BytesIO()
    Image.new("RGB", (8, 8), (grey,) * 3).save(buffer, "PNG")
    return buffer.getvalue()


def test_copies_go_into_the_class_and_write_over_nothing(folder: Path, phone: Path) -> None:
    before, robin = files(folder), (folder / "robin" / "0.png").read_bytes()
    result = added(folder, phone / "0.png", phone)
    assert (result.count, result.left_out) == (3, ())  # the first one twice
    assert content(folder) == {"robin": ["0 2.png", "0 3.png", "0.png", "1.png"], "wren": ["0.png"]}
    assert (folder / "robin" / "0.png").read_bytes() == robin
    assert (folder / "robin" / "0 2.png").read_bytes() == (phone / "0.png").read_bytes()
    again = make(folder, result.undo)
    assert content(folder) == {"robin": ["0.png"], "wren": ["0.png"]}
    assert before < files(folder), "the copies are put aside"
    make(folder, again)
    assert len(content(folder)["robin"]) == 4
    assert files(phone) == {"0.png", "1.png"}


def test_references_leave_the_files_where_they_are(folder: Path, phone: Path) -> None:
    result = added(folder, phone, label="dove", copy=False)
    assert result.count == 2
    assert content(folder)["dove"] == ["0.png", "1.png"]
    assert not (folder / "dove").exists()
    assert added(folder, phone, label="dove", copy=False).left_out == ("2 were there already.",)
    make(folder, result.undo)
    assert "dove" not in content(folder)


def test_a_copy_that_is_there_is_not_copied_again(folder: Path, phone: Path) -> None:
    added(folder, phone)
    assert added(folder, phone / "1.png").left_out == ("1 was there already.",)


def test_files_of_the_collection_itself_move(folder: Path) -> None:
    result = added(folder, folder / "wren" / "0.png", folder / "robin" / "0.png")
    assert content(folder) == {"robin": ["0 2.png", "0.png"], "wren": []}
    make(folder, result.undo)
    assert content(folder) == {"robin": ["0.png"], "wren": ["0.png"]}


def test_folders_become_classes(folder: Path, tmp_path: Path) -> None:
    fill(tmp_path / "more", Robin=2, dove=1)
    draw(tmp_path / "more" / "loose.png")
    fill(tmp_path / "parts" / "train", wren=2, finch=2)
    fill(tmp_path / "parts" / "test", wren=1, finch=3)
    draw(tmp_path / "blue tit" / "2026" / "snow.png")
    result = added(
        folder, tmp_path / "more", tmp_path / "parts", tmp_path / "blue tit", draw(tmp_path / "file.png"), label=None
    )
    assert {name: len(found) for name, found in content(folder).items()} == {
        "": 2,
        "blue tit": 1,
        "dove": 1,
        "finch": 5,
        "robin": 2,  # another one was there
        "wren": 2,  # two of three were
    }
    assert result.undo
    make(folder, result.undo)
    assert content(folder) == {"robin": ["0.png"], "wren": ["0.png"]}


def test_a_folder_whose_name_no_class_can_have(folder: Path, tmp_path: Path) -> None:
    draw(tmp_path / "Training" / "a.png")
    result = added(folder, tmp_path / "Training", label=None)
    assert content(folder)[""] == ["a.png"]
    assert any("have no class yet" in sentence for sentence in result.left_out)


def test_what_is_no_picture_is_left_out(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.jpg").write_text("Dear Ada")
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.txt").write_text("seen in the garden")
    result = added(folder, tmp_path / "letter.jpg", tmp_path / "gone.png", tmp_path / "notes", b"no picture")
    assert result.count == 0
    assert not result.undo
    text = " ".join(result.left_out)
    for part in (
        "letter.jpg: It is not a picture.",
        "gone.png: It could not be read",
        "1 file left out: TXT.",
        "other",
    ):
        assert part in text
    assert files(folder) == {"robin/0.png", "wren/0.png"}


def test_pictures_from_the_clipboard_and_the_web(folder: Path, server: Server) -> None:
    server.answer = send(png(7))
    result = added(folder, png(5), server.url, "data:image/png;base64,AAAA")
    assert content(folder)["robin"] == ["0.png", "pasted picture.png", "picture.png"]
    assert result.left_out == ("picture from a web page: It is not a picture.",)


def test_hidden_names_and_dots(folder: Path, tmp_path: Path) -> None:
    added(folder, draw(tmp_path / ".hidden.png"))
    assert "hidden.png" in content(folder)["robin"]


def test_a_new_class_needs_a_name_that_it_can_have(folder: Path, phone: Path) -> None:
    with pytest.raises(UserError, match="part of a data set"):
        added(folder, phone, label="test")
    added(folder, phone / "1.png", label="ROBIN")  # means the class that is there
    assert content(folder)["robin"] == ["0.png", "1.png"]


@pytest.mark.parametrize(("number", "sentence"), [(errno.ENOSPC, "is full"), (errno.EROFS, "can only be read")])
def test_a_full_disk_changes_nothing(
    folder: Path, phone: Path, monkeypatch: pytest.MonkeyPatch, number: int, sentence: str
) -> None:
    copy, calls = shutil.copyfile, list[Path]()

    def failing(source: Path, target: Path) -> object:
        calls.append(source)
        if len(calls) == 2:
            target.write_bytes(b"half")
            raise OSError(number, os.strerror(number), str(target))
        return copy(source, target)

    monkeypatch.setattr(shutil, "copyfile", failing)
    with pytest.raises(UserError, match=sentence):
        added(folder, phone)
    assert files(folder) == {"robin/0.png", "wren/0.png"}


def test_a_stop_adds_nothing(folder: Path, phone: Path) -> None:
    asked: list[bool] = []

    def stop() -> bool:
        asked.append(True)
        return len(asked) > 5

    with pytest.raises(Stopped):
        added(folder, phone, stop=stop)
    assert files(folder) == {"robin/0.png", "wren/0.png"}


def test_progress_is_told(tmp_path: Path, phone: Path) -> None:
    create(tmp_path / "empty")
    told: list[Reported] = []
    add(read(tmp_path / "empty"), [phone], "robin", progress=told.append)
    assert [each.text for each in told if isinstance(each, Progress)][:2] == [
        "Looking for pictures",
        "Copying pictures, 0 of 2",
    ]
