"""Pictures that are answered after each epoch, and the first layer's filters."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from cnngui.core.data.datasets import RawData, Split
from cnngui.core.data.summary import Summary, summarize
from cnngui.core.progress import Glimpse
from cnngui.gui.common.style import LIGHT
from cnngui.gui.train.phases import Phase
from cnngui.gui.train.pinned.pinned_state import MOST, PinnedState
from cnngui.gui.train.pinned.pinned_view import Filters, PinnedView, _Tile
from tests.gui.conftest import Driver, whole_box


def summary(classes: int = 3) -> Summary:
    images = np.arange(30, dtype=np.uint8)[:, None, None, None] * np.ones((1, 32, 32, 3), np.uint8)
    split = Split(images, np.arange(30, dtype=np.int32) % classes)
    return summarize(RawData("a", "A", tuple("abcdefghij"[:classes]), split, None, None), 0.1)


def glimpse(state: PinnedState, filters: int = 5, classes: str = "abc") -> Glimpse:
    """Answers to what is pinned."""
    probabilities = np.tile(np.array([[0.7, 0.2, 0.1]], np.float32), (len(state.pixels), 1))
    return Glimpse(4, state.pixels, tuple(classes), probabilities, np.zeros((filters, 3, 3, 3), np.uint8))


@pytest.fixture
def state(qtbot: QtBot) -> Iterator[PinnedState]:
    state = PinnedState()
    yield state
    state.stop()


@pytest.fixture
def view(qtbot: QtBot, state: PinnedState) -> PinnedView:
    view = PinnedView(state)
    qtbot.addWidget(view)
    view.show()
    return view


def test_some_of_each_class_are_pinned(state: PinnedState) -> None:
    state.use_data(summary())
    assert [picture.label for picture in state.pictures] == [0, 1, 2] * 4
    assert state.pixels.shape == (MOST, 32, 32, 3)
    state.use_data(None)
    assert state.pixels.shape == (0, 32, 32, 3)


def test_the_answers_are_shown_and_judged(state: PinnedState, view: PinnedView) -> None:
    state.use_data(summary())
    state.take(glimpse(state))
    assert [tile.accessibleName() for tile in view._tiles] == ["a 70 %, b 20 %"] * MOST
    assert [tile.color for tile in view._tiles[:3]] == [LIGHT.good, LIGHT.error, LIGHT.error]
    assert view._filters_title.text() == "The first layer’s filters after epoch 4"
    assert len(view.findChildren(Filters)[0]._images) == 5
    assert not view.grab().isNull()
    state.forget()
    assert {tile.accessibleName() for tile in view._tiles} == {""}
    assert not view._filters.isVisible()


def test_a_network_without_such_filters(state: PinnedState, view: PinnedView) -> None:
    state.take(glimpse(state, filters=0))
    assert not view._filters.isVisible()


def test_dropped_pictures_are_pinned(state: PinnedState, view: PinnedView, qtbot: QtBot, tmp_path: Path) -> None:
    state.use_data(summary())
    Image.new("RGB", (50, 40), (255, 0, 0)).save(tmp_path / "red.png")
    (tmp_path / "note.txt").write_text("no picture")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in ("red.png", "note.txt")])
    buttons, modifiers = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    with qtbot.waitSignal(state.pictures_changed, timeout=10_000):
        view.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, modifiers))
    assert [picture.name for picture in state.pictures] == ["red.png", *[""] * 11]  # the data's fill the rest
    assert (state.pixels[0] == (255, 0, 0)).all()
    qtbot.waitUntil(lambda: view._hint.property("role") == "failure")
    assert view._hint.text().startswith("note.txt: ")
    state.use_data(summary())
    assert state.pictures[0].name == "red.png"  # it stays
    (back,) = view.findChildren(QPushButton)
    back.click()
    assert {picture.name for picture in state.pictures} == {""}
    assert not back.isVisible()
    assert view._hint.property("role") == "muted"


def test_a_second_drop_loses_nothing_of_the_first(state: PinnedState, qtbot: QtBot, tmp_path: Path) -> None:
    for name in ("one", "two"):
        Image.new("RGB", (9, 9)).save(tmp_path / f"{name}.png")
        state.use_files([tmp_path / f"{name}.png"])
    qtbot.waitUntil(lambda: [picture.name for picture in state.pictures] == ["two.png", "one.png"], timeout=10_000)
    with qtbot.waitSignal(state.problem, timeout=10_000) as told:
        state.use_files([tmp_path / "one.png"] * (MOST + 1))
    assert told.args == ["Only 12 pictures have room here."]


def test_answers_to_pictures_that_were_pinned_before_do_not_count(state: PinnedState) -> None:
    state.use_data(summary())
    late = glimpse(state)
    state.use_data(summary())
    state.take(late)
    assert state.answers(0) == []
    assert state.glimpse is not None
    assert len(state.glimpse.filters) == 5


def test_a_network_of_other_classes_is_not_judged(state: PinnedState) -> None:
    state.use_data(summary())
    state.take(glimpse(state))
    assert [state.is_right(number) for number in range(3)] == [True, False, False]
    state.take(glimpse(state, classes="xyz"))
    assert [name for name, _ in state.answers(0)] == ["x", "y"]
    assert state.is_right(0) is None


def test_filters_stay_when_other_pictures_are_pinned(state: PinnedState, view: PinnedView) -> None:
    state.use_data(summary())
    state.take(glimpse(state))
    state.forget_own()
    assert view._filters.isVisible()
    assert state.answers(0) == []


def test_a_long_name_is_shortened_and_its_number_is_not(qtbot: QtBot) -> None:
    tiles = [_Tile(), _Tile(), _Tile()]
    for tile, name, share in zip(
        tiles, ("hourglass" * 5, "hourglass" * 6, "hourglass" * 5), (0.7, 0.7, 0.4), strict=True
    ):
        qtbot.addWidget(tile)
        tile.resize(80, tile.sizeHint().height())
        tile.show_picture(np.zeros((32, 32, 3), np.uint8), [(name, share)], True)
    first, longer, other = (tile.grab().toImage() for tile in tiles)
    assert first == longer
    assert first != other


def test_they_are_answered_while_it_trains(driver: Driver, few_shapes: None) -> None:
    driver.press("Ctrl+3")
    train = driver.window.train
    driver.wait_until(lambda: train.data.summary is not None)
    driver.choose(train.form.recipe_box, "article")
    driver.enter(whole_box(train.form, "epochs"), "2")
    driver.click("Start")
    driver.wait_until(lambda: train.pinned.glimpse is not None)
    assert len(train.pinned.answers(0)) == 2
    glimpse = train.pinned.glimpse
    assert glimpse is not None
    assert glimpse.filters.shape == (32, 3, 3, 3)
    driver.wait_for_rest()
    driver.click("Pictures")
    assert driver.sees("filters after epoch")


def test_the_pictures_follow_data_that_was_chosen_during_a_training(driver: Driver, few_shapes: None) -> None:
    driver.press("Ctrl+3")
    train, state = driver.window.train, driver.window.train_state
    driver.wait_until(lambda: train.data.summary is not None)
    before = train.pinned.classes
    state._enter(Phase.PREPARING)
    train.data.summary = summary()
    train.data.changed.emit()
    assert train.pinned.classes == before
    state._enter(Phase.IDLE)
    assert train.pinned.classes == ("a", "b", "c")
