"""The graphs of several runs. This imports pyqtgraph, which takes 0.15 s: import it inside functions only."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Signal, Slot
from PySide6.QtGui import QFont, QPen

from cnngui.gui.common.graph import Grid, Range, color_axes, prepare, set_font, steady
from cnngui.gui.common.style import SPACE, Colors
from cnngui.gui.runs.compare.looks import Look
from cnngui.gui.runs.compare.series import Quantity, RunCurves, Series, Values, no_series

FEW = 40  # points, at most, whose marks do not crowd
BUDGET = 12_000  # points of a graph, at most: more take too long to draw
LEAST_POINTS = 150  # of a curve, however many there are
TITLES = {Quantity.LOSS: "loss", Quantity.ACCURACY: "accuracy (%)", Quantity.RATE: "learning rate"}


@dataclass(frozen=True)
class Axes:
    """What the graphs show, and on which axes. unit: of the time, in seconds; None for epochs."""

    quantities: tuple[Quantity, ...]
    unit: tuple[str, float] | None = None
    is_log_x: bool = False
    is_log_y: bool = False

    def x(self, series: Series) -> Values:
        """The places of the points along the x axis."""
        places = series.epochs if self.unit is None else series.seconds / self.unit[1]
        return _log(places) if self.is_log_x else places

    def y(self, quantity: Quantity, values: Values) -> Values:
        """The places of the points along the y axis."""
        return _log(values) if self.is_log(quantity) else values

    def is_log(self, quantity: Quantity) -> bool:
        """Whether the axis of a quantity is logarithmic; that of the accuracy never is."""
        return self.is_log_y and quantity != Quantity.ACCURACY


class CompareGraphs(pg.GraphicsLayoutWidget):
    """A graph for each quantity, side by side. The wheel zooms, dragging moves, a double click shows everything again.

    pointed: the graph's quantity and the place on the x axis under the mouse, in its units, or None.
    zoomed: is_zoomed has changed.
    """

    pointed = Signal(object)
    zoomed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.viewport().setAcceptDrops(False)
        self.setAccessibleName("Curves of the selected runs")
        self._axes = Axes(tuple(Quantity))
        self._graphs = {quantity: _Graph(quantity) for quantity in Quantity}
        self.is_zoomed = False
        for graph in self._graphs.values():
            # Not pyqtgraph's own link, which sets wrong ranges until the graphs are laid out.
            graph.plot.vb.sigXRangeChanged.connect(self._follow)
            graph.plot.vb.sigRangeChangedManually.connect(self._note_zoom)
        self.ci.setContentsMargins(0, SPACE, SPACE, 0)
        self._place(self._axes.quantities)
        self.scene().sigMouseMoved.connect(self._mouse_moved)
        self.scene().sigMouseClicked.connect(self._clicked)

    @property
    def plots(self) -> dict[Quantity, pg.PlotItem]:
        """The pyqtgraph plots that are shown."""
        return {quantity: self._graphs[quantity].plot for quantity in self._axes.quantities}

    def draw(self, runs: Sequence[tuple[RunCurves, Look]], axes: Axes) -> None:
        """Show these curves, the first ones in front."""
        before, self._axes = self._axes, axes
        if before.quantities != axes.quantities:
            self._place(axes.quantities)
        for quantity in axes.quantities:
            self._graphs[quantity].draw(runs, axes, is_other=before != axes)
        if before != axes:
            self.reset_zoom()
        self._show_all()

    def mark(self, x: float | None) -> None:
        """Draw a vertical line through the graphs, in the axis's units, or remove it."""
        for graph in self._graphs.values():
            graph.line.setVisible(x is not None)
            if x is not None:
                graph.line.setPos(np.log10(x) if self._axes.is_log_x else x)

    def reset_zoom(self) -> None:
        """Show all points, now and as more are added."""
        self._set_zoomed(False)
        self._show_all()

    def recolor(self, chosen: Colors) -> None:
        """Draw axes and background in these colours."""
        self.setBackground(chosen.surface)
        for graph in self._graphs.values():
            graph.recolor(chosen)

    def set_font(self, font: QFont) -> None:
        """Write numbers and names in this font."""
        for graph in self._graphs.values():
            set_font(graph.plot, font)

    def _place(self, quantities: Sequence[Quantity]) -> None:
        for graph in self._graphs.values():
            if graph.plot in self.ci.items:
                self.ci.removeItem(graph.plot)
        for column, quantity in enumerate(quantities):
            self.ci.addItem(self._graphs[quantity].plot, 0, column)

    def _show_all(self) -> None:
        if self.is_zoomed:
            return
        graphs = [self._graphs[quantity] for quantity in self._axes.quantities]
        ends = [graph.x for graph in graphs if graph.x]
        if ends:
            low, high = min(low for low, _ in ends), max(high for _, high in ends)
            for graph in graphs:
                graph.show_all((low, high), is_log=self._axes.is_log_x)

    @Slot(object, object)
    def _follow(self, box: pg.ViewBox, shown: Range) -> None:
        for plot in self.plots.values():
            if plot.vb is not box:
                plot.vb.setXRange(*shown, padding=0)

    @Slot(object)
    def _note_zoom(self, _axes: object) -> None:
        self._set_zoomed(True)

    def _set_zoomed(self, is_zoomed: bool) -> None:
        if is_zoomed != self.is_zoomed:
            self.is_zoomed = is_zoomed
            self.zoomed.emit()

    @Slot(object)
    def _mouse_moved(self, position: QPointF) -> None:
        for quantity, plot in self.plots.items():
            if plot.vb.sceneBoundingRect().contains(position):
                x = float(plot.vb.mapSceneToView(position).x())
                self.pointed.emit((quantity, 10**x if self._axes.is_log_x else x))
                return
        self.pointed.emit(None)

    @Slot(object)
    def _clicked(self, event: object) -> None:
        if event.double():  # type: ignore[attr-defined]
            self.reset_zoom()


class _Graph:
    """The graph of one quantity. x, y: the ranges of its points, or None without any."""

    def __init__(self, quantity: Quantity) -> None:
        self._quantity = quantity
        self.plot = pg.PlotItem()
        prepare(self.plot)
        self.plot.setLabel("left", TITLES[quantity])
        self._grid = Grid(self.plot)
        self._curves: list[_Curve] = []
        self.x: Range | None = None
        self._y: Range | None = None
        self._shown_x: Range | None = None
        self._shown_y: Range | None = None
        self.line = pg.InfiniteLine(angle=90, movable=False)
        self.line.hide()
        self.plot.addItem(self.line, ignoreBounds=True)

    def draw(self, runs: Sequence[tuple[RunCurves, Look]], axes: Axes, *, is_other: bool) -> None:
        """Show these curves. is_other: whether the axes are other ones, so that their ranges do not stay."""
        self.plot.setLabel("bottom", "epoch" if axes.unit is None else f"time ({axes.unit[0]})")
        self.plot.getAxis("bottom").setLogMode(axes.is_log_x)
        self.plot.getAxis("left").setLogMode(axes.is_log(self._quantity))
        while len(self._curves) < len(runs):
            self._curves.append(_Curve(self.plot))
        most = max(LEAST_POINTS, BUDGET // (2 * len(runs) or 1))
        for number, curve in enumerate(self._curves):
            curve.draw(runs[number] if number < len(runs) else None, self._quantity, axes, most)
            curve.set_level(-number)
        ranges = [curve.ranges for curve in self._curves if curve.ranges]
        if is_other or not ranges:
            self._shown_x = self._shown_y = None
        self.x = _around([x for x, _ in ranges])
        self._y = _around([y for _, y in ranges])

    def show_all(self, x: Range, *, is_log: bool) -> None:
        """Show all points from and to these places, with room for more."""
        low = x[0] if is_log else 0.0
        self._shown_x = steady(self._shown_x, *x)
        if self._y is not None:
            self._shown_y = steady(self._shown_y, *self._y)
        self.plot.vb.setRange(xRange=(self._shown_x[0] if is_log else low, self._shown_x[1]), padding=0)
        if self._shown_y is not None:
            self.plot.vb.setRange(yRange=self._shown_y, padding=0)

    def recolor(self, chosen: Colors) -> None:
        self.line.setPen(pg.mkPen(chosen.muted, width=1))
        self._grid.pen = pg.mkPen(chosen.raised, width=1)
        color_axes(self.plot, chosen)
        for curve in self._curves:
            curve.surface = chosen.surface


class _Curve:
    """One run in one graph: a thin line for training, a thicker one for validation, a ring around its best epoch.

    ranges: of all its points along both axes; None if there are none.
    """

    def __init__(self, plot: pg.PlotItem) -> None:
        # Without a cache, marks are shapes, also in files, not images.
        self._training = plot.plot(antialias=True, symbolSize=4, useCache=False)
        self._validation = plot.plot(antialias=True, symbolSize=6, useCache=False)
        self._best = plot.plot(antialias=True, symbol="o", symbolSize=11, useCache=False)
        self.ranges: tuple[Range, Range] | None = None

    def draw(self, run: tuple[RunCurves, Look] | None, quantity: Quantity, axes: Axes, most: int) -> None:
        curves, look = run or (RunCurves(), None)
        training = curves.training.get(quantity, no_series()).thinned(most)
        validation = curves.validation.get(quantity, no_series()).thinned(most)
        x, y = axes.x(training), axes.y(quantity, training.values)
        validation_x, validation_y = axes.x(validation), axes.y(quantity, validation.values)
        if look is not None:
            self._recolor(look, is_alone=quantity == Quantity.RATE)
        self._training.setData(x, y, symbol="o" if len(x) == 1 else None)
        self._validation.setData(validation_x, validation_y, symbol="o" if 0 < len(validation_x) <= FEW else None)
        best = _best(curves, quantity)
        self._best.setData(axes.x(best), axes.y(quantity, best.values))
        xs, ys = _range(x, validation_x), _range(y, validation_y)
        self.ranges = (xs, ys) if xs and ys else None

    def set_level(self, level: int) -> None:
        """Draw it before others of a lower level; all validation lines before those of training."""
        self._training.setZValue(level - 1000)
        self._validation.setZValue(level)
        self._best.setZValue(level + 1000)

    def _recolor(self, look: Look, *, is_alone: bool) -> None:
        """is_alone: whether there is no validation line beside that of the training."""
        strong = pg.mkPen(look.color, width=look.width, style=look.dash)
        self._training.setPen(strong if is_alone else _thin(look))
        self._training.setSymbolBrush(look.color)
        self._training.setSymbolPen(None)
        self._validation.setPen(strong)
        self._validation.setSymbolBrush(look.color)
        self._validation.setSymbolPen(None)
        self._best.setPen(None)
        self._best.setSymbolBrush(None)
        self._best.setSymbolPen(pg.mkPen(look.color, width=2))


def _thin(look: Look) -> QPen:
    return pg.mkPen(look.faint, width=1, style=look.dash)


def _best(curves: RunCurves, quantity: Quantity) -> Series:
    """The point of the best epoch."""
    best = curves.best
    if best is None or quantity == Quantity.RATE:
        return no_series()
    value = best.val_loss if quantity == Quantity.LOSS else 100 * best.val_accuracy
    return Series(np.array([best.epoch], np.float64), np.array([best.seconds]), np.array([value]))


def _log(values: Values) -> Values:
    """The decimal logarithm; NaN, which is not drawn, where there is none."""
    return np.log10(np.where(values > 0, values, np.nan))


def _range(*values: Values) -> Range | None:
    finite = np.concatenate(values)
    finite = finite[np.isfinite(finite)]
    return (float(finite.min()), float(finite.max())) if len(finite) else None


def _around(ranges: Sequence[Range]) -> Range | None:
    return (min(low for low, _ in ranges), max(high for _, high in ranges)) if ranges else None
