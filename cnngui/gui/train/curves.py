"""The graphs of loss and accuracy. This imports pyqtgraph, which takes 0.15 s: import it inside functions only."""

import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal, Slot

from cnngui.core.progress import BatchProgress, EpochResult
from cnngui.gui.common.style import SPACE, Colors

ROOM = 0.15  # beyond the points, as a fraction of their range

Range = tuple[float, float]


def steady(shown: Range | None, low: float, high: float) -> Range:
    """The range of an axis for points from low to high: the range it shows now, if they all lie within it.

    Axes that change with every point cannot be read, and take longer to draw than all the rest (benchmarks/plot.py).
    """
    if shown is not None and shown[0] <= low and high <= shown[1]:
        return shown
    room = ROOM * ((high - low) or 1.0)
    return low if low == 0 else low - room, high + room


class Curves(pg.GraphicsLayoutWidget):
    """Loss above, accuracy below. The wheel zooms, dragging moves, a double click shows everything again.

    pointed: the epoch under the mouse (float), or None when it lies over neither.
    """

    pointed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.viewport().setAcceptDrops(False)  # pictures are dropped on the window
        self._graphs = _Graph(self, 0, "loss"), _Graph(self, 1, "accuracy")
        self._zoomed = False
        accuracy = self.plots[1]
        for plot in self.plots:
            # Not pyqtgraph's own link, which sets wrong ranges until the graphs are laid out.
            plot.vb.sigXRangeChanged.connect(self._follow)
            plot.vb.sigRangeChangedManually.connect(self._note_zoom)
        accuracy.setLabel("bottom", "epoch")
        self.ci.setContentsMargins(0, 0, SPACE, 0)
        self.setToolTip("Wheel: zoom · drag: move · double click: show all")
        self.scene().sigMouseMoved.connect(self._mouse_moved)
        self.scene().sigMouseClicked.connect(self._clicked)

    @property
    def plots(self) -> list[pg.PlotItem]:
        """The pyqtgraph plots of the loss and the accuracy."""
        return [graph.plot for graph in self._graphs]

    def draw(self, batches: list[BatchProgress], epochs: list[EpochResult]) -> None:
        """Show exactly these points; the range follows them unless the user has zoomed."""
        x, validation_x = [point.epochs_done for point in batches], [float(point.epoch) for point in epochs]
        loss, accuracy = self._graphs
        loss.set_points(x, [p.loss for p in batches], validation_x, [p.val_loss for p in epochs])
        accuracy.set_points(
            x, [100 * p.accuracy for p in batches], validation_x, [100 * p.val_accuracy for p in epochs]
        )
        self._show_all()

    def mark(self, epoch: float | None) -> None:
        """Draw a vertical line through both graphs, or remove it."""
        for graph in self._graphs:
            graph.line.setVisible(epoch is not None)
            if epoch is not None:
                graph.line.setPos(epoch)

    def reset_zoom(self) -> None:
        """Show all points, now and as more are added."""
        self._zoomed = False
        self._show_all()

    def recolor(self, chosen: Colors) -> None:
        """Draw in these colours."""
        self.setBackground(chosen.surface)
        for graph in self._graphs:
            graph.recolor(chosen)

    @Slot(object, object)
    def _follow(self, box: pg.ViewBox, shown: Range) -> None:
        for plot in self.plots:
            if plot.vb is not box:
                plot.vb.setXRange(*shown, padding=0)

    def _show_all(self) -> None:
        if not self._zoomed:
            for graph in self._graphs:
                graph.show_all()

    @Slot(object)
    def _note_zoom(self, _axes: object) -> None:
        self._zoomed = True

    @Slot(object)
    def _mouse_moved(self, position: QPointF) -> None:
        plot = next((plot for plot in self.plots if plot.sceneBoundingRect().contains(position)), None)
        self.pointed.emit(None if plot is None else float(plot.vb.mapSceneToView(position).x()))

    @Slot(object)
    def _clicked(self, event: object) -> None:
        if event.double():  # type: ignore[attr-defined]
            self.reset_zoom()


class _Graph:
    """One graph: a line for training, points on a dashed line for validation."""

    def __init__(self, canvas: pg.GraphicsLayoutWidget, row: int, name: str) -> None:
        self.plot = canvas.addPlot(row=row, col=0)
        self.plot.setLabel("left", f"{name} (%)" if name == "accuracy" else name)
        self.plot.getAxis("left").setWidth(56)  # both plots start at the same x, whatever their numbers
        self.plot.getAxis("left").setStyle(hideOverlappingLabels=True)  # otherwise the topmost may be cut off
        for side in ("left", "bottom"):
            self.plot.getAxis(side).enableAutoSIPrefix(False)  # no "epoch (x0.001)"
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        # No grid: drawing pyqtgraph's takes 20 ms, six times as long as everything else (benchmarks/plot.py).
        self._training = self.plot.plot(antialias=True)
        self._validation = self.plot.plot(symbol="o", symbolSize=8, antialias=True)
        self._xs: list[float] = []
        self._ys: list[float] = []
        self._x: Range | None = None
        self._y: Range | None = None
        self.line = pg.InfiniteLine(angle=90, movable=False)
        self.line.hide()
        self.plot.addItem(self.line, ignoreBounds=True)

    def set_points(self, x: list[float], y: list[float], validation_x: list[float], validation_y: list[float]) -> None:
        self._training.setData(x, y)
        self._validation.setData(validation_x, validation_y)
        self._xs, self._ys = x + validation_x, y + validation_y
        if not self._xs:
            self._x = self._y = None

    def show_all(self) -> None:
        """Show all points, with room for more."""
        if self._xs:
            self._x = steady(self._x, 0.0, max(self._xs))
            self._y = steady(self._y, min(self._ys), max(self._ys))
            self.plot.vb.setRange(xRange=self._x, yRange=self._y, padding=0)

    def recolor(self, chosen: Colors) -> None:
        self._training.setPen(pg.mkPen(chosen.training, width=2))
        self._validation.setPen(pg.mkPen(chosen.validation, width=1, style=Qt.PenStyle.DashLine))
        self._validation.setSymbolBrush(chosen.validation)
        self._validation.setSymbolPen(chosen.surface)
        self.line.setPen(pg.mkPen(chosen.muted, width=1))
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.setPen(chosen.border)
            axis.setTextPen(chosen.muted)
