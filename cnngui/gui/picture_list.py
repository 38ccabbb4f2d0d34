"""The list of the pictures that were dropped: its model and how a row is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from cnngui.core.images import Source
from cnngui.core.prediction import Prediction
from cnngui.gui.style import SPACE, colors
from cnngui.gui.thumbnails import Thumbnails
from cnngui.gui.words import NONE_OF_THESE, percent, plain

ROW_HEIGHT = 56
THUMBNAIL_SIDE = 40


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture in the list. prediction is None while it waits. truth: its label, where it is known."""

    source: Source
    name: str
    truth: str | None = None
    prediction: Prediction | None = None

    @classmethod
    def of_file(cls, path: Path) -> "Picture":
        """A picture on disk, called by its file's name."""
        return cls(path, path.name)

    @property
    def summary(self) -> str:
        """The answer in a few words."""
        if self.prediction is None:
            return "waiting …"
        answer = self.prediction.classification
        if answer is None:
            return "could not be read"
        return f"{answer.label}  {percent(answer.confidence)}" if answer.known else NONE_OF_THESE


class PictureListModel(QAbstractListModel):
    """The pictures in the order in which they came. Answers fill them in from the first one that waits on."""

    PictureRole = Qt.ItemDataRole.UserRole

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pictures: list[Picture] = []
        self.thumbnails = Thumbnails(self)
        self._answered = 0
        self.failures = 0

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        """How many pictures there are."""
        return 0 if parent is not None and parent.isValid() else len(self._pictures)

    @property
    def waiting(self) -> int:
        """How many pictures have no answer yet."""
        return len(self._pictures) - self._answered

    def picture(self, row: int) -> Picture:
        """The picture in this row, from 0."""
        return self._pictures[row]

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The name, the thumbnail, or the Picture itself (PictureRole)."""
        if not index.isValid():
            return None
        picture = self._pictures[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return picture.name
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{picture.name}: {picture.summary}"
            case Qt.ItemDataRole.ToolTipRole:
                where = str(picture.source) if isinstance(picture.source, Path) else picture.name
                error = picture.prediction.error if picture.prediction else None
                return plain(f"{where}\n{error}" if error else where)
            case Qt.ItemDataRole.DecorationRole:
                return self.thumbnails.get(picture.source)
            case self.PictureRole:
                return picture
        return None

    def add(self, pictures: Sequence[Picture]) -> None:
        """Put more pictures at the end, to wait for their answers."""
        first = len(self._pictures)
        self.beginInsertRows(QModelIndex(), first, first + len(pictures) - 1)
        self._pictures.extend(pictures)
        self.endInsertRows()

    def answer(self, predictions: Sequence[Prediction]) -> None:
        """Give the next waiting pictures their answers."""
        first = self._answered
        for row, prediction in enumerate(predictions, start=first):
            self._pictures[row] = replace(self._pictures[row], prediction=prediction)
            self.failures += prediction.error is not None
        self._answered = first + len(predictions)
        self.dataChanged.emit(self.index(first), self.index(self._answered - 1))

    def forget_answers(self) -> None:
        """Let all pictures wait again."""
        if not self._pictures:
            return
        self._pictures = [replace(picture, prediction=None) for picture in self._pictures]
        self._answered = self.failures = 0
        self.dataChanged.emit(self.index(0), self.index(len(self._pictures) - 1))

    def drop_waiting(self) -> None:
        """Take out the pictures that have no answer yet."""
        if self.waiting:
            self.beginRemoveRows(QModelIndex(), self._answered, len(self._pictures) - 1)
            del self._pictures[self._answered :]
            self.endRemoveRows()

    def clear(self) -> None:
        """Take out all pictures."""
        self.beginResetModel()
        self._pictures.clear()
        self._answered = self.failures = 0
        self.endResetModel()


class PictureDelegate(QStyledItemDelegate):
    """Draws a row: the thumbnail, the name, and below it the answer."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """All rows are of one height; their width is the list's."""
        return QSize(120, ROW_HEIGHT)

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
        self._paint_thumbnail(painter, box, index.data(Qt.ItemDataRole.DecorationRole), QColor(chosen.raised))

        text = row.adjusted(THUMBNAIL_SIDE + 2 * SPACE + 2, 7, -SPACE, -7)
        upper, lower = text.adjusted(0, 0, 0, -text.height() // 2), text.adjusted(0, text.height() // 2, 0, 0)
        self._paint_text(painter, upper, picture.name, chosen.muted, Qt.TextElideMode.ElideMiddle)
        failed = picture.prediction is not None and picture.prediction.error is not None
        answer = picture.prediction.classification if picture.prediction else None
        named = answer is not None and answer.known
        font = QFont(option.font)
        font.setWeight(QFont.Weight.DemiBold if named else QFont.Weight.Normal)
        painter.setFont(font)
        color = chosen.error if failed else chosen.text if named else chosen.muted
        self._paint_text(painter, lower, picture.summary, color, Qt.TextElideMode.ElideRight)
        painter.restore()

    @staticmethod
    def _paint_thumbnail(painter: QPainter, box: QRect, pixmap: QPixmap, empty: QColor) -> None:
        rounded = QPainterPath()
        rounded.addRoundedRect(box, 5, 5)
        painter.fillPath(rounded, empty)
        if pixmap.isNull():
            return
        side = min(pixmap.width(), pixmap.height())
        middle = QRect((pixmap.width() - side) // 2, (pixmap.height() - side) // 2, side, side)
        painter.save()
        painter.setClipPath(rounded)
        painter.drawPixmap(box, pixmap, middle)
        painter.restore()

    @staticmethod
    def _paint_text(painter: QPainter, box: QRect, text: str, color: str, elide: Qt.TextElideMode) -> None:
        painter.setPen(QColor(color))
        fitting = painter.fontMetrics().elidedText(text, elide, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, fitting)
