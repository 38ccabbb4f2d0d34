"""Draws the rows of the list of pictures."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from cnngui.gui.common.pictures.cropped import draw_cropped
from cnngui.gui.common.style import SPACE, colors
from cnngui.gui.predict.pictures.list_model import PictureListModel
from cnngui.gui.predict.pictures.picture import Picture

LEAST_HEIGHT = 56  # pixels: room for the thumbnail
MARGIN = 7  # pixels above and below the text
THUMBNAIL_SIDE = 40


def row_height(metrics: QFontMetrics) -> int:
    """The height of all rows, in pixels: they hold two lines of text."""
    return max(LEAST_HEIGHT, 2 * (metrics.height() + MARGIN + 1))


class PictureDelegate(QStyledItemDelegate):
    """Draws a row: the thumbnail, the name, and the answer below the name."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """All rows have one height, and the width of the list."""
        return QSize(120, row_height(option.fontMetrics))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the row at ``index``."""
        picture: Picture = index.data(PictureListModel.PictureRole)
        chosen = colors()
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        row: QRect = option.rect.adjusted(2, 1, -2, -1)
        state: QStyle.StateFlag = option.state
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            painter.setPen(Qt.PenStyle.NoPen)
            selected = bool(state & QStyle.StateFlag.State_Selected)
            painter.setBrush(QColor(chosen.accent_soft if selected else chosen.raised))
            painter.drawRoundedRect(row, 6, 6)

        box = QRect(row.left() + SPACE, row.center().y() - THUMBNAIL_SIDE // 2 + 1, THUMBNAIL_SIDE, THUMBNAIL_SIDE)
        draw_cropped(painter, box, index.data(Qt.ItemDataRole.DecorationRole), QColor(chosen.raised))

        text = row.adjusted(THUMBNAIL_SIDE + 2 * SPACE + 2, MARGIN, -SPACE, -MARGIN)
        upper, lower = text.adjusted(0, 0, 0, -text.height() // 2), text.adjusted(0, text.height() // 2, 0, 0)
        self._paint_text(painter, upper, picture.name, chosen.muted, Qt.TextElideMode.ElideMiddle)
        named = picture.answer is not None and picture.answer.known
        font = QFont(option.font)
        font.setWeight(QFont.Weight.DemiBold if named else QFont.Weight.Normal)
        painter.setFont(font)
        bad = picture.is_unreadable or picture.wrong
        color = chosen.error if bad else chosen.text if named else chosen.muted
        self._paint_text(painter, lower, picture.summary, color, Qt.TextElideMode.ElideRight)
        painter.restore()

    @staticmethod
    def _paint_text(painter: QPainter, box: QRect, text: str, color: str, elide: Qt.TextElideMode) -> None:
        painter.setPen(QColor(color))
        fitting = painter.fontMetrics().elidedText(text, elide, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, fitting)
