"""The folder of a run that is dropped on the window, in each place; also one that another program is writing."""

import platform
import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QLabel

from cnngui import paths
from cnngui.core.errors import UserError
from cnngui.core.models.card import card_path
from cnngui.core.runs import lock
from cnngui.core.runs.folder import MODEL
from cnngui.core.runs.history import append_epoch
from cnngui.core.runs.record import Phase
from cnngui.core.training.job import continued, run
from cnngui.gui.common.mime import accept_copy
from cnngui.gui.runs.cells import Column
from cnngui.gui.runs.table import RunTable
from cnngui.gui.window.drops.drop_overlay import DropOverlay
from tests.core.runs.runs import epoch, record, write_run
from tests.core.runs.test_lock import held_elsewhere
from tests.gui.conftest import Driver, mime_of, picture

PLACES = pytest.mark.parametrize("place", ["Ctrl+1", "Ctrl+3", "Ctrl+4"], ids=["predict", "train", "runs"])

pytestmark = pytest.mark.usefixtures("few_shapes")


@pytest.fixture(autouse=True)
def _shipped(colour_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The model of ten colours ships."""
    monkeypatch.setattr(paths, "shipped_model", lambda: colour_model)


@pytest.fixture
def server(tmp_path: Path) -> Path:
    """A folder for runs that is not the user's own."""
    (tmp_path / "server").mkdir()
    return tmp_path / "server"


def overlay(driver: Driver) -> str:
    """What stands on the window while something is dragged over it."""
    (found,) = driver.window.findChildren(DropOverlay)
    (text,) = found.findChildren(QLabel)
    return text.text() if found.isVisible() else ""


def selected(driver: Driver) -> str:
    """The name of the one selected run."""
    current = driver.window.runs.current
    return current.name if current else ""


def cell(driver: Driver, name: str, column: Column) -> str:
    """What stands in a run's row."""
    (table,) = driver.window.findChildren(RunTable)
    model = table.model()
    rows = (row for row in range(model.rowCount()) if model.index(row, Column.NAME).data() == name)
    return next((str(model.index(row, column).data()) for row in rows), "")


def model_name(driver: Driver) -> str:
    """The name of the model in use."""
    in_use = driver.window.opener.in_use
    return in_use.path.name if in_use is not None else ""


def drop_run(driver: Driver, folder: Path) -> None:
    driver.drop(mime_of(folder))
    driver.wait_until(lambda: driver.window.runs.isVisible() and selected(driver) == folder.name)


@PLACES
def test_the_folder_of_a_run_is_opened(driver: Driver, server: Path, warmth_model: Path, place: str) -> None:
    (folder := server / "theirs").mkdir()
    shutil.copy(warmth_model, folder / MODEL)
    shutil.copy(card_path(warmth_model), card_path(folder / MODEL))
    driver.press(place)
    assert driver.drag(mime_of(folder))
    driver.wait_until(lambda: overlay(driver) == "Drop to open the run “theirs”")
    drop_run(driver, folder)
    assert overlay(driver) == ""
    assert cell(driver, "theirs", Column.DATA) == "Warmth"
    assert driver.pictures.rowCount() == 0
    assert driver.window.train.form.source != str(folder)


@PLACES
def test_a_folder_of_pictures_is_still_classified(driver: Driver, tmp_path: Path, place: str) -> None:
    (album := tmp_path / "album").mkdir()
    picture(album / "red.png", "red")
    driver.press(place)
    assert driver.drag(mime_of(album))
    driver.wait_until(lambda: overlay(driver) == "Drop to classify all pictures in “album”")
    driver.drop(mime_of(album))
    driver.wait_until(driver.window.predict.isVisible)
    assert driver.wait_for_answers() == ["red"]


@PLACES
def test_a_model_of_tensorflow_is_named(driver: Driver, tmp_path: Path, place: str) -> None:
    (folder := tmp_path / "birds").mkdir()
    (folder / "saved_model.pb").write_bytes(b"")
    driver.press(place)
    assert driver.drag(mime_of(folder))
    driver.wait_until(lambda: overlay(driver) == "Drop to open the model “birds”")
    driver.drop(mime_of(folder))
    driver.wait_until(lambda: driver.sees("birds is a SavedModel"))


def test_a_folder_with_a_model_opens_it(driver: Driver, tmp_path: Path, warmth_model: Path) -> None:
    (folder := tmp_path / "exported").mkdir()
    shutil.copy(warmth_model, folder / "mine.keras")
    (folder / "labels.txt").write_text("0 cold\n1 warm\n")
    assert driver.drag(mime_of(folder))
    driver.wait_until(lambda: overlay(driver) == "Drop to open the model “mine.keras”")
    driver.drop(mime_of(folder))
    driver.wait_until(lambda: model_name(driver) == "mine.keras")


def test_what_lies_beside_a_model_is_no_picture(driver: Driver, tmp_path: Path, warmth_model: Path) -> None:
    shutil.copy(warmth_model, model := tmp_path / "mine.keras")
    (labels := tmp_path / "labels.txt").write_text("0 cold\n1 warm\n")
    picture(tmp_path / "red.png", "red")
    assert driver.drag(mime_of(model, labels, tmp_path / "red.png"))
    assert overlay(driver) == "Drop to open the model “mine.keras” and classify"
    driver.drop_files(model, labels, tmp_path / "red.png")
    driver.wait_until(lambda: model_name(driver) == "mine.keras")
    assert driver.pictures.rowCount() == 1


def test_it_takes_copies(driver: Driver, tmp_path: Path) -> None:
    """A program that hears of a move removes its own file."""
    event = QDropEvent(
        QPointF(300, 300),
        Qt.DropAction.MoveAction | Qt.DropAction.CopyAction,
        mime_of(picture(tmp_path / "red.png", "red")),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.ShiftModifier,
    )
    accept_copy(event)
    assert event.isAccepted()
    assert event.dropAction() == Qt.DropAction.CopyAction


def test_a_folder_of_classes_is_still_the_data(driver: Driver, tmp_path: Path) -> None:
    for name in ("warm", "cold"):
        (folder := tmp_path / "photos" / name).mkdir(parents=True)
        for number in range(3):
            picture(folder / f"{number}.png", "red")
    driver.press("Ctrl+3")
    driver.drop(mime_of(tmp_path / "photos"))
    driver.wait_until(lambda: driver.window.train.form.source == str(tmp_path / "photos"))
    assert driver.window.train.isVisible()


def test_a_run_that_another_program_is_writing_is_followed(
    driver: Driver, server: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "PATIENCE", 0.01)
    driver.window.runs._listing._timer.setInterval(50)
    folder = write_run(server / "theirs", record(Phase.TRAINING, platform.node()), epochs=1)

    def status() -> str:
        return cell(driver, "theirs", Column.STATE)

    with held_elsewhere(folder):
        drop_run(driver, folder)
        assert status() == "training, epoch 2"
        assert not driver.button("Continue").isEnabled()
        append_epoch(folder, epoch(2))
        driver.wait_until(lambda: status() == "training, epoch 3")
        assert selected(driver) == "theirs"
        assert not driver.button("Continue").isEnabled()
        before = {path.name: path.read_bytes() for path in folder.iterdir()}
        with pytest.raises(UserError, match="“theirs” is being trained by another window or command"):
            run(continued(folder))
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    driver.wait_until(lambda: status() == "interrupted")
    assert driver.button("Continue").isEnabled()


def test_a_run_on_another_computer_is_followed_by_its_files(driver: Driver, server: Path) -> None:
    driver.window.runs._listing._timer.setInterval(50)
    folder = write_run(server / "theirs", record(Phase.TRAINING, "another computer"), epochs=1)
    drop_run(driver, folder)
    assert cell(driver, "theirs", Column.STATE) == "training, epoch 2"
    append_epoch(folder, epoch(2))
    driver.wait_until(lambda: cell(driver, "theirs", Column.STATE) == "training, epoch 3")
    assert not driver.button("Continue").isEnabled()
    with pytest.raises(UserError, match="“theirs” is being trained on another computer"):
        continued(folder)
