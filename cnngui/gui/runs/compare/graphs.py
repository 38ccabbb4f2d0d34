"""The graphs of several runs. This imports pyqtgraph, which takes 0.15 s: import it inside functions only."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Signal, Slot
from PySide6.QtGui import QFont

from cnngui.gui.common.graph import Grid, Range, color_axes, prepare, set_font, steady
from cnngui.gui.common.style import SPACE, Colors
from cnngui.gui.runs.compare.axes import Axes
from cnngui.gui.runs.compare.looks import Look
from cnngui.gui.runs.compare.series import Quantity, RunCurves, Series, Values, no_series

FEW = 40  # points, at most, whose marks do not crowd
BUDGET = 5000  # points of all graphs, at most: a redraw takes about 3 µs for each
LEAST_POINTS = 100  # of a curve, however many there are
TITLES = {Quantity.LOSS: "loss", Quantity.ACCURACY: "accuracy (%)", Quantity.RATE: "learning rate"}


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
        most = max(LEAST_POINTS, BUDGET // (2 * max(1, len(runs)) * len(axes.quantities)))
        for quantity in axes.quantities:
            self._graphs[quantity].draw(runs, axes, most, is_other=before != axes)
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
        self.plot.vb.disableAutoRange()
        self.plot.setLabel("left", TITLES[quantity])
        self._grid = Grid(self.plot)
        self._curves: list[_Curve] = []
        self._marks = pg.ScatterPlotItem(antialias=True, useCache=False)  # shapes, not images
        self._marks.setZValue(2000)
        self.plot.addItem(self._marks, ignoreBounds=True)
        self.x: Range | None = None
        self._y: Range | None = None
        self._shown_x: Range | None = None
        self._shown_y: Range | None = None
        self.line = pg.InfiniteLine(angle=90, movable=False)
        self.line.hide()
        self.plot.addItem(self.line, ignoreBounds=True)

    def draw(self, runs: Sequence[tuple[RunCurves, Look]], axes: Axes, most: int, *, is_other: bool) -> None:
        """Show these curves, with so many points each. is_other: whether the axes are, so that no range stays."""
        self.plot.setLabel("bottom", "epoch" if axes.unit is None else f"time ({axes.unit[0]})")
        self.plot.getAxis("bottom").setLogMode(axes.is_log_x)
        self.plot.getAxis("left").setLogMode(axes.is_log(self._quantity))
        while len(self._curves) < len(runs):
            self._curves.append(_Curve(self.plot, len(self._curves)))
        for curve in self._curves[len(runs) :]:
            curve.clear()
        for curve, (curves, look) in zip(self._curves, runs, strict=False):
            curve.draw(curves, look, self._quantity, axes, most)
        self._marks.setData([mark for curve in self._curves for mark in curve.marks])
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


class _Curve:
    """One run in one graph: a thin line for training, a thicker one for validation.

    ranges: of all its points along both axes; None if there are none. marks: its single points, and a ring around the
    best epoch, as pyqtgraph takes them.
    """

    def __init__(self, plot: pg.PlotItem, number: int) -> None:
        self._training, self._validation = pg.PlotCurveItem(antialias=True), pg.PlotCurveItem(antialias=True)
        self._training.setZValue(500 - number)  # below all lines of validation
        self._validation.setZValue(1000 - number)
        plot.addItem(self._training, ignoreBounds=True)  # the range is set from outside
        plot.addItem(self._validation, ignoreBounds=True)
        self._drawn: object = None
        self.clear()

    def clear(self) -> None:
        """Show nothing."""
        if self._drawn is not None:
            self._training.clear()
            self._validation.clear()
        self._drawn = None
        self.ranges: tuple[Range, Range] | None = None
        self.marks: list[dict[str, object]] = []

    def draw(self, curves: RunCurves, look: Look, quantity: Quantity, axes: Axes, most: int) -> None:
        """Show these curves."""
        if (curves, look, axes, most) == self._drawn:
            return  # the others of a live comparison
        self._drawn = (curves, look, axes, most)
        training = curves.training.get(quantity, no_series()).thinned(most)
        validation = curves.validation.get(quantity, no_series()).thinned(most)
        x, y = axes.x(training), axes.y(quantity, training.values)
        validation_x, validation_y = axes.x(validation), axes.y(quantity, validation.values)
        strong = pg.mkPen(look.color, width=look.width, style=look.dash)
        # The rate has no line of validation beside it.
        thin = strong if quantity == Quantity.RATE else pg.mkPen(look.faint, width=1, style=look.dash)
        self._training.setData(x, y, pen=thin, connect="finite")
        self._validation.setData(validation_x, validation_y, pen=strong, connect="finite")
        xs, ys = _range(x, validation_x), _range(y, validation_y)
        self.ranges = (xs, ys) if xs and ys else None
        single = [(validation_x, validation_y)] * (len(validation_x) <= FEW) + [(x, y)] * (len(x) == 1)
        best = _best(curves, quantity)
        self.marks = [
            *(_dot(each, look) for places in single for each in zip(*places, strict=True)),
            *(_ring(each, look) for each in zip(axes.x(best), axes.y(quantity, best.values), strict=True)),
        ]


def _dot(place: tuple[float, float], look: Look) -> dict[str, object]:
    return {"pos": place, "size": 6, "brush": pg.mkBrush(look.color), "pen": pg.mkPen(None)}


def _ring(place: tuple[float, float], look: Look) -> dict[str, object]:
    return {"pos": place, "size": 11, "brush": pg.mkBrush(None), "pen": pg.mkPen(look.color, width=2)}


def _best(curves: RunCurves, quantity: Quantity) -> Series:
    """The point of the best epoch."""
    best = curves.best
    if best is None or quantity == Quantity.RATE:
        return no_series()
    value = best.val_loss if quantity == Quantity.LOSS else 100 * best.val_accuracy
    return Series(np.array([best.epoch], np.float64), np.array([best.seconds]), np.array([value]))


def _range(*values: Values) -> Range | None:
    finite = np.concatenate(values)
    finite = finite[np.isfinite(finite)]
    return (float(finite.min()), float(finite.max())) if len(finite) else None


def _around(ranges: Sequence[Range]) -> Range | None:
    return (min(low for low, _ in ranges), max(high for _, high in ranges)) if ranges else None
