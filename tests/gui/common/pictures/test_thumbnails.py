from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage, QPixmap
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cnngui.core.pictures.decoding import Source
from cnngui.gui.common.pictures import thumbnails
from cnngui.gui.common.pictures.image_view import preview
from cnngui.gui.common.pictures.thumbnails import SIDE, Thumbnails
from tests.gui.conftest import COLOURS, picture


@pytest.fixture
def small(qapp: QApplication) -> Iterator[Thumbnails]:
    """Stopped at the end, as the window stops it."""
    made = Thumbnails()
    yield made
    made.stop()


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Source]:
    """The sources that have been read, in order."""
    made: list[Source] = []

    def remember(source: Source, side: int) -> QImage | None:
        made.append(source)
        return preview(source, side)

    monkeypatch.setattr(thumbnails, "preview", remember)
    return made


def get(small: Thumbnails, source: Source) -> QPixmap:
    """The thumbnail of a picture whose number is the hash of its source."""
    return small.get(hash(source), source)


def read(bot: QtBot, small: Thumbnails, sources: list[Source]) -> None:
    """Ask for all of them, and wait until they have been read."""
    bot.waitUntil(lambda: not any([get(small, source).isNull() for source in sources]))


def test_a_picture_is_read_when_it_is_asked_for(qtbot: QtBot, small: Thumbnails, tmp_path: Path) -> None:
    path = picture(tmp_path / "red.png", "red", size=(400, 200))
    with qtbot.waitSignal(small.changed):
        assert get(small, path).isNull()
    found = get(small, path)
    assert (found.width(), found.height()) == (SIDE, SIDE // 2)
    assert found.toImage().pixelColor(3, 3) == QColor(*COLOURS["red"])


def test_the_contents_of_a_file(qtbot: QtBot, small: Thumbnails, tmp_path: Path) -> None:
    read(qtbot, small, [picture(tmp_path / "blue.png", "blue").read_bytes()])


def test_what_cannot_be_read_is_tried_once(qtbot: QtBot, small: Thumbnails, tmp_path: Path) -> None:
    with qtbot.waitSignal(small.changed):
        get(small, tmp_path / "gone.png")
    picture(tmp_path / "gone.png", "red")
    assert get(small, tmp_path / "gone.png").isNull()
    read(qtbot, small, [picture(tmp_path / "later.png", "red")])
    assert get(small, tmp_path / "gone.png").isNull()


def test_what_was_asked_for_last_comes_first(
    qtbot: QtBot, small: Thumbnails, made: list[Source], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thumbnails, "ROUND", 2)
    files = [picture(tmp_path / f"{number}.png", "red") for number in range(5)]
    for path in files:
        get(small, path)
    qtbot.waitUntil(lambda: len(made) == 5)
    assert made == files[::-1]


def test_only_the_latest_are_kept(
    qtbot: QtBot, small: Thumbnails, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(small, "_most", 3)
    files: list[Source] = [picture(tmp_path / f"{number}.png", "red") for number in range(4)]
    read(qtbot, small, files[:3])
    get(small, files[0])
    read(qtbot, small, files[3:])
    assert [get(small, path).isNull() for path in (files[0], files[2], files[3])] == [False] * 3
    assert get(small, files[1]).isNull()


def test_nothing_is_read_after_the_end(qtbot: QtBot, small: Thumbnails, tmp_path: Path) -> None:
    small.stop()
    get(small, picture(tmp_path / "red.png", "red"))
    with qtbot.assertNotEmitted(small.changed, wait=50):
        pass


def test_what_left_the_list_is_forgotten(qtbot: QtBot, small: Thumbnails, tmp_path: Path) -> None:
    with qtbot.waitSignal(small.changed):
        get(small, tmp_path / "late.png")
    small.forget(hash(tmp_path / "late.png"))
    read(qtbot, small, [picture(tmp_path / "late.png", "red")])


def test_nothing_is_read_twice(qtbot: QtBot, small: Thumbnails, made: list[Source], tmp_path: Path) -> None:
    """Whenever one has been read, the list is painted again and asks for all."""
    files: list[Source] = [picture(tmp_path / f"{number}.png", "red") for number in range(12)]
    small.changed.connect(lambda: [get(small, path) for path in files])
    read(qtbot, small, files)
    assert sorted(map(str, made)) == sorted(map(str, files))


def test_a_file_that_was_written_again_is_read_again(qtbot: QtBot, small: Thumbnails, tmp_path: Path) -> None:
    path, same = picture(tmp_path / "a.png", "red"), picture(tmp_path / "b.png", "green")
    small.get(1, path)
    small.get(2, same)
    qtbot.waitUntil(lambda: not small.get(1, path).isNull() and not small.get(2, same).isNull())
    before = small.get(2, same).cacheKey()
    picture(path, "blue", size=(60, 50))
    small.look_again()
    assert not small.get(1, path).isNull(), "the old one is shown until then"
    qtbot.waitUntil(lambda: small.get(1, path).toImage().pixelColor(3, 3) == QColor(*COLOURS["blue"]))
    assert small.get(2, same).cacheKey() == before


def test_what_was_forgotten_is_not_read_again(
    qtbot: QtBot, small: Thumbnails, tmp_path: Path, made: list[Source]
) -> None:
    path = picture(tmp_path / "a.png", "red")
    read(qtbot, small, [path])
    small.look_again()
    path.unlink()
    small.forget(hash(path))
    qtbot.waitUntil(lambda: not small._task.is_running)
    assert made == [path]
