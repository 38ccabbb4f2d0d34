"""Draws the pictures of the grid."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from cnngui.core.data.collections.shelves import Item
from cnngui.gui.common.pictures.cropped import RADIUS
from cnngui.gui.common.style import SPACE, Colors

FAINT = 0.35  # the opacity of pictures that trainings leave out
BORDER = 3  # pixels, around a selected picture
BADGE = 16  # pixels, of the sign of a picture that lies elsewhere


def draw_picture(
    painter: QPainter, square: QRect, item: Item, pixmap: QPixmap, chosen: Colors, *, is_selected: bool
) -> None:
    """Draw a picture in its square: faint if it is excluded, with an arrow if it lies elsewhere."""
    if pixmap.isNull():
        _draw_nothing(painter, square, chosen)
    elif item.shelf.is_excluded:
        painter.setOpacity(FAINT)
        painter.drawPixmap(square, pixmap)
        painter.setOpacity(1.0)
    else:
        painter.drawPixmap(square, pixmap)
    if item.shelf.is_excluded:
        _draw_badge(painter, QRect(square.right() - BADGE - 5, square.top() + 6, BADGE, BADGE), "✕", chosen)
    if item.is_reference:
        _draw_badge(painter, QRect(square.right() - BADGE - 5, square.bottom() - BADGE - 5, BADGE, BADGE), "↗", chosen)
    if is_selected:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(chosen.accent), BORDER))
        painter.drawRoundedRect(square.adjusted(1, 1, -1, -1), RADIUS, RADIUS)


def draw_text(painter: QPainter, box: QRect, text: str, chosen: Colors) -> None:
    """Draw a sentence in the middle of an empty grid."""
    painter.setPen(QColor(chosen.muted))
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(box.adjusted(4 * SPACE, 0, -4 * SPACE, 0), int(flags), text)


def _draw_nothing(painter: QPainter, square: QRect, chosen: Colors) -> None:
    """The place of a picture that has not been read yet, or cannot be."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(chosen.raised))
    painter.drawRoundedRect(square, RADIUS, RADIUS)


def _draw_badge(painter: QPainter, box: QRect, sign: str, chosen: Colors) -> None:
    """A sign on a small disc, legible on any picture."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(chosen.surface))
    painter.drawEllipse(box)
    painter.setPen(QColor(chosen.text))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, sign)
