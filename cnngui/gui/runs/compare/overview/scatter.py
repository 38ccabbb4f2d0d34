"""One setting against the accuracy. This imports pyqtgraph, which takes 0.15 s: import it inside functions only."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal, Slot
from PySide6.QtGui import QFont

from cnngui.gui.common.graph import Grid, color_axes, prepare, set_font, steady
from cnngui.gui.common.parallel.axes import Axis, Overview
from cnngui.gui.common.parallel.levels import by_level
from cnngui.gui.common.style import SPACE, Colors

NEAR = 14.0  # pixels between the mouse and a point that it points at


class Scatter(pg.GraphicsLayoutWidget):
    """A point for each run. run_asked: the path of one. pointed: the number of the run under the mouse, or None."""

    run_asked = Signal(object)
    pointed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.viewport().setAcceptDrops(False)
        self.setAccessibleName("One setting and the accuracy of all runs")
        self.plot = self.addPlot(enableMenu=False)
        prepare(self.plot)
        self.plot.vb.setMouseEnabled(x=False, y=False)
        self.plot.vb.disableAutoRange()
        self.plot.setLabel("left", "accuracy (%)")
        self._grid = Grid(self.plot)
        self._points = pg.ScatterPlotItem(antialias=True)
        self._current_point = pg.ScatterPlotItem(antialias=True)
        for item in (self._points, self._current_point):
            self.plot.addItem(item, ignoreBounds=True)
        self._places: list[tuple[float, float]] = []
        self._overview = Overview()
        self._levels: list[float] = []
        self._selected: Sequence[Path] = ()
        self._current: int | None = None
        self._chosen: Colors | None = None
        self.ci.setContentsMargins(0, SPACE, SPACE, 0)
        self.scene().sigMouseMoved.connect(self._mouse_moved)
        self.scene().sigMouseClicked.connect(self._clicked)

    def show_overview(self, overview: Overview, axis: Axis, selected: Sequence[Path]) -> None:
        """Show the runs along this axis."""
        self._overview, self._levels, self._selected, self._current = overview, overview.levels, selected, None
        values = np.array([np.nan if each is None else each for each in axis.values], np.float64)
        x = np.log10(values) if axis.is_log else values
        y = 100 * np.array(overview.accuracies)
        self._places = list(zip(x.tolist(), y.tolist(), strict=True))
        bottom = self.plot.getAxis("bottom")
        bottom.setLogMode(axis.is_log)
        bottom.setTicks([list(enumerate(axis.categories))] if axis.categories else None)
        self.plot.setLabel("bottom", axis.title)
        ends = (-0.5, len(axis.categories) - 0.5) if axis.categories else (float(np.nanmin(x)), float(np.nanmax(x)))
        self.plot.vb.setRange(xRange=steady(None, *ends), yRange=steady(None, y.min(), y.max()), padding=0)
        self._draw()

    def point_at(self, number: int | None) -> None:
        """Let this run stand out."""
        if number != self._current:
            self._current = number
            self._draw_current()

    def place(self, number: int) -> QPointF:
        """Where a run's point is, in the widget."""
        return QPointF(self.mapFromScene(self.plot.vb.mapViewToScene(QPointF(*self._places[number]))))

    def recolor(self, chosen: Colors) -> None:
        """Draw in these colours."""
        self._chosen = chosen
        self.setBackground(chosen.surface)
        self._grid.pen = pg.mkPen(chosen.raised, width=1)
        color_axes(self.plot, chosen)
        self._draw()

    def set_font(self, font: QFont) -> None:
        """Write numbers and names in this font."""
        set_font(self.plot, font)

    def _draw(self) -> None:
        if self._chosen is None:
            return
        self._points.setData(
            [
                self._spot(number, stands_out=self._overview.keys[number] in self._selected)
                for number, (x, _) in enumerate(self._places)
                if np.isfinite(x)
            ]
        )
        self._draw_current()

    def _draw_current(self) -> None:
        """Draw the point under the mouse alone: all of them take too long."""
        shown = [self._current] if self._current is not None and np.isfinite(self._places[self._current][0]) else []
        self._current_point.setData([self._spot(number, stands_out=True) for number in shown])

    def _spot(self, number: int, *, stands_out: bool) -> dict[str, object]:
        chosen = self._chosen
        assert chosen is not None
        return {
            "pos": self._places[number],
            "size": 13 if stands_out else 9,
            "pen": pg.mkPen(chosen.text, width=2) if stands_out else pg.mkPen(chosen.surface, width=1),
            "brush": pg.mkBrush(by_level(self._levels[number], chosen)),
        }

    def _nearest(self, position: QPointF) -> int | None:
        if not self._places:
            return None
        spots = [self.plot.vb.mapViewToScene(QPointF(*place)) for place in self._places]
        distances = [
            (spot.x() - position.x()) ** 2 + (spot.y() - position.y()) ** 2 if np.isfinite(spot.x()) else np.inf
            for spot in spots
        ]
        found = int(np.argmin(distances))
        return found if distances[found] <= NEAR**2 else None

    @Slot(object)
    def _mouse_moved(self, position: QPointF) -> None:
        found = self._nearest(position)
        self.setCursor(Qt.CursorShape.ArrowCursor if found is None else Qt.CursorShape.PointingHandCursor)
        if found != self._current:
            self.point_at(found)
            self.pointed.emit(found)

    @Slot(object)
    def _clicked(self, event: object) -> None:
        found = self._nearest(event.scenePos())  # type: ignore[attr-defined]
        if found is not None:
            self.run_asked.emit(self._overview.keys[found])
