"""Draws the pictures of the grid."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from cnngui.core.data.collections.shelves import Item
from cnngui.gui.classes.grid.model import TILE, GridModel
from cnngui.gui.common.cropped import RADIUS
from cnngui.gui.common.style import colors

FAINT = 0.35  # the opacity of pictures that trainings leave out
BORDER = 3  # pixels, around a selected picture
BADGE = 16  # pixels, of the sign of a picture that lies elsewhere


class GridDelegate(QStyledItemDelegate):
    """Draws a picture as a square: faint if it is excluded, with an arrow if it lies elsewhere."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """All are of one size."""
        return QSize(TILE, TILE)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the picture at ``index``."""
        item: Item = index.data(GridModel.ItemRole)
        chosen = colors()
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        tile: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.setOpacity(FAINT if item.shelf.is_excluded else 1.0)
        pixmap = index.data(Qt.ItemDataRole.DecorationRole)
        if pixmap.isNull():
            _draw_nothing(painter, tile)
        else:
            painter.drawPixmap(tile, pixmap)
        painter.setOpacity(1.0)
        if item.shelf.is_excluded:
            _draw_badge(painter, QRect(tile.right() - BADGE - 5, tile.top() + 6, BADGE, BADGE), "✕")
        if item.is_reference:
            _draw_badge(painter, QRect(tile.right() - BADGE - 5, tile.bottom() - BADGE - 5, BADGE, BADGE), "↗")
        if state & QStyle.StateFlag.State_Selected:
            _draw_border(painter, tile, QColor(chosen.accent), BORDER)
        else:  # so that a white picture ends somewhere
            is_under = state & QStyle.StateFlag.State_MouseOver
            _draw_border(painter, tile, QColor(chosen.muted if is_under else chosen.border), 1)
        painter.restore()


def _draw_nothing(painter: QPainter, tile: QRect) -> None:
    """The place of a picture that has not been read yet, or cannot be."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colors().raised))
    painter.drawRoundedRect(tile, RADIUS, RADIUS)


def _draw_badge(painter: QPainter, box: QRect, sign: str) -> None:
    """A sign on a small disc, legible on any picture."""
    chosen = colors()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(chosen.surface))
    painter.drawEllipse(box)
    painter.setPen(QColor(chosen.text))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, sign)


def _draw_border(painter: QPainter, tile: QRect, color: QColor, width: int) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(color, width))
    painter.drawRoundedRect(tile.adjusted(1, 1, -1, -1), RADIUS, RADIUS)
