"""The window by keyboard alone."""

from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton

from cnngui.gui.predict.pictures.list_view import PictureListView
from tests.gui.conftest import Driver, picture


def test_keys_change_places(driver: Driver) -> None:
    assert driver.window.predict.isVisible()
    driver.press("Ctrl+3")
    assert driver.window.runs.isVisible()
    assert not driver.button("Predict").isChecked()
    driver.press("Ctrl+2")
    assert driver.window.train.isVisible()
    assert driver.button("Train").isChecked()
    driver.press("Ctrl+1")
    assert driver.window.predict.isVisible()
    assert driver.button("Predict").isChecked()


def test_tab_goes_down_the_form_to_the_button(driver: Driver) -> None:
    driver.press("Ctrl+2")
    form = driver.window.train.form
    boxes = [form.data_box, form.recipe_box, form.epochs_box, form.batch_size_box, form.learning_rate_box]
    boxes[0].setFocus()
    for box in [*boxes[1:], driver.button("Start")]:
        driver.press("Tab")
        assert QApplication.focusWidget() is box


@pytest.mark.parametrize("place", ["Ctrl+1", "Ctrl+2", "Ctrl+3"])
def test_tab_comes_to_every_button_and_round_again(driver: Driver, place: str) -> None:
    driver.press(place)
    buttons = {each for each in driver.window.findChildren(QPushButton) if each.isVisible() and each.isEnabled()}
    seen = []
    for _ in range(60):
        driver.press("Tab")
        seen.append(QApplication.focusWidget())
    assert buttons <= set(seen)


def test_a_focused_button_is_pressed_with_the_space_bar(driver: Driver) -> None:
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
    actions = driver.window.findChildren(QAction)
    keys = [key for action in actions if (key := action.shortcut().toString())]
    assert len(keys) > 10
    assert len(keys) == len(set(keys))


def test_ctrl_q_closes_the_window(driver: Driver) -> None:
    driver.press("Ctrl+Q")
    assert not driver.window.isVisible()


def test_the_boxes_have_names_for_a_screen_reader(driver: Driver) -> None:
    """Each is the buddy of the label before it, whose letter with Alt leads to it."""
    driver.press("Ctrl+2")
    form = driver.window.train.form
    for letter, box in {
        "D": form.data_box,
        "R": form.recipe_box,
        "E": form.epochs_box,
        "B": form.batch_size_box,
        "L": form.learning_rate_box,
    }.items():
        driver.press(f"Alt+{letter}")
        assert QApplication.focusWidget() is box
