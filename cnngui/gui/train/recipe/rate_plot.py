"""The curve of a range test. This imports pyqtgraph, which takes 0.15 s: import it in a worker first."""

import math
from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QPointF, Signal

from cnngui.core.training.trial import RangePoint
from cnngui.gui.common.graph import color_axes, prepare
from cnngui.gui.common.style import colors


class RatePlot(pg.PlotWidget):
    """The loss for each learning rate. clicked: the rate at the place of a click, with two digits."""

    clicked = Signal(float)

    def __init__(self, low: float, high: float) -> None:
        """low, high: the ends of the axis of the rate."""
        chosen = colors()
        super().__init__(background=chosen.surface, enableMenu=False)  # the menu takes longer to make than all the rest
        self._ends = low, high
        self._curve = self.plot(pen=pg.mkPen(chosen.accent, width=2))
        self._line = pg.InfiniteLine(pen=pg.mkPen(chosen.validation, width=2))
        plot = self.plotItem
        prepare(plot)
        color_axes(plot, chosen)
        plot.setLogMode(x=True)
        plot.setLabel("bottom", "learning rate")
        plot.setLabel("left", "loss")
        plot.setXRange(math.log10(low), math.log10(high))
        decades = range(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1)
        ticks = [(decade, f"{10.0**decade:.{max(0, -decade)}f}") for decade in decades]
        plot.getAxis("bottom").setTicks([ticks])
        plot.addItem(self._line)
        self._line.setVisible(False)
        self.setMouseEnabled(False, False)
        self.setAccessibleName("The loss for each learning rate")
        self.scene().sigMouseClicked.connect(self._click)

    def show_points(self, points: Sequence[RangePoint]) -> None:
        """Draw the curve through these."""
        self._curve.setData([point.rate for point in points], [point.loss for point in points])

    def mark(self, rate: float) -> None:
        """Draw a line at this rate."""
        self._line.setValue(math.log10(rate))
        self._line.setVisible(True)

    def _click(self, event: object) -> None:
        point: QPointF = self.plotItem.vb.mapSceneToView(event.scenePos())  # type: ignore[attr-defined]
        low, high = self._ends
        self.clicked.emit(float(f"{min(high, max(low, 10 ** point.x())):.2g}"))
