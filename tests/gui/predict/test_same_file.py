"""A file that is dropped again: it is one entry, which is looked at anew if the file has changed."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cnngui.core.answers.classifier import Classification, Classifier
from cnngui.core.answers.prediction import Prediction
from cnngui.gui.predict.pictures.file_state import FileState, file_states
from cnngui.gui.predict.pictures.list_model import PictureListModel
from cnngui.gui.predict.pictures.picture import Arrangement, Picture
from cnngui.gui.predict.state import PredictState
from tests.gui.conftest import PATIENCE, Driver, mime_of, picture

ANSWER = Prediction(b"", Classification(("red", "blue"), (0.9, 0.1)))


@pytest.fixture
def state(qapp: QApplication) -> Iterator[PredictState]:
    """A state without a model; at the end, it is stopped."""
    made = PredictState()
    yield made
    made.stop()


@pytest.fixture
def drop(state: PredictState, qtbot: QtBot) -> Callable[..., list[str]]:
    """Drops files and folders, waits, and returns the names of all entries."""

    def drop(*things: Path) -> list[str]:
        state.look_at(things)
        qtbot.waitUntil(lambda: not state.is_gathering, timeout=PATIENCE)
        return [each.name for each in state.pictures.pictures]

    return drop


def names(state: PredictState) -> list[str]:
    return [each.name for each in state.pictures.pictures]


def in_view(driver: Driver) -> list[str]:
    return [each.name for each in driver.window.predict.selected()]


def change(path: Path, colour: str) -> None:
    """Draw another picture into the file, as if some time had passed."""
    before = path.stat().st_mtime_ns
    picture(path, colour)
    os.utime(path, ns=(before + 10**9, before + 10**9))


# In the window


def test_the_entry_that_is_there_comes_into_view(driver: Driver, tmp_path: Path) -> None:
    red, blue = picture(tmp_path / "red.png", "red"), picture(tmp_path / "blue.png", "blue")
    driver.drop_files(red, blue)
    driver.drop_files(blue)
    assert driver.wait_for_answers() == ["red", "blue"]
    assert in_view(driver) == ["blue.png"]
    driver.wait_for("“blue.png” is in the list already.")
    driver.drop_files(red, blue)
    assert in_view(driver) == ["red.png"]
    driver.wait_for("All 2 pictures are in the list already.")
    assert driver.sees("2 pictures")


def test_it_comes_into_view_where_a_filter_hides_it(driver: Driver, tmp_path: Path) -> None:
    red, blue = picture(tmp_path / "red.png", "red"), picture(tmp_path / "blue.png", "blue")
    driver.drop_files(red, blue)
    driver.wait_for_answers()
    driver.window.predict._tools.choose_cell("", "blue")
    driver.wait_until(lambda: driver.pictures.rowCount() == 1)
    driver.drop_files(red)
    driver.wait_until(lambda: in_view(driver) == ["red.png"])


def test_a_changed_file_is_looked_at_anew_in_its_place(driver: Driver, tmp_path: Path) -> None:
    first, second = picture(tmp_path / "first.png", "red"), picture(tmp_path / "second.png", "green")
    driver.drop_files(first, second)
    assert driver.wait_for_answers() == ["red", "green"]
    change(first, "blue")
    driver.drop_files(first)
    assert driver.wait_for_answers() == ["blue", "green"]
    assert in_view(driver) == ["first.png"]
    row = driver.pictures.index(0)
    driver.wait_until(lambda: not row.data(1).isNull())  # the thumbnail, of the new picture too
    assert row.data(1).toImage().pixelColor(5, 5).blue() > 200


def test_what_could_not_be_read_is_tried_again(driver: Driver, tmp_path: Path) -> None:
    path = tmp_path / "late.png"
    driver.drop_files(path)
    (answer,) = driver.wait_for_answers()
    assert answer is not None
    assert answer.startswith("The file does not exist.")
    picture(path, "red")
    driver.drop_files(path)
    assert driver.wait_for_answers() == ["red"]


def test_a_folder_dropped_again_shows_its_first_picture_and_mistakes_stay_in_order(
    driver: Driver, tmp_path: Path
) -> None:
    (tmp_path / "red").mkdir()
    files = [picture(tmp_path / "red" / name, colour) for name, colour in (("a.png", "red"), ("b.png", "blue"))]
    driver.drop_files(tmp_path)
    driver.wait_for_answers()
    driver.wait_for("b.png   ·   labelled red")
    driver.drop(mime_of(files[0]))
    driver.wait_for("a.png   ·   labelled red")  # it keeps its label, and is not left for the mistake
    assert driver.pictures.total == 2


# Which file is the same


def test_links_and_other_spellings_are_the_same_file(drop: Callable[..., list[str]], tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    path = picture(tmp_path / "real" / "a.png", "red")
    (tmp_path / "link.png").symlink_to(path)
    (tmp_path / "folder").symlink_to(tmp_path / "real", target_is_directory=True)
    spellings = [tmp_path / "link.png", tmp_path / "folder" / "a.png", tmp_path / "real" / ".." / "real" / "a.png"]
    assert drop(path, *spellings) == ["a.png"]
    assert drop(*spellings) == ["a.png"]
    assert drop(tmp_path / "folder") == ["a.png"]


def test_hard_links_and_copies_are_files_of_their_own(drop: Callable[..., list[str]], tmp_path: Path) -> None:
    path = picture(tmp_path / "a.png", "red")
    (tmp_path / "b.png").hardlink_to(path)
    (tmp_path / "c.png").write_bytes(path.read_bytes())
    assert drop(tmp_path) == ["a.png", "b.png", "c.png"]


def test_a_file_and_then_its_folder_is_one_entry_with_the_label(
    state: PredictState, drop: Callable[..., list[str]], tmp_path: Path
) -> None:
    (tmp_path / "red").mkdir()
    path = picture(tmp_path / "red" / "a.png", "red")
    drop(path)
    assert drop(tmp_path) == [str(Path("red", "a.png"))]
    assert drop(path) == [str(Path("red", "a.png"))]
    (only,) = state.pictures.pictures
    assert only.folder == "red"


def test_a_missing_file_is_one_entry_too(drop: Callable[..., list[str]], tmp_path: Path) -> None:
    drop(tmp_path / "gone.png")
    assert drop(tmp_path / "gone.png", tmp_path / "nul\0.png", tmp_path / "nul\0.png") == ["gone.png", "nul\0.png"]


# Order and undo


def test_undo_brings_no_file_back_that_was_dropped_again(
    state: PredictState, drop: Callable[..., list[str]], tmp_path: Path
) -> None:
    notices = list[str]()
    state.notice.connect(notices.append)
    a, b, c = (picture(tmp_path / f"{name}.png", "red") for name in "abc")
    drop(a, b, c)
    state.remove([each.number for each in state.pictures.pictures[:2]])
    assert drop(b) == ["c.png", "b.png"]
    state.undo()
    assert names(state) == ["a.png", "c.png", "b.png"]
    assert notices[-1] == "Restored 1 picture"
    state.remove([state.pictures.pictures[0].number])
    drop(a)
    state.undo()
    assert names(state) == ["c.png", "b.png", "a.png"]
    assert notices[-1] == "“a.png” is in the list already."


def test_a_removed_file_can_be_dropped_again(
    state: PredictState, drop: Callable[..., list[str]], tmp_path: Path
) -> None:
    path = picture(tmp_path / "a.png", "red")
    drop(path)
    state.clear()
    assert drop(path) == ["a.png"]
    state.undo()
    assert names(state) == ["a.png"]


def test_a_cancelled_picture_is_classified_when_it_is_dropped_again(
    state: PredictState, drop: Callable[..., list[str]], tmp_path: Path
) -> None:
    path = picture(tmp_path / "a.png", "red")
    drop(path)
    (one,) = state.pictures.pictures
    state.pictures.store.put(one.answered(ANSWER).cancelled())
    drop(path)
    assert [each.waits for each in state.pictures.pictures] == [True]
    assert state.pictures.tally.cancelled == 0


def test_the_answer_of_a_file_that_changes_meanwhile_is_not_kept(
    qtbot: QtBot, state: PredictState, drop: Callable[..., list[str]], colour_model: Path, tmp_path: Path
) -> None:
    path = picture(tmp_path / "a.png", "red")
    state.set_classifier(Classifier.load(colour_model))
    drop(path)
    change(path, "blue")
    drop(path)
    qtbot.waitUntil(lambda: not state.is_busy, timeout=PATIENCE)
    assert [each.label for each in state.pictures.pictures] == ["blue"]


# Many


def test_twenty_thousand_pictures_dropped_again_take_no_longer_than_at_first(qapp: QApplication) -> None:
    model = PictureListModel()
    model.arrange(Arrangement(order="Name"))
    version = (1, 2, 3)
    drops = [
        [
            Picture(Path(f"/{number}.png"), f"{number}.png", file=FileState(f"/{number}.png", version))
            for number in range(20_000)
        ]
        for _ in range(2)
    ]
    seconds, added = [], []
    for drop in drops:
        began = time.process_time()
        added.append([model.add(drop[start : start + 200]) for start in range(0, len(drop), 200)])
        seconds.append(time.process_time() - began)
    assert [sum(each.new for each in groups) for groups in added] == [20_000, 0]
    assert model.pictures == drops[0]
    assert seconds[1] < 2 * seconds[0] + 0.1
    model.thumbnails.stop()


def test_a_place_is_looked_for_once_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, real = list[Path](), os.path.realpath

    def note(path: Path) -> str:
        asked.append(path)
        return real(path)

    monkeypatch.setattr(os.path, "realpath", note)
    files = [picture(tmp_path / f"{number}.png", "red") for number in range(20)]
    look = file_states()
    assert len({look(path).place for path in files}) == 20
    assert asked == [tmp_path]


def test_files_with_names_that_are_no_text(drop: Callable[..., list[str]], tmp_path: Path, state: PredictState) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.png")
    path.write_bytes(picture(tmp_path / "a.png", "red").read_bytes())
    drop(path, path)
    index = state.pictures.index(0)
    (url,) = state.pictures.mimeData([index]).urls()
    assert url == QUrl(path.as_uri())
    assert bytes(state.pictures.mimeData([index]).data("text/uri-list").data()).strip().endswith(b"caf%E9.png")
