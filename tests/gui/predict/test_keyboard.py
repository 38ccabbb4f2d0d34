"""The Predict half by keyboard: Tab follows the eye."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QProgressBar, QPushButton, QWidget

from cnngui.gui.predict.answer.confusion_view import ConfusionView
from cnngui.gui.predict.answer.probability_bars import ProbabilityBars
from tests.gui.conftest import Driver, picture

LIST = ["Find by name", "Show", "Order", "66.7 % of 3 correct", "Pictures", "Open …", "Clear"]


def name_of(widget: QWidget | None) -> str:
    """How a screen reader would call it: by its accessible name or its text."""
    assert widget is not None
    return widget.accessibleName() or str(widget.property("text"))


def focused() -> str:
    return name_of(QApplication.focusWidget())


def pressed(driver: Driver, key: str, times: int) -> list[str]:
    """What has the focus after each press."""
    names = []
    for _ in range(times):
        driver.press(key)
        names.append(focused())
    return names


@pytest.fixture
def labelled(driver: Driver, tmp_path: Path) -> Driver:
    """A window with three labelled pictures, one of them misclassified."""
    for name, colour in (("red/a.png", "red"), ("red/b.png", "blue"), ("blue/c.png", "blue")):
        (tmp_path / "album" / name).parent.mkdir(parents=True, exist_ok=True)
        picture(tmp_path / "album" / name, colour)
    driver.drop_files(tmp_path / "album")
    driver.wait_for_answers()
    return driver


def test_tab_goes_down_the_list_and_through_the_card(labelled: Driver) -> None:
    assert focused() == "Pictures"  # to walk through what was dropped
    labelled.button("Predict").setFocus()
    way = pressed(labelled, "Tab", 4 + len(LIST) + 3)
    assert way[:3] == ["Classes", "Train", "Runs"]
    assert way[3].startswith("Model: ")
    assert way[4:-3] == LIST
    assert way[-3] == "Likeliest first"
    assert way[-2] == "Explain"
    assert way[-1].startswith("black ")  # the bars
    assert pressed(labelled, "Tab", 1) == ["Predict"]


def test_shift_tab_goes_the_same_way_back(labelled: Driver) -> None:
    labelled.button("Predict").setFocus()
    forth = pressed(labelled, "Tab", 3 + len(LIST) + 3)
    back = pressed(labelled, "Shift+Tab", 3 + len(LIST) + 3)
    assert back == [*forth[-2::-1], "Predict"]


def test_the_bars_are_one_stop_that_the_arrows_move(labelled: Driver) -> None:
    (bars,) = labelled.window.findChildren(ProbabilityBars)
    labelled.button("Explain").setFocus()
    names = [name.split()[0] for name in [*pressed(labelled, "Tab", 1), *pressed(labelled, "Down", 2)]]
    assert names == ["black", "white", "grey"]
    assert pressed(labelled, "Shift+Tab", 1) == ["Explain"]
    assert pressed(labelled, "Tab", 1)[0].startswith("grey ")  # where it was left
    assert pressed(labelled, "Up", 3)[-1].startswith("black ")
    focus = QApplication.focusWidget()
    assert isinstance(focus, QProgressBar)
    assert bars.isAncestorOf(focus)
    labelled.press("Space")
    assert labelled.sees("Bright: parts that speak for “black”")


def test_the_confusion_matrix_is_one_stop(labelled: Driver) -> None:
    labelled.click("66.7 % of 3 correct")
    (view,) = labelled.window.findChildren(ConfusionView)
    labelled.button("Clear").setFocus()
    buttons = ["Save", "Back to the list", "Confusion matrix"]
    assert pressed(labelled, "Tab", 5) == [*buttons, "Confusion matrix", "Predict"]
    assert pressed(labelled, "Shift+Tab", 1) == ["Confusion matrix"]
    labelled.press("Down")
    labelled.press("Right")
    labelled.press("Return")
    assert not view.isVisible()
    assert labelled.pictures.rowCount() < 3


def test_tab_goes_through_the_invitation(driver: Driver) -> None:
    driver.wait_until(lambda: len(driver.window.predict.invitation.samples.findChildren(QPushButton)) == 10)
    assert focused() == "Open pictures …"
    assert pressed(driver, "Tab", 2) == ["Paste", "Sample picture airplane"]
    assert pressed(driver, "Shift+Tab", 3)[-1].startswith("Model: ")


def test_the_focus_follows_from_the_list_to_the_invitation_and_back(labelled: Driver) -> None:
    labelled.press("Ctrl+L")
    assert focused() == "Open pictures …"
    labelled.press("Ctrl+Z")
    assert focused() == "Pictures"
