from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cnngui.gui.common.labels.steady_label import SteadyLabel

LONG = "A sentence that takes several lines in a narrow column. " * 3


def test_it_has_room_for_its_longest_text_at_any_width_and_size(qtbot: QtBot) -> None:
    place, label = QWidget(), SteadyLabel()
    qtbot.addWidget(place)
    label.reserve(["short", LONG])
    label.setText("short")
    column = QVBoxLayout(place)
    column.addWidget(label)
    column.addStretch()
    heights = []
    for width in (600, 200):
        place.resize(width, 400)
        place.show()
        qtbot.waitUntil(lambda: label.width() > 0)
        heights.append(label.minimumHeight())
        assert label.minimumHeight() >= 2 * label.fontMetrics().height()
    assert heights[1] > heights[0]
    font = label.font()
    font.setPointSizeF(2 * font.pointSizeF())
    label.setFont(font)
    assert label.minimumHeight() > heights[1]
