"""The finished trials as dots. This imports pyqtgraph, which takes 0.15 s: import it inside functions only."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFocusEvent, QFont, QKeyEvent, QPainter, QPaintEvent, QPen

from cnngui.gui.common.graph import Grid, color_axes, prepare, set_font, steady
from cnngui.gui.common.style import SPACE, Colors, colors
from cnngui.gui.train.search.results.dots import Dots

HIGHEST = 105.0  # percent: 100 % and a margin
NEAR = 14.0  # pixels between the mouse and a dot that it points at


class TrialPlot(pg.GraphicsLayoutWidget):
    """A dot for each finished trial. A click chooses it, the arrow keys go from dot to dot, Enter asks for its run.

    chosen: the number of a trial. asked: the chosen trial's run is to be shown.
    """

    chosen = Signal(object)
    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.viewport().setAcceptDrops(False)  # pictures are dropped on the window
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Accuracy of the finished trials")
        self.plot = self.addPlot(enableMenu=False)
        prepare(self.plot)
        self.plot.vb.setMouseEnabled(x=False, y=False)
        self.plot.vb.disableAutoRange()
        self.plot.setLabel("left", "accuracy (%)")
        self._grid, self._line = Grid(self.plot), pg.PlotCurveItem()
        self._all, self._marked, self._current = (pg.ScatterPlotItem(antialias=True) for _ in range(3))
        for item in (self._line, self._all, self._marked, self._current):
            self.plot.addItem(item, ignoreBounds=True)
        self._dots = Dots((), (), (), "", (), (), "")
        self._number: int | None = None
        self.ci.setContentsMargins(0, SPACE, SPACE, 0)
        self.scene().sigMouseMoved.connect(self._mouse_moved)
        self.scene().sigMouseClicked.connect(self._clicked)

    def show_dots(self, dots: Dots, number: int | None) -> None:
        """Show these. number: of the chosen trial."""
        self._dots = dots
        self.setAccessibleDescription(dots.words)
        self.plot.setLabel("bottom", dots.title)
        self._line.setData(*np.array(dots.line).T)
        self._all.setData(x=dots.x, y=dots.y)
        self._show_some(self._marked, dots.marked)
        right, (low, high) = steady(None, 0.0, max(dots.x))[1], steady(None, min(dots.y), max(dots.y))
        self.plot.vb.setRange(xRange=(0.0, right), yRange=(low, min(high, HIGHEST)), padding=0)
        self.mark(number)

    def mark(self, number: int | None) -> None:
        """Let this trial stand out, if it is shown."""
        self._number = number
        self._show_some(self._current, () if number is None else (number,))

    def place(self, number: int) -> QPointF:
        """Where a trial's dot is, in the widget."""
        at = self._dots.numbers.index(number)
        spot = self.plot.vb.mapViewToScene(QPointF(self._dots.x[at], self._dots.y[at]))
        return QPointF(self.mapFromScene(spot))

    def recolor(self, chosen: Colors) -> None:
        """Draw in these colours."""
        self.setBackground(chosen.surface)
        self._grid.pen = pg.mkPen(chosen.raised, width=1)
        color_axes(self.plot, chosen)
        self._line.setPen(pg.mkPen(chosen.accent, width=2))
        for item, size, brush, pen in (
            (self._all, 7, chosen.muted, pg.mkPen(chosen.surface, width=1)),
            (self._marked, 11, chosen.accent, pg.mkPen(chosen.surface, width=1)),
            (self._current, 14, None, pg.mkPen(chosen.text, width=2)),
        ):
            item.setSize(size)
            item.setBrush(pg.mkBrush(brush))
            item.setPen(pen)

    def set_font(self, font: QFont) -> None:
        """Write numbers and names in this font."""
        set_font(self.plot, font)

    # Mouse and keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the dot beside the chosen one, or ask for its run."""
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}
        numbers = self._dots.numbers
        step = steps.get(Qt.Key(event.key()))
        if step is not None and numbers:
            start = -1 if step > 0 else len(numbers)
            at = (numbers.index(self._number) if self._number in numbers else start) + step
            self.chosen.emit(numbers[max(0, min(at, len(numbers) - 1))])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.asked.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that keys come here."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that keys go elsewhere."""
        super().focusOutEvent(event)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw all, and a frame where the keys come to."""
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self.viewport())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(colors().accent), 2))
            painter.drawRoundedRect(QRectF(self.viewport().rect()).adjusted(1, 1, -1, -1), 6, 6)
            painter.end()

    @Slot(object)
    def _mouse_moved(self, position: QPointF) -> None:
        is_near = self._nearest(position) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if is_near else Qt.CursorShape.ArrowCursor)

    @Slot(object)
    def _clicked(self, event: object) -> None:
        found = self._nearest(event.scenePos())  # type: ignore[attr-defined]
        if found is not None:
            self.chosen.emit(found)
            if event.double():  # type: ignore[attr-defined]
                self.asked.emit()

    def _nearest(self, position: QPointF) -> int | None:
        """The trial whose dot is nearest, if it is near."""
        if not self._dots.numbers:
            return None
        area: QRectF = self.plot.vb.sceneBoundingRect()
        (left, right), (low, high) = self.plot.vb.viewRange()
        across = area.left() + (np.array(self._dots.x) - left) / (right - left) * area.width() - position.x()
        down = area.bottom() - (np.array(self._dots.y) - low) / (high - low) * area.height() - position.y()
        distances = np.hypot(across, down)
        found = int(np.argmin(distances))
        return self._dots.numbers[found] if distances[found] <= NEAR else None

    def _show_some(self, item: pg.ScatterPlotItem, numbers: Sequence[int]) -> None:
        places = [at for at, number in enumerate(self._dots.numbers) if number in numbers]
        item.setData(x=[self._dots.x[at] for at in places], y=[self._dots.y[at] for at in places])
