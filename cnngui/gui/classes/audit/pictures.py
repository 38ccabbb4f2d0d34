"""The pictures of a question, side by side."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Slot
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from cnngui.core.sentences import some_of
from cnngui.gui.classes.audit.question import Shown
from cnngui.gui.classes.class_list.model import NO_CLASS
from cnngui.gui.common.pictures.cropped import RADIUS
from cnngui.gui.common.pictures.thumbnails import Thumbnails
from cnngui.gui.common.style import SPACE, colors

MOST = 12  # pictures that are shown
LARGEST = 360  # pixels, of a picture's longest side
ENLARGED = 8  # times, at most
GOES = "will be left out"


class QuestionPictures(QWidget):
    """Shows pictures as large as they fit, each with its class and its name below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        density = QGuiApplication.primaryScreen().devicePixelRatio()
        self.thumbnails = Thumbnails(self, round(LARGEST * density), kept=2 * MOST)
        self.thumbnails.changed.connect(self._repaint)
        self._pictures: tuple[Shown, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_pictures(self, pictures: Sequence[Shown], following: Sequence[Shown] = ()) -> None:
        """Show these, the first ones if they are many. following: are likely to be shown next, and read meanwhile."""
        for each in following[:MOST]:  # what is asked for last, when it is painted, is read first
            self.thumbnails.get(each.path, each.path)
        self._pictures = tuple(pictures)
        self.setAccessibleName(", ".join(": ".join(_captions(shown)) for shown in self._pictures[:MOST]))
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Enough to recognise a picture."""
        return QSize(240, 160)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the pictures."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        shown = self._pictures[:MOST]
        more = len(self._pictures) - len(shown)
        text = painter.fontMetrics().height()
        room = self.rect().adjusted(0, 0, 0, -text - SPACE if more else 0)
        for each, cell in zip(shown, cells(room, len(shown), 2 * text + SPACE), strict=True):
            self._draw(painter, each, cell)
        if more:
            painter.setPen(QColor(colors().muted))
            last = QRect(0, room.bottom() + SPACE, self.width(), text)
            painter.drawText(last, Qt.AlignmentFlag.AlignCenter, f"and {more:,} more")

    def _draw(self, painter: QPainter, shown: Shown, cell: QRect) -> None:
        chosen, metrics = colors(), painter.fontMetrics()
        text = metrics.height()
        box = cell.adjusted(0, 0, 0, -2 * text - SPACE)
        pixmap = self.thumbnails.get(shown.path, shown.path)
        if pixmap.isNull():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(chosen.raised))
            painter.drawRoundedRect(box, RADIUS, RADIUS)
        else:
            painter.drawPixmap(_fitted(pixmap, box), pixmap)
        first, second = _captions(shown)
        below = QRect(cell.left(), box.bottom() + SPACE, cell.width(), text)
        for words, colour, line in (
            (first, chosen.text, below),
            (second, chosen.warning if shown.goes else chosen.muted, below.translated(0, text)),
        ):
            painter.setPen(QColor(colour))
            fitting = metrics.elidedText(words, Qt.TextElideMode.ElideMiddle, cell.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignCenter, fitting)

    @Slot()
    def _repaint(self) -> None:
        self.update()


def cells(room: QRect, count: int, below: int) -> list[QRect]:
    """Places for so many squares in a room, as large as they fit. below: pixels for the text under each."""
    if not count:
        return []
    gap = 2 * SPACE

    def side(columns: int) -> int:
        rows = -(-count // columns)
        return min((room.width() - (columns - 1) * gap) // columns, (room.height() - (rows - 1) * gap) // rows - below)

    columns = max(range(1, count + 1), key=side)
    rows, square = -(-count // columns), max(1, min(side(columns), LARGEST))
    width, height = columns * (square + gap) - gap, rows * (square + below + gap) - gap
    left, top = room.left() + (room.width() - width) // 2, room.top() + max(0, (room.height() - height) // 2)
    places = (divmod(number, columns) for number in range(count))
    return [
        QRect(left + column * (square + gap), top + row * (square + below + gap), square, square + below)
        for row, column in places
    ]


def _fitted(pixmap: QPixmap, box: QRect) -> QRect:
    """Where the picture goes in its box, in its own proportions."""
    scale = min(box.width() / pixmap.width(), box.height() / pixmap.height(), ENLARGED)
    target = QRect(0, 0, max(1, round(pixmap.width() * scale)), max(1, round(pixmap.height() * scale)))
    target.moveCenter(box.center())
    target.moveBottom(box.bottom())  # beside its name
    return target


def _captions(shown: Shown) -> tuple[str, str]:
    """The picture's class, and its file with what happens to it."""
    where = some_of(shown.classes, len(shown.classes)) or NO_CLASS
    return where, f"{shown.path.name} · {GOES}" if shown.goes else shown.path.name
