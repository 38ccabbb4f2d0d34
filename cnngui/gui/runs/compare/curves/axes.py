"""What the graphs show along their axes."""

from dataclasses import dataclass

import numpy as np

from cnngui.gui.runs.compare.curves.series import Quantity, Series, Values

UNITS = (("s", 1.0), ("min", 60.0), ("h", 3600.0))
ENOUGH = 3  # of a unit: for less, the smaller one reads better


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


def unit(seconds: float) -> tuple[str, float]:
    """The unit in which a time reads well, and its seconds."""
    return next((each for each in reversed(UNITS) if seconds > ENOUGH * each[1]), UNITS[0])


def _log(values: Values) -> Values:
    """The decimal logarithm; NaN, which is not drawn, where there is none."""
    return np.log10(np.where(values > 0, values, np.nan))
