"""Parallel coordinates: an axis for each setting that differs, a line for each run, the accuracy at the right."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from cnngui.core.sentences import counted
from cnngui.gui.common.style import SPACE, colors
from cnngui.gui.runs.compare.looks import by_level
from cnngui.gui.runs.compare.overview.places import Axis, Overview

NEAR = 10.0  # pixels between the mouse and a line that it points at


class ParallelPlot(QWidget):
    """The lines. The arrow keys go from run to run by their accuracy, Enter asks for one.

    run_asked: the path of a run. pointed: the number of the run under the mouse or chosen by keys, or None.
    """

    run_asked = Signal(object)
    pointed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._overview = Overview()
        self._axes: tuple[Axis, ...] = ()
        self._selected: frozenset[int] = frozenset()
        self._levels: list[float] = []
        self._current: int | None = None
        self._ground: QPixmap | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Settings and accuracy of all runs")

    def show_overview(self, overview: Overview, selected: Sequence[Path]) -> None:
        """Show these runs; the selected ones stand out."""
        self._overview = overview
        self._axes = (*overview.axes, overview.result) if overview.paths else ()
        self._selected = frozenset(number for number, path in enumerate(overview.paths) if path in selected)
        self._levels = overview.levels
        self._current = self._ground = None
        runs, settings = counted(len(overview.paths), "run"), counted(len(overview.axes), "setting")
        self.setAccessibleDescription(f"{runs}, {settings}")
        self.update()

    def sizeHint(self) -> QSize:
        """A good size."""
        return QSize(70 * SPACE, 28 * SPACE)

    def point_at(self, number: int | None) -> None:
        """Let this run stand out."""
        if number != self._current:
            self._current = number
            self.update()

    def place(self, number: int, axis: int) -> QPointF:
        """Where a run's line crosses an axis."""
        along = self._axes[axis].places[number]
        box = self._box()
        return QPointF(self._x(axis), box.bottom() - (0.5 if along is None else along) * box.height())

    # Mouse and keys

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Point at the nearest line."""
        self._point(self._nearest(event.position()))

    def leaveEvent(self, event: object) -> None:
        """Point at nothing."""
        self._point(None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ask for the run under the mouse."""
        found = self._nearest(event.position())
        if found is not None and event.button() == Qt.MouseButton.LeftButton:
            self.run_asked.emit(self._overview.paths[found])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the next better or the next worse run, or ask for the current one."""
        key = event.key()
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_Left: -1}
        if key in steps and self._overview.paths:
            order = sorted(range(len(self._overview.paths)), key=lambda number: self._overview.accuracies[number])
            start = -1 if steps[Qt.Key(key)] > 0 else len(order)
            place = (start if self._current is None else order.index(self._current)) + steps[Qt.Key(key)]
            self._point(order[max(0, min(place, len(order) - 1))])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current is not None:
            self.run_asked.emit(self._overview.paths[self._current])
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
        """The run whose line is nearest above or below."""
        gaps = len(self._axes) - 1
        if gaps < 1 or not self._x(0) - NEAR <= position.x() <= self._x(gaps) + NEAR:
            return None
        width = (self._x(gaps) - self._x(0)) / gaps
        gap = max(0, min(int((position.x() - self._x(0)) // width), gaps - 1))
        share = max(0.0, min((position.x() - self._x(gap)) / width, 1.0))

        def distance(number: int) -> float:
            left, right = self.place(number, gap).y(), self.place(number, gap + 1).y()
            return abs(left + share * (right - left) - position.y())

        found = min(range(len(self._overview.paths)), key=distance)
        return found if distance(found) <= NEAR else None

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the axes and the lines, then the current line, then the texts."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._ground is None or self._ground.deviceIndependentSize().toSize() != self.size():
            self._ground = self._drawn_ground()
        painter.drawPixmap(0, 0, self._ground)
        if self._current is not None:
            self._draw_line(painter, self._current, 3.5)
        for axis in range(len(self._axes)):
            self._write(painter, axis)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colors().accent), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)

    def changeEvent(self, event: QEvent) -> None:
        """Draw anew in other colours, or with other room for the titles."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange):
            self._ground = None

    def _drawn_ground(self) -> QPixmap:
        """The axes and all lines, kept while the mouse moves over them: hundreds take too long to draw each time."""
        ratio = self.devicePixelRatioF()
        ground = QPixmap(self.size() * ratio)
        ground.setDevicePixelRatio(ratio)
        ground.fill(Qt.GlobalColor.transparent)
        painter = QPainter(ground)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colors().border), 1))
        for axis in range(len(self._axes)):
            painter.drawLine(QPointF(self._x(axis), self._box().top()), QPointF(self._x(axis), self._box().bottom()))
        for number in sorted(range(len(self._levels)), key=lambda each: (each in self._selected, self._levels[each])):
            self._draw_line(painter, number, 3.0 if number in self._selected else 1.0)
        painter.end()
        return ground

    def _draw_line(self, painter: QPainter, number: int, width: float) -> None:
        painter.setPen(QPen(QColor(by_level(self._levels[number], colors())), width))
        box = self._box()
        places = [0.5 if (along := axis.places[number]) is None else along for axis in self._axes]
        painter.drawPolyline(
            [QPointF(self._x(axis), box.bottom() - along * box.height()) for axis, along in enumerate(places)]
        )

    def _write(self, painter: QPainter, number: int) -> None:
        """Write an axis's title above it and its ticks beside it."""
        axis, chosen, metrics = self._axes[number], colors(), self.fontMetrics()
        gap = self._gap()
        title = metrics.elidedText(axis.title, Qt.TextElideMode.ElideRight, int(gap - SPACE))
        painter.setPen(QColor(chosen.text))
        box = QRectF(self._x(number) - gap / 2, SPACE // 2, gap, metrics.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, title)
        for place, text in axis.ticks:
            short = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, int(gap * 0.7))
            y = self._box().bottom() - place * self._box().height()
            spot = QRectF(
                self._x(number) + 4, y - metrics.height() / 2, metrics.horizontalAdvance(short) + 4, metrics.height()
            )
            ground = QColor(chosen.surface)
            ground.setAlpha(200)
            painter.fillRect(spot, ground)
            painter.setPen(QColor(chosen.muted))
            painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, short)

    def _box(self) -> QRectF:
        above = self.fontMetrics().height() + SPACE
        return QRectF(0, above, self.width(), max(1, self.height() - above - SPACE))

    def _gap(self) -> float:
        """Between two axes."""
        return self.width() / max(1, len(self._axes))

    def _x(self, axis: int) -> float:
        return (axis + 0.5) * self._gap()
