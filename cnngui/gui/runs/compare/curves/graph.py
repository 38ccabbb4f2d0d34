"""One graph of the curves of several runs. This imports pyqtgraph, which takes 0.15 s: import it in functions only."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QFont, QFontMetrics

from cnngui.gui.common.graph import Grid, Range, color_axes, confine, hidden_line, prepare, set_font, steady
from cnngui.gui.common.style import Colors
from cnngui.gui.runs.compare.curves.axes import Axes
from cnngui.gui.runs.compare.curves.series import Quantity, RunCurves, Series, Values, no_series
from cnngui.gui.runs.compare.looks import Look

FEW = 40  # points, at most, whose marks do not crowd
FILLED = 0.5  # of an axis by the points, at least: other runs may have been there before
TITLES = {Quantity.LOSS: "loss", Quantity.ACCURACY: "accuracy (%)", Quantity.RATE: "learning rate"}


class Graph:
    """The graph of one quantity. x, y: the ranges of its points, or None without any."""

    def __init__(self, quantity: Quantity) -> None:
        self._quantity = quantity
        self.plot = pg.PlotItem(
            axisItems={side: _Axis(side) for side in ("left", "bottom")},
            enableMenu=False,  # which takes longer to make than all the rest
        )
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
        self._steady_x: Range | None = None
        self._shown_x: Range | None = None  # the same, but from 0 on
        self._shown_y: Range | None = None
        self.line = hidden_line(self.plot)

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
            self._steady_x = self._shown_x = self._shown_y = None
        self.x = _around([x for x, _ in ranges])
        self._y = _around([y for _, y in ranges])

    def find_ranges(self, x: Range, *, is_log: bool) -> None:
        """Find ranges for all points from and to these places, with room for more. The user cannot leave them."""
        self._steady_x = _steady(self._steady_x, *x)
        self._shown_x = self._steady_x if is_log else (0.0, self._steady_x[1])
        if self._y is not None:
            self._shown_y = _steady(self._shown_y, *self._y)
            confine(self.plot, self._shown_x, self._shown_y)

    def show_all(self) -> None:
        """Show these ranges."""
        if self._shown_x is not None:
            self.plot.vb.setRange(xRange=self._shown_x, padding=0)
        if self._shown_y is not None:
            self.plot.vb.setRange(yRange=self._shown_y, padding=0)

    def set_font(self, font: QFont) -> None:
        """Write numbers and names in this font."""
        set_font(self.plot, font)
        left = self.plot.getAxis("left")
        more = "000" if self._quantity == Quantity.RATE else "0"  # as in 0.00010, and 0.0001
        left.setWidth(left.width() + QFontMetrics(font).horizontalAdvance(more))

    def recolor(self, chosen: Colors) -> None:
        """Draw axes and grid in these colours."""
        self.line.setPen(pg.mkPen(chosen.muted, width=1))
        self._grid.pen = pg.mkPen(chosen.raised, width=1)
        color_axes(self.plot, chosen)


class _Axis(pg.AxisItem):
    """An axis that, if it is logarithmic, writes only 1, 2 and 5 of each decade, so that the numbers have room."""

    def logTickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """The texts of ticks, whose logarithms are given."""
        usual = super().logTickStrings(values, scale, spacing)
        return [_written(10**value, text) for value, text in zip(values, usual, strict=True)]


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


def _written(number: float, usual: str) -> str:
    """A tick's number: "" for most, and pyqtgraph's text for very small ones."""
    first = f"{number:.0e}"[0]
    if first not in "125":
        return ""
    return f"{float(f'{number:.0e}'):g}" if number > 0.9e-4 else usual


def _steady(shown: Range | None, low: float, high: float) -> Range:
    """The range that is shown now, if the points lie within it and fill it."""
    is_filled = shown is not None and high - low > FILLED * (shown[1] - shown[0])
    return steady(shown if is_filled else None, low, high)


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
