"""Where the window is and how large: as it was last time, but within the screen."""

from PySide6.QtCore import QByteArray, QSize
from PySide6.QtWidgets import QWidget

FIRST = QSize(1100, 720)
LEAST = QSize(480, 270)  # a screen of 1920 × 1080 pixels at a scale of 300 % has 640 × 360
FRAME = QSize(8, 40)  # of the title bar and the borders, which nobody knows before the window is shown


def restore(window: QWidget, saved: QByteArray) -> None:
    """Give the window the place that :meth:`QWidget.saveGeometry` has saved, or else its first size.

    A window that is larger than its screen, less panels and the task bar, or beside it, is moved and made smaller.
    """
    window.setMinimumSize(LEAST)
    if not window.restoreGeometry(saved):
        window.resize(FIRST)
    room = window.screen().availableGeometry()
    window.resize(window.size().boundedTo(room.size() - FRAME).expandedTo(LEAST))
    if saved and not room.contains(window.geometry()):
        last = room.bottomRight() - window.rect().bottomRight()
        x, y = min(window.x(), last.x() - FRAME.width() // 2), min(window.y(), last.y() - FRAME.height())
        window.move(max(room.x(), x), max(room.y(), y))
