import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from cnngui.gui.common.strips.result_strip import Choice, ResultStrip


@pytest.mark.parametrize(("count", "are_below"), [(1, False), (2, False), (3, True)])
def test_many_buttons_go_below_the_text(count: int, are_below: bool, qtbot: QtBot) -> None:
    strip = ResultStrip()
    qtbot.addWidget(strip)
    strip.resize(600, 160)
    strip.show_result(
        "good", "Done", "It is saved.", [Choice(f"Choice {number}", strip.hide) for number in range(count)]
    )
    qtbot.waitUntil(strip.isVisible)
    lowest = max(label.geometry().bottom() for label in strip.findChildren(QLabel))
    buttons = [button for button in strip.findChildren(QPushButton) if button.isVisible()]
    assert len(buttons) == count
    assert all((button.y() > lowest) is are_below for button in buttons)
