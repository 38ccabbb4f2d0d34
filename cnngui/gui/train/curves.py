"""The two graphs of a training, drawn by pyqtgraph, whose import takes 0.15 s: import this where that does no harm."""

import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal, Slot

from cnngui.core.progress import BatchProgress, EpochResult
from cnngui.gui.common.style import SPACE, Colors

ROOM = 0.15  # beyond the points, as a share of what they span

Range = tuple[float, float]


def steady(shown: Range | None, low: float, high: float) -> Range:
    """What an axis shows of points from low to high: what it shows already, as long as they lie within.

    Axes that change with every point cannot be read, and take longer to draw than all the rest (benchmarks/plot.py).
    """
    if shown is not None and shown[0] <= low and high <= shown[1]:
        return shown
    room = ROOM * ((high - low) or 1.0)
    return low if low == 0 else low - room, high + room


class Curves(pg.GraphicsLayoutWidget):
    """Loss above, accuracy below. The wheel and the mouse zoom and move them, a double click shows all again.

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
            # Not pyqtgraph's link: before the graphs have their places, it makes the ranges other than were asked for.
            plot.vb.sigXRangeChanged.connect(self._follow)
            plot.vb.sigRangeChangedManually.connect(self._note_zoom)
        accuracy.setLabel("bottom", "epoch")
        self.ci.setContentsMargins(0, 0, SPACE, 0)
        self.setToolTip("Wheel: zoom · drag: move · double click: show all")
        self.scene().sigMouseMoved.connect(self._mouse_moved)
        self.scene().sigMouseClicked.connect(self._clicked)

    @property
    def plots(self) -> list[pg.PlotItem]:
        """pyqtgraph's own plots, of the loss and of the accuracy."""
        return [graph.plot for graph in self._graphs]

    def draw(self, batches: list[BatchProgress], epochs: list[EpochResult]) -> None:
        """Show these points and no others, all of them unless the user has zoomed."""
        x, validation_x = [point.epochs_done for point in batches], [float(point.epoch) for point in epochs]
        loss, accuracy = self._graphs
        loss.set_points(x, [p.loss for p in batches], validation_x, [p.val_loss for p in epochs])
        accuracy.set_points(
            x, [100 * p.accuracy for p in batches], validation_x, [100 * p.val_accuracy for p in epochs]
        )
        self._show_all()

    def mark(self, epoch: float | None) -> None:
        """Draw a line through both graphs, or none."""
        for graph in self._graphs:
            graph.line.setVisible(epoch is not None)
            if epoch is not None:
                graph.line.setPos(epoch)

    def reset_zoom(self) -> None:
        """Show the curves whole again, and what is added to them."""
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
    """One of the two: a line for the training, points joined by a dashed line for the validation."""

    def __init__(self, canvas: pg.GraphicsLayoutWidget, row: int, name: str) -> None:
        self.plot = canvas.addPlot(row=row, col=0)
        self.plot.setLabel("left", f"{name} (%)" if name == "accuracy" else name)
        self.plot.getAxis("left").setWidth(56)  # both plots begin at one line, whatever their numbers
        self.plot.getAxis("left").setStyle(hideOverlappingLabels=True)  # else the uppermost may be cut off
        for side in ("left", "bottom"):
            self.plot.getAxis(side).enableAutoSIPrefix(False)  # "epoch (x0.001)" is for physicists
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        # No grid: pyqtgraph's takes 20 ms to draw, six times as long as all the rest (benchmarks/plot.py).
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
