"""Actions as data, and what follows from a table of them."""

import pytest
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from cnngui.gui.common.actions import Action, Actions, follow


class Lamp:
    """Something that can be switched, unless it is broken."""

    def __init__(self) -> None:
        self.is_on = self.is_broken = False

    def switch(self) -> None:
        self.is_on = not self.is_on


@pytest.fixture
def lamp() -> Lamp:
    return Lamp()


@pytest.fixture
def actions(lamp: Lamp, qapp: QApplication) -> Actions:
    table = [
        Action(
            "switch",
            lambda: "Switch &off" if lamp.is_on else "Switch &on",
            lamp.switch,
            key="Ctrl+L",
            tip="Switch the lamp",
            enabled=lambda: not lamp.is_broken,
            checked=lambda: lamp.is_on,
        ),
        Action("break", "Break", lambda: setattr(lamp, "is_broken", True)),
    ]
    return Actions(table, qapp)


def test_a_tooltip_shows_the_key(actions: Actions) -> None:
    assert actions["switch"].shortcut() == QKeySequence("Ctrl+L")
    assert actions["switch"].toolTip() == "Switch the lamp (Ctrl+L)"


def test_refreshing_brings_text_and_state_up_to_date(actions: Actions, lamp: Lamp) -> None:
    switch = actions["switch"]
    assert (switch.text(), switch.isChecked(), switch.isEnabled()) == ("Switch &on", False, True)
    switch.trigger()
    actions.refresh()
    assert lamp.is_on
    assert (switch.text(), switch.isChecked(), switch.isEnabled()) == ("Switch &off", True, True)
    actions["break"].trigger()
    actions.refresh()
    assert not switch.isEnabled()


def test_what_is_not_offered_is_left_out(lamp: Lamp, qapp: QApplication) -> None:
    actions = Actions([Action("mend", "Mend", lambda: None, visible=lambda: lamp.is_broken)], qapp)
    assert not actions["mend"].isVisible()
    lamp.is_broken = True
    actions.refresh()
    assert actions["mend"].isVisible()


def test_a_button_follows_its_action(actions: Actions, lamp: Lamp, qtbot: QtBot) -> None:
    button = QPushButton("Lamp")
    qtbot.addWidget(button)
    follow(button, actions["switch"], text=True)
    assert (button.text(), button.toolTip()) == ("Switch on", "Switch the lamp (Ctrl+L)")
    button.click()
    actions.refresh()
    assert lamp.is_on
    assert (button.text(), button.isChecked()) == ("Switch off", True)
    lamp.is_broken = True
    actions.refresh()
    assert not button.isEnabled()
    QTest.keyClick(button, " ")  # type: ignore[call-overload]
    assert lamp.is_on


def test_a_click_on_the_checked_one_of_a_group_leaves_it_checked(qtbot: QtBot, qapp: QApplication) -> None:
    place = Action("place", "Place", lambda: None, checked=lambda: True, group="places")
    actions = Actions([place], qapp)
    button = QPushButton("Place")
    qtbot.addWidget(button)
    follow(button, actions["place"])
    button.click()
    assert button.isChecked()


def test_the_table_keeps_its_order(actions: Actions) -> None:
    assert [(action.name, type(made)) for action, made in actions] == [("switch", QAction), ("break", QAction)]
