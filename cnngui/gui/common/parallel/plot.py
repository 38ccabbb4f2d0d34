"""Parallel coordinates: an axis for each setting that differs, a line for each training, the accuracy at the right."""

from collections.abc import Collection, Hashable

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from cnngui.core.sentences import counted
from cnngui.gui.common.parallel.axes import Axis, Overview
from cnngui.gui.common.parallel.lines import Lines
from cnngui.gui.common.style import SPACE, colors

NEAR = 10.0  # pixels between the mouse and a line that it points at


class ParallelPlot(QWidget):
    """The lines. The arrow keys go from one to the next by their accuracy, Enter asks for one.

    asked: the key of one. pointed: the number of the one under the mouse or chosen by keys, or None.
    """

    asked = Signal(object)
    pointed = Signal(object)

    def __init__(self, noun: str) -> None:
        """noun: what a line is, "run" or "trial"."""
        super().__init__()
        self._noun = noun
        self._overview = Overview()
        self._axes: tuple[Axis, ...] = ()
        self._selected: frozenset[int] = frozenset()
        self._levels: list[float] = []
        self._heights = np.zeros((0, 0))  # of each line at each axis, 0–1 from below
        self._current: int | None = None
        self._lines: Lines | None = None  # None: to be drawn anew
        self._picture: QPixmap | None = None  # of all lines, as they were last complete
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(f"Settings and accuracy of all {noun}s")

    def show_overview(self, overview: Overview, selected: Collection[Hashable]) -> None:
        """Show these; the selected ones stand out. selected: their keys."""
        self._overview = overview
        self._axes = (*overview.axes, overview.result) if overview.keys else ()
        self._selected = frozenset(number for number, key in enumerate(overview.keys) if key in selected)
        self._levels = overview.levels
        places = [[0.5 if place is None else place for place in axis.places] for axis in self._axes]
        self._heights = np.array(places).T
        self._current = self._lines = None
        lines, settings = counted(len(overview.keys), self._noun), counted(len(overview.axes), "setting")
        self.setAccessibleDescription(f"{lines}, {settings}")
        self.update()

    def sizeHint(self) -> QSize:
        """A good size."""
        return QSize(70 * SPACE, 28 * SPACE)

    def point_at(self, number: int | None) -> None:
        """Let this one stand out."""
        if number != self._current:
            self._current = number
            self.update()

    def place(self, number: int, axis: int) -> QPointF:
        """Where a line crosses an axis."""
        box = self._box()
        return QPointF(self._x(axis), box.bottom() - float(self._heights[number, axis]) * box.height())

    # Mouse and keys

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Point at the nearest line."""
        self._point(self._nearest(event.position()))

    def leaveEvent(self, event: object) -> None:
        """Point at nothing."""
        self._point(None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ask for the line under the mouse."""
        found = self._nearest(event.position())
        if found is not None and event.button() == Qt.MouseButton.LeftButton:
            self.asked.emit(self._overview.keys[found])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the next better or the next worse one, or ask for the current one."""
        key = event.key()
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_Left: -1}
        if key in steps and self._overview.keys:
            order = sorted(range(len(self._levels)), key=self._overview.accuracies.__getitem__)
            start = -1 if steps[Qt.Key(key)] > 0 else len(order)
            place = (start if self._current is None else order.index(self._current)) + steps[Qt.Key(key)]
            self._point(order[max(0, min(place, len(order) - 1))])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current is not None:
            self.asked.emit(self._overview.keys[self._current])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that keys come here."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that keys go elsewhere."""
        super().focusOutEvent(event)
        self.update()

    def _point(self, number: int | None) -> None:
        self.setCursor(Qt.CursorShape.ArrowCursor if number is None else Qt.CursorShape.PointingHandCursor)
        if number != self._current:
            self.point_at(number)
            self.pointed.emit(number)

    def _nearest(self, position: QPointF) -> int | None:
        """The one whose line is nearest above or below."""
        gaps = len(self._axes) - 1
        if gaps < 1 or not self._x(0) - NEAR <= position.x() <= self._x(gaps) + NEAR:
            return None
        width = (self._x(gaps) - self._x(0)) / gaps
        gap = max(0, min(int((position.x() - self._x(0)) // width), gaps - 1))
        share = max(0.0, min((position.x() - self._x(gap)) / width, 1.0))
        left, right = self._heights[:, gap], self._heights[:, gap + 1]
        box = self._box()
        distances = np.abs(box.bottom() - (left + share * (right - left)) * box.height() - position.y())
        found = int(np.argmin(distances))
        return found if distances[found] <= NEAR else None

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the axes and the lines, then the current line, then the texts."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_axes(painter)
        lines = self._lines or self._begin_lines()
        if not lines.are_complete:
            lines.draw_some()
        if lines.are_complete:
            self._picture = lines.picture
        else:
            self.update()  # the others, after what else is to be done
        is_fitting = self._picture is not None and self._picture.size() == lines.picture.size()
        painter.drawPixmap(0, 0, self._picture if self._picture is not None and is_fitting else lines.picture)
        if self._current is not None:
            lines.draw(painter, self._current, 3.5)
        for axis in range(len(self._axes)):
            self._write(painter, axis)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colors().accent), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw anew in the new size."""
        super().resizeEvent(event)
        self._lines = None

    def changeEvent(self, event: QEvent) -> None:
        """Draw anew in other colours, or with other room for the titles."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange):
            self._lines = self._picture = None

    def _begin_lines(self) -> Lines:
        box = self._box()
        across = np.broadcast_to([self._x(axis) for axis in range(len(self._axes))], self._heights.shape)
        spots = np.stack([across, box.bottom() - self._heights * box.height()], axis=-1)
        self._lines = Lines(spots, self._levels, self._selected, self.size(), self.devicePixelRatioF())
        return self._lines

    def _draw_axes(self, painter: QPainter) -> None:
        painter.setPen(QPen(QColor(colors().border), 1))
        for axis in range(len(self._axes)):
            painter.drawLine(QPointF(self._x(axis), self._box().top()), QPointF(self._x(axis), self._box().bottom()))

    def _write(self, painter: QPainter, number: int) -> None:
        """Write an axis's title above it and its ticks beside it."""
        axis, chosen, metrics = self._axes[number], colors(), self.fontMetrics()
        gap = self._gap()
        title = metrics.elidedText(axis.title, Qt.TextElideMode.ElideRight, int(gap - SPACE))
        painter.setPen(QColor(chosen.text))
        box = QRectF(self._x(number) - gap / 2, SPACE // 2, gap, metrics.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, title)
        for place, text in axis.ticks:
            short = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, int(gap - SPACE))
            y, width = self._box().bottom() - place * self._box().height(), metrics.horizontalAdvance(short) + 4
            spot = QRectF(self._x(number) + 4, y - metrics.height() / 2, width, metrics.height())
            ground = QColor(chosen.surface)
            ground.setAlpha(200)
            painter.fillRect(spot, ground)
            painter.setPen(QColor(chosen.muted))
            painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, short)

    def _box(self) -> QRectF:
        above = self.fontMetrics().height() + SPACE
        return QRectF(0, above, self.width(), max(1, self.height() - above - SPACE))

    def _gap(self) -> float:
        """Between two axes. There is as much room at the right of the last one, for its ticks."""
        return self.width() / (len(self._axes) + 0.5)

    def _x(self, axis: int) -> float:
        return (axis + 0.5) * self._gap()
