"""Draws the middle square of a picture, with round corners."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPixmap

RADIUS = 5  # pixels


def draw_cropped(painter: QPainter, box: QRect, pixmap: QPixmap, empty: QColor) -> None:
    """Fill the box with the picture, or with a colour as long as there is none."""
    rounded = QPainterPath()
    rounded.addRoundedRect(box, RADIUS, RADIUS)
    painter.fillPath(rounded, empty)
    if pixmap.isNull():
        return
    side = min(pixmap.width(), pixmap.height())
    middle = QRect((pixmap.width() - side) // 2, (pixmap.height() - side) // 2, side, side)
    painter.save()
    painter.setClipPath(rounded)
    painter.drawPixmap(box, pixmap, middle)
    painter.restore()
