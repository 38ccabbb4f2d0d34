"""The graphs of several runs. This imports pyqtgraph, which takes 0.15 s: import it inside functions only."""

from collections.abc import Collection, Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF
from PySide6.QtGui import QFont

from cnngui.gui.common.graph import ZoomedTogether
from cnngui.gui.common.style import Colors, colors
from cnngui.gui.runs.compare.curves.axes import Axes
from cnngui.gui.runs.compare.curves.graph import Graph
from cnngui.gui.runs.compare.curves.series import Quantity, RunCurves
from cnngui.gui.runs.compare.looks import Look

BUDGET = 5000  # points of all graphs, at most: a redraw takes about 3 µs for each
LEAST_POINTS = 100  # of a curve, however many there are
STEP = 4  # runs that are drawn anew before other events have their turn


class CompareGraphs(ZoomedTogether):
    """A graph for each quantity, side by side.

    pointed: the graph's quantity and the place on the x axis under the mouse, in its units.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Curves of the selected runs")
        self._axes = Axes(tuple(Quantity))
        self._graphs: dict[Quantity, Graph] = {}  # made when they are first shown
        self._placed: tuple[Quantity, ...] = ()
        self._colors, self._font = colors(), self.font()
        self._shown: list[object] = []  # what each run is drawn from

    @property
    def plots(self) -> dict[Quantity, pg.PlotItem]:
        """The pyqtgraph plots that are shown."""
        return {quantity: self._graphs[quantity].plot for quantity in self._placed}

    def draw(self, runs: Sequence[tuple[RunCurves, Look]], axes: Axes) -> bool:
        """Show these curves, the first ones in front.

        Returns whether that is all: of many new ones, or as long as a graph is to be made, the others are left to the
        next call, since they take long.
        """
        missing = [quantity for quantity in axes.quantities if quantity not in self._graphs]
        if missing:
            self._graphs[missing[0]] = self._made(missing[0])
            return False
        before, self._axes = self._axes, axes
        if self._placed != axes.quantities:
            self._place(axes.quantities)
        most = max(LEAST_POINTS, BUDGET // (2 * max(1, len(runs)) * len(axes.quantities)))
        now = self._within_step(runs, axes, most)
        for quantity in axes.quantities:
            self._graphs[quantity].draw(runs[:now], axes, most, is_other=before != axes)
        if before != axes:
            self.reset_zoom()
        self._show_all()
        return now == len(runs)

    def mark(self, x: float | None) -> None:
        """Draw a vertical line through the graphs, in the axis's units, or remove it."""
        for graph in self._graphs.values():
            graph.line.setVisible(x is not None)
            if x is not None:
                graph.line.setPos(np.log10(x) if self._axes.is_log_x else x)

    def recolor(self, chosen: Colors) -> None:
        """Draw axes and background in these colours."""
        self._colors = chosen
        self.setBackground(chosen.surface)
        for graph in self._graphs.values():
            graph.recolor(chosen)

    def set_font(self, font: QFont) -> None:
        """Write numbers and names in this font."""
        self._font = font
        for graph in self._graphs.values():
            graph.set_font(font)

    def _made(self, quantity: Quantity) -> Graph:
        graph = Graph(quantity)
        graph.recolor(self._colors)
        graph.set_font(self._font)
        self._join(graph.plot)
        return graph

    def _within_step(self, runs: Sequence[tuple[RunCurves, Look]], axes: Axes, most: int) -> int:
        """How many of the runs can be shown if only STEP of them are drawn anew."""
        wanted: list[object] = [(*run, axes, most) for run in runs]
        new = [
            number for number, each in enumerate(wanted) if number >= len(self._shown) or each != self._shown[number]
        ]
        now = new[STEP] if len(new) > STEP else len(runs)
        self._shown = wanted[:now]
        return now

    def leaveEvent(self, event: QEvent) -> None:
        """The mouse is over no graph."""
        super().leaveEvent(event)
        self.pointed.emit(None)

    def _place(self, quantities: tuple[Quantity, ...]) -> None:
        self._placed = quantities
        for graph in self._graphs.values():
            if graph.plot in self.ci.items:
                self.ci.removeItem(graph.plot)
        for column, quantity in enumerate(quantities):
            self.ci.addItem(self._graphs[quantity].plot, 0, column)

    def _show_all(self) -> None:
        graphs = [self._graphs[quantity] for quantity in self._placed]
        ends = [graph.x for graph in graphs if graph.x]
        if ends:
            low, high = min(low for low, _ in ends), max(high for _, high in ends)
            for graph in graphs:
                graph.find_ranges((low, high), is_log=self._axes.is_log_x)
                if not self.is_zoomed:
                    graph.show_all()

    def _in_view(self) -> Collection[pg.PlotItem]:
        return self.plots.values()

    def _point(self, position: QPointF) -> tuple[Quantity, float] | None:
        for quantity, plot in self.plots.items():
            if plot.vb.sceneBoundingRect().contains(position):
                x = float(plot.vb.mapSceneToView(position).x())
                return quantity, 10**x if self._axes.is_log_x else x
        return None
