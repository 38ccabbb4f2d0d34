"""Labels with what they name, in rows."""

from collections.abc import Mapping

from PySide6.QtWidgets import QGridLayout, QWidget

from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.style import SPACE


def rows(labelled: Mapping[str, QWidget]) -> QGridLayout:
    """A row for each widget, behind its label, whose “&” stands before the letter of its key."""
    grid = QGridLayout()
    grid.setSpacing(SPACE)
    grid.setColumnStretch(1, 1)
    for number, (text, widget) in enumerate(labelled.items()):
        label = PlainLabel(text)
        label.setBuddy(widget)
        grid.addWidget(label, number, 0)
        grid.addWidget(widget, number, 1)
    return grid
