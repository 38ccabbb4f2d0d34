import platform
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
import shiboken6
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLabel, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from cnngui.core.errors import UserError
from cnngui.core.networks.plan import Field
from cnngui.core.recipes.layers import LAYERS, Convolution, Dense, Dropout, Flatten, Layer, MaxPooling, article
from cnngui.core.recipes.parts import NetworkSettings
from cnngui.core.recipes.presets import ARTICLE, STANDARD
from cnngui.core.recipes.toml_file import write_recipe
from cnngui.core.runs.folder import RECIPE
from cnngui.core.training import trial
from cnngui.gui.common import questions
from cnngui.gui.train.builder import time_estimate
from cnngui.gui.train.builder.boxes import Boxes
from cnngui.gui.train.builder.dialog import Builder
from cnngui.gui.train.builder.field_view import FieldView
from cnngui.gui.train.builder.state import BuilderState
from cnngui.gui.train.builder.words import compact, shape_text
from tests.core.runs.runs import record, write_run

PICTURE = np.zeros((32, 32, 3), np.uint8)
IMAGE = (32, 32, 3)


@pytest.fixture
def timed(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """Measures at once that an image takes a millisecond."""
    measure = Mock(return_value=0.001)
    monkeypatch.setattr(trial, "seconds_per_image", measure)
    monkeypatch.setattr(time_estimate, "REST_MS", 0)
    return measure


@pytest.fixture
def builder(qtbot: QtBot, timed: Mock, tmp_path: Path) -> Iterator[Builder]:
    builder = Builder(ARTICLE, PICTURE, 10, 45_000, tmp_path)
    builder.open()
    yield builder
    if shiboken6.isValid(builder):
        builder.stop()


def button(builder: Builder, text: str) -> QPushButton:
    return next(each for each in builder.findChildren(QPushButton) if each.text().replace("&", "") == text)


def says(builder: Builder, text: str) -> bool:
    return any(text in label.text() for label in builder.findChildren(QLabel))


operations = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.sampled_from(list(LAYERS))),
        st.tuples(st.just("remove"), st.none()),
        st.tuples(st.just("move"), st.sampled_from([-1, 1])),
        st.tuples(st.just("select"), st.integers(-1, 8)),
    ),
    max_size=15,
)


@given(operations)
def test_whatever_is_done_can_be_undone_and_done_again(steps: list[tuple[str, object]]) -> None:
    state = BuilderState(article(), IMAGE, 10)
    seen = [state.layers]
    for name, value in steps:
        getattr(state, name)(*([] if value is None else [value]))
        assert -1 <= state.selected < len(state.layers)
        assert len(state.plan.layers) == len(state.layers)
        if state.layers != seen[-1]:
            seen.append(state.layers)
    for layers in reversed(seen[:-1]):
        while state.layers != layers:
            assert state.undo_stack.canUndo()
            state.undo_stack.undo()
    while state.undo_stack.canRedo():
        state.undo_stack.redo()
    assert state.layers == seen[-1]


def test_a_layer_is_added_after_the_selected_one() -> None:
    state = BuilderState((Flatten(), Dense()), IMAGE, 10)
    state.add("dropout")
    assert list(state.layers) == [Flatten(), Dropout(), Dense()]
    assert state.layer == Dropout()
    state.set("rate", 0.5)
    state.move(1)
    assert list(state.layers) == [Flatten(), Dense(), Dropout(0.5)]


def test_there_is_an_end_to_the_layers() -> None:
    state = BuilderState([Dropout()] * 100, IMAGE, 10)
    assert not state.can_add
    state.add("dropout")
    assert len(state.layers) == 100


def test_it_starts_from_the_articles_layers(builder: Builder) -> None:
    assert builder.state.layers == article()
    assert says(builder, "168 k weights, 4.04 M multiplications for each image")


@pytest.mark.parametrize(
    ("network", "layers"),
    [
        (NetworkSettings("article", 8), article(8)),
        (STANDARD.network, article()),
        (NetworkSettings("layers", layers=(Flatten(),)), (Flatten(),)),
    ],
)
def test_it_starts_from_the_recipes_layers(
    qtbot: QtBot, timed: Mock, tmp_path: Path, network: NetworkSettings, layers: tuple[Layer, ...]
) -> None:
    builder = Builder(replace(ARTICLE, network=network), PICTURE, 10, 0, tmp_path)
    qtbot.addWidget(builder)
    assert builder.state.layers == layers
    builder.stop()


def test_the_time_is_measured_and_told(builder: Builder, timed: Mock, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: says(builder, "about 7 min 30 s for the whole training on this computer"), timeout=10_000)
    recipe = timed.call_args.args[0]
    assert (recipe.network.shape, recipe.network.layers) == ("layers", article())


def test_without_data_nothing_is_measured(qtbot: QtBot, timed: Mock, tmp_path: Path) -> None:
    builder = Builder(ARTICLE, PICTURE, 10, 0, tmp_path)
    qtbot.addWidget(builder)
    builder.state.add("dropout")
    assert not builder._estimate._rest.isActive()
    assert not timed.called
    assert not says(builder, "time")
    builder.stop()


def test_a_network_that_cannot_be_timed_has_no_time(builder: Builder, timed: Mock, qtbot: QtBot) -> None:
    timed.side_effect = UserError("It is too large.")
    builder.state.add("dropout")
    qtbot.waitUntil(lambda: timed.call_count > 1, timeout=10_000)
    qtbot.waitUntil(lambda: not says(builder, "measuring the time"), timeout=10_000)
    assert not says(builder, "for the whole training")


def test_the_time_is_that_of_the_runs_so_far(qtbot: QtBot, timed: Mock, tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", record(host=platform.node(), images={"training": 1000}))  # 60.5 s an epoch
    write_recipe(ARTICLE, folder / RECIPE)
    builder = Builder(ARTICLE, PICTURE, 10, 2000, tmp_path)
    qtbot.addWidget(builder)
    text = "about 20 min 10 s for the whole training on this computer, as runs of these layers took"
    qtbot.waitUntil(lambda: says(builder, text), timeout=10_000)
    assert not timed.called
    builder.stop()


def test_what_cannot_work_is_said_at_its_layer_and_cannot_be_used(builder: Builder) -> None:
    ok = builder.findChildren(QDialogButtonBox)[0].button(QDialogButtonBox.StandardButton.Ok)
    assert ok.isEnabled()
    builder.state.select(4)
    builder.state.remove()  # Flatten
    assert says(builder, "Layers 5, 6 cannot work; each says why.")
    (boxes,) = builder.findChildren(Boxes)
    text = boxes.model().index(4, 0).data(Qt.ItemDataRole.DisplayRole)
    assert text == "5  Dense 64. It needs a row of numbers. Put Flatten or Global pooling before it."
    assert not ok.isEnabled()
    button(builder, "Undo").click()
    assert ok.isEnabled()


def test_each_layer_that_cannot_work_is_named(builder: Builder) -> None:
    builder.state.select(4)
    builder.state.add("max_pooling")  # after Flatten
    assert says(builder, "Layer 6 cannot work; it says why.")
    for _ in range(6):
        builder.state.add("max_pooling")
    assert says(builder, "cannot work; each says why.")
    assert says(builder, "more cannot work")
    builder.state.select(5)
    assert not says(builder, "Each value of this layer sees")


def test_undo_in_a_field_is_that_of_the_layers(builder: Builder, qtbot: QtBot) -> None:
    box = next(each for each in builder.findChildren(QSpinBox) if each.accessibleName() == "Filters")
    before = builder.state.layers
    qtbot.waitActive(builder)
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box.lineEdit(), "640")
    assert builder.state.layers[0] == Convolution(640, padding="valid")
    assert builder.state.undo_stack.count() == 1  # not one for each digit
    QTest.keyClick(box, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert builder.state.layers == before
    assert builder.state.undo_stack.canRedo()  # the field has not undone it by itself
    assert box.value() == 32
    QTest.keyClick(box, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert builder.state.layers[0] == Convolution(640, padding="valid")
    QTest.keyClick(box.lineEdit(), Qt.Key.Key_Return)
    assert builder.isVisible()  # Return does not close it


def test_tab_goes_through_what_is_seen(builder: Builder, qtbot: QtBot) -> None:
    qtbot.waitActive(builder)
    assert isinstance(QApplication.focusWidget(), Boxes)
    names = []
    for _ in range(7):
        QTest.keyClick(builder.focusWidget(), Qt.Key.Key_Tab)
        focus = builder.focusWidget()
        names.append(focus.accessibleName() or focus.property("text"))
    assert names[:5] == ["Filters", "Kernel size", "Stride", "Padding", "Activation"]
    assert {name.replace("&", "") for name in names[5:]} == {"Use these layers", "Cancel"}


def test_changed_layers_are_not_given_up_without_a_question(builder: Builder, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = Mock(return_value=False)
    monkeypatch.setattr(questions, "may_discard_layers", ask)
    builder.state.remove()
    QTest.keyClick(builder, Qt.Key.Key_Escape)
    assert (ask.call_count, builder.isVisible()) == (1, True)
    builder.state.undo_stack.undo()
    QTest.keyClick(builder, Qt.Key.Key_Escape)
    assert (ask.call_count, builder.isVisible()) == (1, False)


def test_the_chosen_layers_are_told(builder: Builder, qtbot: QtBot) -> None:
    builder.state.add("batch_normalization")
    with qtbot.waitSignal(builder.layers_chosen) as told:
        button(builder, "Use these layers").click()
    assert told.args == [builder.state.layers]
    assert not builder.isVisible()


def test_settings_of_the_selected_layer(builder: Builder) -> None:
    builder.state.select(2)
    box = next(each for each in builder.findChildren(QSpinBox) if each.accessibleName() == "Filters")
    assert box.value() == 64
    box.setValue(48)
    assert builder.state.layers[2] == Convolution(48, padding="valid")
    assert box is next(each for each in builder.findChildren(QSpinBox) if each.accessibleName() == "Filters")
    builder.state.select(1)
    assert next(each for each in builder.findChildren(QSpinBox) if each.accessibleName() == "Size").value() == 2


def test_the_keys_of_the_boxes(builder: Builder, qtbot: QtBot) -> None:
    (boxes,) = builder.findChildren(Boxes)
    boxes.setFocus()
    QTest.keyClick(boxes, Qt.Key.Key_Down)
    assert builder.state.layer == MaxPooling()
    QTest.keyClick(boxes, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert builder.state.layers[0] == MaxPooling()
    QTest.keyClick(boxes, Qt.Key.Key_Delete)
    assert len(builder.state.layers) == 5
    for _ in range(10):
        QTest.keyClick(boxes, Qt.Key.Key_Down)
    assert boxes.currentIndex().row() == 4  # the layer that names the classes cannot be selected
    for _ in range(5):
        QTest.keyClick(boxes, Qt.Key.Key_Delete)
    assert list(builder.state.layers) == []
    assert says(builder, "No layer is selected")
    assert not says(builder, "Each value of this layer")


def test_the_receptive_field_is_drawn(builder: Builder) -> None:
    (view,) = builder.findChildren(FieldView)
    builder.state.select(2)
    assert view.square == QRectF(12, 12, 8, 8)
    assert says(builder, "Each value of this layer sees 8 × 8 pixels of the picture.")
    builder.state.select(5)
    assert view.square == QRectF(0, 0, 32, 32)
    assert says(builder, "sees the whole picture")
    view.show_field(Field(99, 4))
    assert not view.grab().isNull()


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0"), (999, "999"), (18_496, "18.5 k"), (1_970_000, "1.97 M"), (17e9, "17 G")]
)
def test_compact_numbers(number: int, text: str) -> None:
    assert compact(number) == text


def test_shapes_as_text() -> None:
    assert shape_text((6, 6, 1024)) == "6 × 6 pixels, 1,024 channels"
    assert shape_text((2304,)) == "2,304 numbers"
