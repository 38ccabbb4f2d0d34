"""The window by keyboard alone."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton, QWidget

from cnngui.core.progress import EpochResult
from cnngui.core.recipes.presets import ARTICLE
from cnngui.gui.common.actions import Actions
from cnngui.gui.predict.pictures.list_view import PictureListView
from cnngui.gui.runs.model.button import ModelButton
from cnngui.gui.runs.table import RunTable
from cnngui.gui.train.data.class_table import ClassTable
from cnngui.gui.train.plot.series import Caption
from tests.gui.conftest import Driver, picture, rate_box, whole_box

PLACES = ("Predict", "Classes", "Train", "Runs")  # as their buttons name them


def test_keys_change_places(driver: Driver) -> None:
    assert driver.window.predict.isVisible()
    driver.press("Ctrl+4")
    assert driver.window.runs.isVisible()
    assert not driver.button("Predict").isChecked()
    driver.press("Ctrl+2")
    assert driver.window.classes.isVisible()
    driver.press("Ctrl+3")
    assert driver.window.train.isVisible()
    assert driver.button("Train").isChecked()
    driver.press("Ctrl+1")
    assert driver.window.predict.isVisible()
    assert driver.button("Predict").isChecked()


def test_keys_act_in_their_place_only(driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def ask(_parent: QWidget, title: str, *_: str) -> tuple[str, str]:
        asked.append(title)
        return "", ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    driver.drop_files(picture(tmp_path / "red.png", "red"))
    driver.wait_for_answers()
    curves = Caption(tmp_path / "model.keras", "a model", "some data", ARTICLE)
    driver.window.train.plot.show_finished(curves, [EpochResult(1, 2.0, 0.25, 1.5, 0.5, 3.25)])

    driver.press("Ctrl+S")
    driver.press("Ctrl+Shift+S")
    assert not asked
    for place in ("Ctrl+3", "Ctrl+4"):
        driver.press(place)
        for key in ("Ctrl+L", "Ctrl+E", "Del"):
            driver.press(key)
        assert driver.pictures.total == 1
        assert not driver.window.predict.is_explaining
    driver.press("Ctrl+3")
    driver.press("Ctrl+S")
    assert asked
    driver.press("Ctrl+1")
    driver.press("Ctrl+L")
    assert driver.pictures.total == 0


def stops(driver: Driver) -> list[QWidget]:
    """Where Tab stops, from the first button of the bar until it is there again."""
    first = driver.button("Predict")
    first.setFocus()
    found: list[QWidget] = [first]
    while True:
        driver.press("Tab")
        stop = QApplication.focusWidget()
        assert stop is not None
        if stop is first:
            return found
        assert stop not in found, "Tab goes round without coming back"
        found.append(stop)


def controls(driver: Driver) -> set[QWidget]:
    """Every control in view that takes the keyboard by Tab; of those that act as one, the first.

    A spin box stands for the field inside it.
    """
    takes_tab = Qt.FocusPolicy.TabFocus
    return {
        each
        for each in driver.window.findChildren(QWidget)
        if each.isVisible() and each.isEnabled() and each.focusPolicy() & takes_tab and each.focusProxy() is None
    }


@pytest.mark.parametrize("place", ["Ctrl+1", "Ctrl+2", "Ctrl+3", "Ctrl+4"])
def test_tab_comes_to_every_control_and_round_again(driver: Driver, place: str, few_shapes: None) -> None:
    driver.press(place)
    driver.wait_until(lambda: not driver.window.train.data.is_reading)
    assert set(stops(driver)) == controls(driver)


def test_tab_comes_to_every_control_while_a_training_runs(driver: Driver, few_shapes: None) -> None:
    driver.press("Ctrl+3")
    driver.enter(whole_box(driver.window.train.form, "epochs"), "1000")
    driver.choose(driver.window.train.form.recipe_box, "article")
    driver.enter(whole_box(driver.window.train.form, "epochs"), "1000")
    driver.click("Start")
    driver.wait_until(lambda: driver.window.train.plot.has_curves)
    found = stops(driver)
    assert set(found) == controls(driver)
    assert [each.text() for each in found if isinstance(each, QPushButton)][-8:] == [
        *("Stop and keep", "Queue"),
        "Curves",  # one stop, as all such switches
        *("0–100 %", "Save …"),
        *("Pause", "Train longer …", "Discard"),
    ]
    for name, key in (("Curves", "Right"), ("Pictures", "Left"), ("Curves", "Left"), ("Data", "Right")):
        driver.button(name).setFocus()
        driver.press(key)
    assert QApplication.focusWidget() is driver.button("Curves")
    assert driver.window.train.plot.isVisible()


def test_tab_goes_down_the_form_to_the_button_and_the_classes(driver: Driver, few_shapes: None) -> None:
    driver.press("Ctrl+3")
    driver.wait_until(lambda: driver.window.train.data.summary is not None)
    form = driver.window.train.form
    boxes = [
        form.data_box,
        form.recipe_box,
        form.editor("network.begin").widget,
        whole_box(form, "epochs"),
        whole_box(form, "batch_size"),
        rate_box(form),
        form.editor("network.dropout").widget,
        form.editor("augmentation.horizontal_flip").widget,
        form.recipe_form.all_button,
    ]
    boxes.insert(2, form.recipe_form.menu_button)
    (model_button,) = driver.window.findChildren(ModelButton)
    bar = [*(driver.button(name) for name in PLACES), model_button]
    (classes,) = driver.window.findChildren(ClassTable)
    assert stops(driver) == [*bar, *boxes, driver.button("One training"), driver.button("Start"), classes]


def test_tab_goes_down_the_runs_to_the_buttons(driver: Driver) -> None:
    driver.press("Ctrl+4")
    driver.wait_until(lambda: driver.button("Use").isEnabled())
    (table,) = driver.window.findChildren(RunTable)
    search, which, first, *others = stops(driver)[1 + len(PLACES) :]
    assert search is driver.field("Search the runs")
    assert which.accessibleName() == "Active or archived runs, or trials of searches"
    assert first is table
    buttons = [each.property("text") for each in others]
    assert buttons[:3] == ["Use", "More", "Open a model …"]


def test_a_focused_button_is_pressed_with_the_space_bar(driver: Driver) -> None:
    driver.wait_until(lambda: bool(driver.window.predict.invitation.samples.findChildren(QPushButton)))
    driver.button("Sample picture cat").setFocus()
    driver.press("Space")
    assert len(driver.wait_for_answers()) == 1


def test_what_was_just_opened_is_walked_at_once(
    driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After Ctrl+O the list has the keyboard; nobody needs to look for it with Tab."""
    files = [str(picture(tmp_path / f"{colour}.png", colour)) for colour in ("red", "blue")]
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: (files, ""))
    driver.press("Ctrl+O")
    driver.wait_for_answers()
    assert isinstance(QApplication.focusWidget(), PictureListView)
    driver.press("Up")
    assert "red.png" in driver.texts()


def test_no_key_has_two_actions(driver: Driver) -> None:
    """Those of the list of models work in it alone. Del removes from whichever list is shown."""
    actions = [each for each in driver.window.findChildren(QAction) if not isinstance(each.parent(), Actions)]
    actions += [made for _, made in driver.window.actions_table]
    keys = [key for action in actions if (key := action.shortcut().toString())]
    keys.remove("Del")
    assert len(keys) > 10
    assert len(keys) == len(set(keys))


def test_ctrl_q_closes_the_window(driver: Driver) -> None:
    driver.press("Ctrl+Q")
    assert not driver.window.isVisible()


def test_the_boxes_have_names_for_a_screen_reader(driver: Driver) -> None:
    """Each is the buddy of the label before it, whose letter with Alt leads to it."""
    driver.press("Ctrl+3")
    form = driver.window.train.form
    for letter, box in {
        "D": form.data_box,
        "R": form.recipe_box,
        "E": whole_box(form, "epochs"),
        "B": whole_box(form, "batch_size"),
        "L": rate_box(form),
        "O": form.editor("network.dropout").widget,
        "H": form.editor("augmentation.horizontal_flip").widget,
    }.items():
        driver.press(f"Alt+{letter}")
        assert QApplication.focusWidget() is box
