"""What all graphs have in common. This imports pyqtgraph, which takes 0.15 s: import it inside functions only."""

from collections.abc import Collection

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Signal, Slot
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen

from cnngui.gui.common.style import SPACE, Colors

ROOM = 0.15  # beyond the points, as a fraction of their range
MARGIN = 0.04  # of the range, at least, between a point and the edge, which would cut its mark
GRID_LINES = 14  # of one axis, at most

Range = tuple[float, float]


def steady(shown: Range | None, low: float, high: float) -> Range:
    """The range of an axis for points from low to high: the range it shows now, if they all lie well within it.

    Axes that change with every point cannot be read, and take longer to draw than all the rest (benchmarks/plot.py).
    """
    if shown is not None:
        margin = MARGIN * (shown[1] - shown[0])
        if shown[0] + margin <= low and high <= shown[1] - margin:
            return shown
    if low == high:
        return (0.0, 2 * high) if high > 0 else (2 * low - 1, 0.0)
    room = ROOM * (high - low)
    return low - room, high + room


def confine(plot: pg.PlotItem, x: Range, y: Range) -> None:
    """Let the user zoom and move within these ranges only: beyond them there is nothing."""
    plot.vb.setLimits(xMin=x[0], xMax=x[1], yMin=y[0], yMax=y[1])


class Grid(pg.GraphicsObject):
    """Lines at the ticks, behind the curves. pyqtgraph's own grid takes much longer to draw (benchmarks/plot.py)."""

    def __init__(self, plot: pg.PlotItem) -> None:
        super().__init__()
        self._plot = plot
        self.pen = QPen()
        self.setZValue(-1)
        plot.addItem(self, ignoreBounds=True)
        plot.vb.sigRangeChanged.connect(self.prepareGeometryChange)

    def boundingRect(self) -> QRectF:
        """All that the graph shows, in its units."""
        shown: QRectF = self._plot.vb.viewRect()
        return shown

    def paint(self, painter: QPainter, *_: object) -> None:
        """Draw the lines. Qt crashes on a line that is drawn in a graph without any height or width."""
        if self._plot.vb.rect().isEmpty():
            return
        painter.setPen(self.pen)
        (left, right), (low, high) = self._plot.vb.viewRange()
        for x in _ticks(self._plot.getAxis("bottom"), left, right, self._plot.vb.width()):
            painter.drawLine(QPointF(x, low), QPointF(x, high))
        for y in _ticks(self._plot.getAxis("left"), low, high, self._plot.vb.height()):
            painter.drawLine(QPointF(left, y), QPointF(right, y))


class ZoomedTogether(pg.GraphicsLayoutWidget):
    """Graphs with one x axis. The wheel zooms, dragging moves, a double click shows everything again.

    pointed: where the mouse is, or None when it lies over no graph. zoomed: is_zoomed has changed.
    """

    pointed = Signal(object)
    zoomed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.is_zoomed = False
        self.viewport().setAcceptDrops(False)  # pictures are dropped on the window
        self.ci.setContentsMargins(0, SPACE, SPACE, 0)
        self.scene().sigMouseMoved.connect(self._mouse_moved)
        self.scene().sigMouseClicked.connect(self._clicked)

    def reset_zoom(self) -> None:
        """Show all points, now and as more are added."""
        self._set_zoomed(False)
        self._show_all()

    def _join(self, plot: pg.PlotItem) -> None:
        """Let the plot zoom with the others. pyqtgraph's own link sets wrong ranges until the graphs are laid out."""
        plot.vb.sigXRangeChanged.connect(self._follow)
        plot.vb.sigRangeChangedManually.connect(self._note_zoom)

    def _in_view(self) -> Collection[pg.PlotItem]:
        """The plots that are shown."""
        raise NotImplementedError

    def _show_all(self) -> None:
        """Show all points, unless the user has zoomed."""
        raise NotImplementedError

    def _point(self, position: QPointF) -> object:
        """What ``pointed`` says of this place in the scene."""
        raise NotImplementedError

    def _set_zoomed(self, is_zoomed: bool) -> None:
        if is_zoomed != self.is_zoomed:
            self.is_zoomed = is_zoomed
            self.zoomed.emit()

    @Slot(object, object)
    def _follow(self, box: pg.ViewBox, shown: Range) -> None:
        for plot in self._in_view():
            if plot.vb is not box:
                plot.vb.setXRange(*shown, padding=0)

    @Slot(object)
    def _note_zoom(self, _axes: object) -> None:
        self._set_zoomed(True)

    @Slot(object)
    def _mouse_moved(self, position: QPointF) -> None:
        self.pointed.emit(self._point(position))

    @Slot(object)
    def _clicked(self, event: object) -> None:
        if event.double():  # type: ignore[attr-defined]
            self.reset_zoom()


def prepare(plot: pg.PlotItem) -> None:
    """Take away what pyqtgraph adds to a graph: its menu, its button, and units like "epoch (x0.001)"."""
    for side in ("left", "bottom"):
        plot.getAxis(side).setStyle(hideOverlappingLabels=SPACE)  # half a label fits into the margin
        plot.getAxis(side).enableAutoSIPrefix(False)
    plot.setMenuEnabled(False)
    plot.hideButtons()


def hidden_line(plot: pg.PlotItem) -> pg.InfiniteLine:
    """A vertical line, hidden at first, such as the one where values are read off."""
    line = pg.InfiniteLine(angle=90, movable=False)
    line.hide()
    plot.addItem(line, ignoreBounds=True)
    return line


def set_font(plot: pg.PlotItem, font: QFont) -> None:
    """Write numbers and names in this font."""
    metrics = QFontMetrics(font)
    for side in ("left", "bottom"):
        axis = plot.getAxis(side)
        axis.setTickFont(font)
        axis.label.setFont(font)
        axis.resizeEvent()  # places the label
    # All graphs start at the same x, whatever their numbers.
    plot.getAxis("left").setWidth(metrics.horizontalAdvance("0.000") + metrics.height() + SPACE)


def color_axes(plot: pg.PlotItem, chosen: Colors) -> None:
    """Draw the axes in these colours."""
    for side in ("left", "bottom"):
        axis = plot.getAxis(side)
        axis.setPen(chosen.border)
        axis.setTextPen(chosen.muted)


def _ticks(axis: pg.AxisItem, low: float, high: float, size: float) -> list[float]:
    """The axis's ticks, the small ones only if there are few."""
    ticks: list[float] = []
    for _, values in axis.tickValues(low, high, size):
        if ticks and len(ticks) + len(values) > GRID_LINES:
            break
        ticks += [value for value in values if low < value < high]
    return ticks
