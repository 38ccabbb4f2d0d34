"""Colours between two others."""

from PySide6.QtGui import QColor

from cnngui.gui.common.style import Colors

LEVELS = 24  # steps from the colour of the lowest accuracy to that of the highest


def mixed(color: str, other: str, share: float) -> str:
    """A colour with this share of another one. It is opaque: Qt draws transparent lines much more slowly."""
    first, second = QColor(color), QColor(other)
    red, green, blue = (
        round(a + share * (b - a))
        for a, b in (
            (first.red(), second.red()),
            (first.green(), second.green()),
            (first.blue(), second.blue()),
        )
    )
    return QColor(red, green, blue).name()


def by_level(level: float, chosen: Colors) -> str:
    """The colour of an accuracy between the lowest, 0, and the highest, 1: from orange to blue.

    Both can be told by the colour-blind. There are few steps between them, since pyqtgraph makes an image of each.
    """
    return mixed(chosen.validation, chosen.training, round(level * LEVELS) / LEVELS)
