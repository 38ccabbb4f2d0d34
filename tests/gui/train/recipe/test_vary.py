"""What varies in a search, as the form asks for it."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from cnngui.core.recipes.setting import Range
from cnngui.core.search.space import Choice
from cnngui.gui.common.settings import Settings
from cnngui.gui.train.recipe.form import RecipeForm
from cnngui.gui.train.recipe.state import RecipeState
from cnngui.gui.train.recipe.vary import VaryState

RATE, DROPOUT, FLIP = "optimization.learning_rate", "network.dropout", "augmentation.horizontal_flip"
OPTIMIZER, MOMENTUM, BATCH = "optimization.optimizer", "optimization.momentum", "optimization.batch_size"


@pytest.fixture
def recipe(tmp_path: Path) -> Iterator[RecipeState]:
    state = RecipeState("standard", tmp_path / "recipes")
    yield state
    state.stop()


@pytest.fixture
def vary(recipe: RecipeState) -> VaryState:
    state = VaryState(recipe)
    state.turn(True)
    return state


@pytest.fixture
def form(qtbot: QtBot, recipe: RecipeState) -> RecipeForm:
    form = RecipeForm(recipe, Settings())
    qtbot.addWidget(form)
    form.show()
    form.activateWindow()
    return form


def test_a_setting_varies_as_usual_until_something_else_is_said(vary: VaryState, recipe: RecipeState) -> None:
    vary.vary(RATE, True)
    assert vary.space == {RATE: None}
    recipe.set(RATE, 0.01)
    assert vary.domain(RATE) == Range(0.001, 0.1, is_logarithmic=True)  # around the recipe's
    vary.give(RATE, "0.1:0.4:linear")
    assert vary.space == {RATE: Range(0.1, 0.4)}
    vary.vary(RATE, True)
    assert vary.is_usual(RATE)
    vary.vary(RATE, False)
    assert vary.space == {}


def test_what_cannot_be_is_told_and_the_last_range_stays(vary: VaryState) -> None:
    vary.vary(DROPOUT, True)
    vary.give(DROPOUT, "0.1:0.3:linear")
    vary.give(DROPOUT, "0.3:0.1:linear")
    assert "from a lower to a higher number" in vary.problem(DROPOUT)
    assert vary.first_problem == vary.problem(DROPOUT)
    assert vary.domain(DROPOUT) == Range(0.1, 0.3)
    vary.choose(FLIP, [True])
    assert vary.problem(FLIP) == "Horizontal flip varies between at least two values. Choose them."
    vary.give(DROPOUT, "0.1:0.2:linear")
    vary.vary(FLIP, False)
    assert vary.first_problem == ""


def test_a_setting_can_vary_that_has_an_effect_beside_a_value_of_another_one(
    vary: VaryState, recipe: RecipeState
) -> None:
    recipe.set(OPTIMIZER, "adam")
    assert not vary.has_effect(MOMENTUM)
    vary.vary(OPTIMIZER, True)
    assert vary.has_effect(MOMENTUM)
    vary.vary(MOMENTUM, True)
    vary.vary(OPTIMIZER, False)
    assert vary.space == {}  # what has no effect does not vary


def test_nothing_varies_in_one_training(vary: VaryState) -> None:
    vary.vary(RATE, True)
    vary.turn(False)
    assert not vary.varies(RATE)


Kind = TypeVar("Kind", bound=QWidget)


def visible(form: RecipeForm, kind: type[Kind], name: str) -> Kind:
    """The visible widget of this kind and accessible name."""
    (widget,) = (each for each in form.findChildren(kind) if each.isVisible() and each.accessibleName() == name)
    return widget


def enter(form: RecipeForm, name: str, text: str) -> None:
    line = visible(form, QLineEdit, name)
    line.selectAll()
    QTest.keyClicks(line, text)
    line.editingFinished.emit()


def test_beginners_see_no_switch(form: RecipeForm) -> None:
    assert not [each for each in form.findChildren(QCheckBox) if each.text() == "vary"]


def test_a_range_stands_in_place_of_the_value(form: RecipeForm) -> None:
    form.vary.turn(True)
    visible(form, QCheckBox, "Vary Dropout").click()
    assert not form.editor(DROPOUT).widget.isVisible()
    assert (visible(form, QLineEdit, "Dropout from").text(), visible(form, QLineEdit, "Dropout to").text()) == (
        "0",
        "0.5",
    )
    enter(form, "Dropout to", "0.4")
    assert form.vary.space == {DROPOUT: Range(0.0, 0.4)}
    scale = visible(form, QComboBox, "Scale of Dropout")
    scale.setCurrentText("in steps of")
    scale.activated.emit(scale.currentIndex())
    enter(form, "Dropout in steps of", "0.1")
    assert form.vary.space == {DROPOUT: Range(0.0, 0.4, 0.1)}
    visible(form, QCheckBox, "Vary Dropout").click()
    assert form.editor(DROPOUT).widget.isVisible()


def test_tab_comes_to_the_range_and_then_to_the_switch(form: RecipeForm) -> None:
    form.vary.turn(True)
    visible(form, QCheckBox, "Vary Dropout").click()
    visible(form, QLineEdit, "Dropout from").setFocus()
    names = []
    for _ in range(3):
        QTest.keyClick(QApplication.focusWidget() or form, Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        names.append(focus.accessibleName() if focus else "")
    assert names == ["Dropout to", "Scale of Dropout", "Vary Dropout"]


def test_numbers_can_be_a_list(form: RecipeForm) -> None:
    form.vary.turn(True)
    visible(form, QCheckBox, "Vary Batch size").click()
    scale = visible(form, QComboBox, "Scale of Batch size")
    scale.setCurrentText("these values")
    scale.activated.emit(scale.currentIndex())
    enter(form, "Batch size, values", "32, 64, 128")
    assert form.vary.space == {BATCH: Choice((32, 64, 128))}


def test_a_wrong_end_stays_and_is_told_below(form: RecipeForm) -> None:
    form.vary.turn(True)
    visible(form, QCheckBox, "Vary Dropout").click()
    enter(form, "Dropout to", "much")
    assert visible(form, QLineEdit, "Dropout to").text() == "much"
    assert "Dropout must be a number." in [label.text() for label in form.findChildren(QLabel) if label.isVisible()]


def test_a_long_value_is_shortened_and_told(form: RecipeForm) -> None:
    form.editor(OPTIMIZER)
    form.vary.turn(True)
    visible(form, QCheckBox, "Vary Optimizer").click()
    form.resize(300, 900)
    box = visible(form, QCheckBox, "SGD with Nesterov momentum")
    assert box.text().endswith("…")
    assert box.toolTip() == "SGD with Nesterov momentum"


def test_values_of_a_list_are_chosen(form: RecipeForm) -> None:
    form.editor(OPTIMIZER)  # shows all settings
    form.vary.turn(True)
    visible(form, QCheckBox, "Vary Optimizer").click()
    (adam,) = (each for each in form.findChildren(QCheckBox) if each.text() == "Adam")
    adam.click()
    assert form.vary.space == {OPTIMIZER: Choice(("sgd", "adamw"))}
