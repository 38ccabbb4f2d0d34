"""The form is made from the definitions of the settings."""

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import Mock

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QFileDialog, QInputDialog, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from cnngui.core.recipes.presets import PRESETS, STANDARD
from cnngui.core.recipes.recipe import SETTINGS
from cnngui.core.recipes.setting import Value
from cnngui.gui.common import questions
from cnngui.gui.common.scroll_column import ScrollColumn
from cnngui.gui.common.settings import Settings
from cnngui.gui.train.recipe.editors import Editor
from cnngui.gui.train.recipe.file_box import FileBox
from cnngui.gui.train.recipe.form import BASIC, RecipeForm
from cnngui.gui.train.recipe.schedule_sketch import ScheduleSketch
from cnngui.gui.train.recipe.state import RecipeState


@pytest.fixture
def form(qtbot: QtBot, tmp_path: Path) -> Iterator[RecipeForm]:
    form = RecipeForm(RecipeState("standard", tmp_path / "recipes"), Settings())
    qtbot.addWidget(form)
    form.show()
    yield form
    state_of(form).stop()


def state_of(form: RecipeForm) -> RecipeState:
    return form._state


def put(editor: Editor, value: object) -> None:
    """Change what the widget shows, as a person does."""
    widget = editor.widget
    if isinstance(widget, QCheckBox):
        widget.click()
    elif isinstance(widget, QComboBox):
        widget.setCurrentIndex(widget.findData(value))
    elif isinstance(widget, FileBox):
        widget.line.selectAll()
        QTest.keyClicks(widget.line, str(value))
        QTest.keyClick(widget.line, Qt.Key.Key_Return)
    else:
        assert isinstance(widget, QSpinBox | QDoubleSpinBox)
        widget.selectAll()
        QTest.keyClicks(widget.lineEdit(), str(value))
        QTest.keyClick(widget.lineEdit(), Qt.Key.Key_Return)


def reset_button(form: RecipeForm, path: str) -> QPushButton:
    return next(
        button
        for button in form.findChildren(QPushButton)
        if button.accessibleName() == f"Reset {SETTINGS[path].label}"
    )


def test_beginners_see_the_basic_settings_only(form: RecipeForm) -> None:
    assert set(BASIC) == {path for path, setting in SETTINGS.items() if setting.is_basic}
    kinds = (QSpinBox, QDoubleSpinBox, QCheckBox, QComboBox, FileBox)
    shown = {editor.accessibleName() for kind in kinds for editor in form.findChildren(kind)} - {""}
    assert shown == {SETTINGS[path].label for path in BASIC}


@pytest.mark.parametrize("path", SETTINGS)
def test_each_setting_is_in_the_form_with_its_sentence_and_bounds(form: RecipeForm, path: str) -> None:
    setting, editor = SETTINGS[path], form.editor(path)
    assert editor.widget.toolTip().startswith(setting.sentence)
    assert editor.value == STANDARD.value(path)
    assert editor.widget.isVisible() == STANDARD.has_effect(path)
    if setting.kind in (int, float):
        assert setting.bounds in editor.widget.toolTip()
        assert isinstance(editor.widget, QSpinBox | QDoubleSpinBox)
        for bound in (setting.minimum, setting.maximum):
            assert abs(editor.widget.minimum() - bound) < 1e-5 or abs(editor.widget.maximum() - bound) < 1e-5


@pytest.mark.parametrize("path", [path for path in SETTINGS if path != "network.begin"])
def test_each_setting_can_be_changed_and_reset(form: RecipeForm, path: str) -> None:
    state, setting, editor = state_of(form), SETTINGS[path], form.editor(path)
    before = STANDARD.value(path)
    if setting.choices is not None:
        value: Value = next(choice for choice in setting.choices if choice != before)
    elif setting.kind is bool:
        value = not bool(before)
    else:
        value = "a.keras" if setting.kind is str else max(1, int(setting.minimum)) if setting.kind is int else 0.2
    put(editor, value)
    assert state.recipe == STANDARD.changed({path: value})
    if state.recipe.has_effect(path):
        assert editor.widget.isVisible()
        reset_button(form, path).click()
        assert state.recipe == STANDARD
        assert not reset_button(form, path).isVisible()
    assert editor.value == state.recipe.value(path)


@pytest.mark.parametrize(
    ("begin", "name"), [("shipped", "fine-tune"), ("model", "fine-tune"), ("efficientnet_lite0", "backbone")]
)
def test_whoever_begins_with_another_model_gets_the_recipe_that_suits(form: RecipeForm, begin: str, name: str) -> None:
    state = state_of(form)
    put(form.editor("network.begin"), begin)
    assert state.name == name
    assert state.recipe == PRESETS[name].changed({"network.begin": begin})
    put(form.editor("network.begin"), "nothing")
    assert (state.name, state.is_edited) == ("standard", False)


def test_a_value_that_the_form_rounds_stays_exact(form: RecipeForm) -> None:
    state = state_of(form)
    exact = STANDARD.changed(
        {"optimization.learning_rate": 0.1 + 0.2, "seed": 2**32 - 1, "optimization.momentum": 1 / 3}
    )
    for path in ("optimization.learning_rate", "seed", "optimization.momentum"):
        form.editor(path)
        state.set(path, exact.value(path))
    assert state.recipe == exact
    assert form.editor("seed").value == 2**32 - 1


def test_the_schedule_is_drawn(form: RecipeForm) -> None:
    form.editor("optimization.schedule")
    (sketch,) = form.findChildren(ScheduleSketch)
    peak = STANDARD.optimization.learning_rate
    assert sketch.rates.max() == pytest.approx(peak, rel=1e-3)
    assert sketch.rates[-1] < 0.01 * peak
    before = sketch.grab().toImage()
    put(form.editor("optimization.schedule"), "constant")
    assert set(sketch.rates) == {peak}
    assert sketch.grab().toImage() != before
    put(form.editor("optimization.epochs"), 1)
    assert sketch.accessibleName() == "The learning rate over 1 epoch, 0.375 at its peak"


def test_what_has_no_effect_is_hidden(form: RecipeForm) -> None:
    warm_restarts, momentum = form.editor("optimization.warm_restarts"), form.editor("optimization.momentum")
    assert (warm_restarts.widget.isVisible(), momentum.widget.isVisible()) == (False, True)
    put(form.editor("optimization.schedule"), "restarts")
    put(form.editor("optimization.optimizer"), "adam")
    assert (warm_restarts.widget.isVisible(), momentum.widget.isVisible()) == (True, False)


def test_an_edited_recipe_is_called_so(form: RecipeForm) -> None:
    put(form.editor("network.dropout"), 0.3)
    assert form.box.currentText() == "standard, edited"
    form.box.setCurrentIndex(form.box.findData("quick"))
    form.box.activated.emit(form.box.currentIndex())
    assert form.box.currentText() == "quick"
    assert state_of(form).recipe == PRESETS["quick"]


def action(form: RecipeForm, name: str) -> None:
    next(each for each in form.menu_button.menu().actions() if each.text().replace("&", "") == name).trigger()


def test_a_recipe_is_saved_exported_imported_and_removed(
    form: RecipeForm, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    state, file = state_of(form), tmp_path / "given away"
    put(form.editor("optimization.epochs"), 3)
    monkeypatch.setattr(QInputDialog, "getText", lambda *_args, **_named: ("mine", True))
    with qtbot.waitSignal(state.kept):
        action(form, "Save as …")
    assert (form.box.currentText(), state.recipe.name, Settings().recipe) == ("mine", "mine", "mine")
    with qtbot.waitSignal(form.export_asked):
        action(form, "Export …")
    state.writer()(file.with_suffix(".toml"))  # as the window's test has it
    with qtbot.waitSignal(state.kept):
        action(form, "Remove the recipe")
    assert form.box.currentText() == "standard"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file.with_suffix(".toml")), ""))
    with qtbot.waitSignal(state.kept):
        action(form, "Import …")
    assert (form.box.currentText(), state.recipe.optimization.epochs) == ("mine", 3)


def test_another_recipe_is_not_replaced_without_a_question(
    form: RecipeForm, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    state, asked = state_of(form), Mock(return_value=False)
    monkeypatch.setattr(questions, "may_replace_recipe", asked)
    monkeypatch.setattr(QInputDialog, "getText", lambda *_args, **_named: ("mine", True))
    with qtbot.waitSignal(state.kept):
        action(form, "Save as …")
    put(form.editor("optimization.epochs"), 3)
    with qtbot.waitSignal(state.kept):
        action(form, "Save as …")  # the chosen one itself
    assert not asked.called
    state.choose("quick")
    with qtbot.assertNotEmitted(state.kept, wait=200):
        action(form, "Save as …")
    assert asked.call_args.args[0] == "mine"
    assert state.recipes["mine"].optimization.epochs == 3


def test_own_layers_are_counted(form: RecipeForm) -> None:
    put(form.editor("network.shape"), "layers")
    assert form._text.text().startswith("6 layers of your own.")


def test_what_unfolds_is_scrolled_into_view(qtbot: QtBot, form: RecipeForm) -> None:
    column = ScrollColumn(form, 300)
    qtbot.addWidget(column)
    column.resize(320, 400)
    column.show()
    QTest.mouseClick(form.all_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: column.verticalScrollBar().value() > 0)
    top = form.all_button.mapTo(column.viewport(), QPoint(0, 0)).y()
    assert 0 <= top < 100
    column.takeWidget()


def test_a_bad_name_and_a_bad_file_are_told(
    form: RecipeForm, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(QInputDialog, "getText", lambda *_args, **_named: ("standard", True))
    with qtbot.waitSignal(state_of(form).failed):
        action(form, "Save as …")
    assert form._problem.isVisible()
    assert "Choose another name" in form._problem.text()
    (tmp_path / "bad.toml").write_text("x = [")
    with qtbot.waitSignal(state_of(form).failed):
        form.import_file(tmp_path / "bad.toml")
    assert "bad.toml is not a TOML file" in form._problem.text()
    assert state_of(form).recipe == STANDARD


def test_all_settings_stay_open(qtbot: QtBot, form: RecipeForm, tmp_path: Path) -> None:
    assert not Settings().shows_all_settings
    form.all_button.click()
    again = RecipeForm(RecipeState("standard", tmp_path / "recipes"), Settings())
    qtbot.addWidget(again)
    assert again.all_button.isChecked()
