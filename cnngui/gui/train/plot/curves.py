"""The graphs of loss and accuracy. This imports pyqtgraph, which takes 0.15 s: import it inside functions only."""

import math

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics

from cnngui.gui.common.graph import (
    Grid,
    Range,
    ZoomedTogether,
    color_axes,
    confine,
    hidden_line,
    prepare,
    set_font,
    steady,
)
from cnngui.gui.common.style import Colors
from cnngui.gui.train.plot.series import Points

FULL = (-5.0, 105.0)  # an accuracy axis of 0–100 %, with that margin
FEW = 40  # points, at most, whose marks do not crowd; one alone has no line
MARKED = 200  # points, at most, that have marks at all: those of 1,000 take longer to draw than all the rest
LEAST_LINES = 14  # of text: the height of both graphs, at least


class Curves(ZoomedTogether):
    """Loss above, accuracy below. pointed: the epoch under the mouse (float)."""

    def __init__(self) -> None:
        super().__init__()
        self._graphs = _Graph(self, 0, "loss"), _Graph(self, 1, "accuracy")
        for plot in self.plots:
            self._join(plot)
        self.plots[1].setLabel("bottom", "epoch")

    def sizeHint(self) -> QSize:
        """No more than the minimum: a window that is as high as pyqtgraph prefers would scroll."""
        return QSize(self.minimumWidth(), self.minimumHeight())

    @property
    def plots(self) -> list[pg.PlotItem]:
        """The pyqtgraph plots of the loss and the accuracy."""
        return [graph.plot for graph in self._graphs]

    def draw(self, points: Points) -> None:
        """Show exactly these points; the range follows them unless the user has zoomed."""
        x, validation_x = [point.epoch for point in points.training], [point.epoch for point in points.validation]
        loss, accuracy = self._graphs
        loss.set_points(x, [p.loss for p in points.training], validation_x, [p.loss for p in points.validation])
        accuracy.set_points(
            x,
            [100 * p.accuracy for p in points.training],
            validation_x,
            [100 * p.accuracy for p in points.validation],
        )
        self._show_all()

    def mark(self, epoch: float | None) -> None:
        """Draw a vertical line through both graphs, or remove it."""
        for graph in self._graphs:
            graph.line.setVisible(epoch is not None)
            if epoch is not None:
                graph.line.setPos(epoch)

    def mark_best(self, epoch: int | None) -> None:
        """Draw a dotted line at the best epoch, or remove it."""
        for graph in self._graphs:
            graph.best.setVisible(epoch is not None)
            if epoch is not None:
                graph.best.setPos(epoch)

    def hold_accuracy(self, is_held: bool) -> None:
        """Whether the axis of the accuracy always shows 0–100 %, unless the user has zoomed."""
        self._graphs[1].fixed_y = FULL if is_held else None
        self._show_all()

    def recolor(self, chosen: Colors) -> None:
        """Draw in these colours."""
        self.setBackground(chosen.surface)
        for graph in self._graphs:
            graph.recolor(chosen)

    def set_font(self, font: QFont) -> None:
        """Write numbers and names in this font."""
        for graph in self._graphs:
            graph.set_font(font)
        self.setMinimumHeight(LEAST_LINES * QFontMetrics(font).height())

    def _in_view(self) -> list[pg.PlotItem]:
        return self.plots

    def _show_all(self) -> None:
        for graph in self._graphs:
            graph.find_ranges()
            if not self.is_zoomed:
                graph.show_all()

    def _point(self, position: QPointF) -> float | None:
        plot = next((plot for plot in self.plots if plot.sceneBoundingRect().contains(position)), None)
        return None if plot is None else float(plot.vb.mapSceneToView(position).x())


class _Graph:
    """One graph: a line for training, points on a dashed line for validation.

    fixed_y: the range of the y axis, or None for that of the points.
    """

    def __init__(self, canvas: pg.GraphicsLayoutWidget, row: int, name: str) -> None:
        self.plot = canvas.addPlot(row=row, col=0, enableMenu=False)  # which takes longer to make than all the rest
        self.plot.setLabel("left", f"{name} (%)" if name == "accuracy" else name)
        self._highest = FULL[1] if name == "accuracy" else math.inf  # that the axis shows
        prepare(self.plot)
        self._grid = Grid(self.plot)
        # Without a cache, marks are shapes, also in files, not images.
        self._training = self.plot.plot(antialias=True, symbolSize=5, useCache=False)
        self._validation = self.plot.plot(antialias=True, useCache=False)
        self._xs: list[float] = []
        self._ys: list[float] = []
        self._x: Range | None = None
        self._y: Range | None = None
        self.fixed_y: Range | None = None
        self.line, self.best = hidden_line(self.plot), hidden_line(self.plot)

    def set_points(self, x: list[float], y: list[float], validation_x: list[float], validation_y: list[float]) -> None:
        self._training.setData(x, y, symbol="o" if len(x) <= FEW else None)
        self._training.setZValue(int(len(x) == 1))  # a single point is not hidden behind that of the validation
        self._validation.setData(
            validation_x,
            validation_y,
            symbol="o" if len(validation_x) <= MARKED else None,
            symbolSize=8 if len(validation_x) <= FEW else 5,
        )
        self._xs, self._ys = x + validation_x, y + validation_y
        if not self._xs:
            self._x = self._y = None

    def find_ranges(self) -> None:
        """Find the ranges of all points, with room for more. The user cannot leave them."""
        if self._xs:
            self._x = steady(self._x, 0.0, max(self._xs))
            low, high = steady(self._y, min(self._ys), max(self._ys))
            self._y = low, min(high, self._highest)
            low, high = self.fixed_y or self._y
            confine(self.plot, (0.0, self._x[1]), (min(low, self._y[0]), max(high, self._y[1])))

    def show_all(self) -> None:
        """Show these ranges."""
        if self._x is not None and self._y is not None:
            self.plot.vb.setRange(xRange=(0.0, self._x[1]), yRange=self.fixed_y or self._y, padding=0)

    def set_font(self, font: QFont) -> None:
        set_font(self.plot, font)

    def recolor(self, chosen: Colors) -> None:
        self._training.setPen(pg.mkPen(chosen.training, width=2))
        self._training.setSymbolBrush(chosen.training)
        self._training.setSymbolPen(None)
        self._validation.setPen(pg.mkPen(chosen.validation, width=1, style=Qt.PenStyle.DashLine))
        self._validation.setSymbolBrush(chosen.validation)
        self._validation.setSymbolPen(chosen.surface)
        self.line.setPen(pg.mkPen(chosen.muted, width=1))
        self.best.setPen(pg.mkPen(chosen.good, width=1, style=Qt.PenStyle.DotLine))
        self._grid.pen = pg.mkPen(chosen.raised, width=1)
        color_axes(self.plot, chosen)
