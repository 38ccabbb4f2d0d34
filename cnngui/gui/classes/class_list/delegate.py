"""Draws the rows of the list of classes."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from cnngui.gui.classes.class_list.model import ClassListModel, is_short
from cnngui.gui.common.style import SPACE, colors

Index = QModelIndex | QPersistentModelIndex
MARGIN = 7  # pixels above and below the text


class ClassDelegate(QStyledItemDelegate):
    """Draws the name on the left and the count on the right, in the colour of a warning if it is too small."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All rows have one height."""
        return QSize(60, option.fontMetrics.height() + 2 * MARGIN)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the row at ``index``."""
        chosen, state = colors(), option.state
        row: QRect = option.rect.adjusted(2, 1, -2, -1)
        name, count = index.data(ClassListModel.NameRole), index.data(ClassListModel.CountRole)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(chosen.accent_soft if state & QStyle.StateFlag.State_Selected else chosen.raised))
            painter.drawRoundedRect(row, 6, 6)
        text = row.adjusted(SPACE, 0, -SPACE, 0)
        metrics, figure = painter.fontMetrics(), f"{count:,}"
        painter.setPen(QColor(chosen.warning if is_short(name, count) else chosen.muted))
        painter.drawText(text, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, figure)
        text.setRight(text.right() - metrics.horizontalAdvance(figure) - SPACE)
        painter.setPen(QColor(chosen.text if name else chosen.muted))
        shown = metrics.elidedText(str(index.data()), Qt.TextElideMode.ElideMiddle, text.width())
        painter.drawText(text, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A line to type the name in."""
        editor = QLineEdit(parent)
        editor.setAccessibleName("Name of the class")
        return editor
