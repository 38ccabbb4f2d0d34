"""The reliability diagram: how often answers are right that are given with a certain confidence."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from cnngui.core.answers.evaluation import Bin, error_of_bins
from cnngui.gui.common.style import SPACE, colors
from cnngui.gui.common.words import percent

SHARES = (0, 0.2, 0.4, 0.6, 0.8, 1)  # on both axes
GAP = 2  # pixels between two bars
MARK = 3  # pixels: the height of a mean confidence


class ReliabilityView(QWidget):
    """A bar for each range of confidence: its height is the share of right answers, its mark the mean confidence.

    Where the marks are above the bars, the model is surer than it should be.
    """

    def __init__(self) -> None:
        super().__init__()
        self._bins: Sequence[Bin] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(QSize(160, 120))

    @property
    def sentence(self) -> str:
        """What the diagram says."""
        if not any(part.images for part in self._bins):
            return ""
        error = error_of_bins(self._bins)
        return (
            f"Confidence and accuracy differ by {percent(error, 1)} on average (expected calibration error). Bars: how "
            "many answers of that confidence are right. Marks: their mean confidence."
        )

    def show_bins(self, bins: Sequence[Bin]) -> None:
        """Show these, of equal width from 0 to 1."""
        self._bins = bins
        self.setAccessibleName("Reliability diagram")
        self.setAccessibleDescription("\n".join([self.sentence, *(_words(part) for part in bins if part.images)]))
        self.update()

    def event(self, event: QEvent) -> bool:
        """Tell the numbers of the bar under the pointer."""
        if isinstance(event, QHelpEvent):
            number = self._number(event.pos().x())
            text = _words(self._bins[number]) if number is not None and self._bins[number].images else ""
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the axes, the bars, the marks and the diagonal."""
        painter, chosen, room = QPainter(self), colors(), self._room
        metrics = self.fontMetrics()
        for share in SHARES:
            down, across = room.bottom() - share * room.height(), room.left() + share * room.width()
            painter.setPen(QColor(chosen.border))
            painter.drawLine(QPointF(room.left(), down), QPointF(room.right(), down))
            painter.setPen(QColor(chosen.muted))
            text = percent(share)
            left = QRectF(0, down - metrics.height() / 2, room.left() - SPACE, metrics.height())
            painter.drawText(left, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
            below = QRectF(across - 40, room.bottom() + SPACE / 2, 80, metrics.height())
            painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, text)
        title = QRectF(room.left(), room.bottom() + metrics.height() + SPACE / 2, room.width(), metrics.height())
        painter.drawText(title, Qt.AlignmentFlag.AlignHCenter, "Confidence")
        painter.drawText(QPointF(0, metrics.ascent()), "Right answers")
        for number, part in enumerate(self._bins):
            if part.images:
                self._draw_bin(painter, number, part)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(chosen.text), 1, Qt.PenStyle.DashLine))
        painter.drawLine(room.bottomLeft(), room.topRight())

    def _draw_bin(self, painter: QPainter, number: int, part: Bin) -> None:
        chosen, room = colors(), self._room
        width = room.width() / len(self._bins)
        left = room.left() + number * width + GAP / 2
        height = part.right * room.height()
        bar = QColor(chosen.training)
        bar.setAlphaF(0.55)
        painter.fillRect(QRectF(left, room.bottom() - height, width - GAP, height), bar)
        middle = room.bottom() - part.confidence * room.height()
        painter.fillRect(QRectF(left, middle - MARK / 2, width - GAP, MARK), QColor(chosen.validation))

    @property
    def _room(self) -> QRectF:
        """Inside the axes."""
        metrics = self.fontMetrics()
        left, top = metrics.horizontalAdvance("100 %") + SPACE, metrics.height() + SPACE
        bottom = 2 * metrics.height() + SPACE
        return QRectF(left, top, max(1, self.width() - left - 3 * SPACE), max(1, self.height() - top - bottom))

    def _number(self, x: int) -> int | None:
        room = self._room
        number = int((x - room.left()) / room.width() * len(self._bins))
        return number if room.left() <= x and 0 <= number < len(self._bins) else None


def _words(part: Bin) -> str:
    return (
        f"{part.images:,} answer{'' if part.images == 1 else 's'} with a mean confidence of "
        f"{percent(part.confidence, 1)}: {percent(part.right, 1)} are right"
    )
