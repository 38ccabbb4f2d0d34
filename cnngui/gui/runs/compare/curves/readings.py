"""What the legend says of a run: its values under the mouse, or its best epoch."""

import numpy as np

from cnngui.core.runs.library import ListedRun, Status
from cnngui.gui.common.words import percent
from cnngui.gui.runs.compare.curves.axes import Axes
from cnngui.gui.runs.compare.curves.series import Quantity, RunCurves, Series

Place = tuple[Quantity, float]
"""A graph, and a place along its x axis, in the axis's units."""


def place_text(place: Place | None, axes: Axes) -> str:
    """Where the mouse is: "epoch 12.50"; "" outside the graphs."""
    if place is None:
        return ""
    return f"epoch {place[1]:.2f}" if axes.unit is None else f"{place[1]:.2f} {axes.unit[0]}"


def state_text(run: ListedRun, curves: RunCurves | None) -> str:
    """How far a run is while it is trained, and its best epoch; "" before the first has ended."""
    best = curves.best if curves else None
    parts = [f"best {percent(best.val_accuracy, 1)} in epoch {best.epoch:,}"] if best else []
    if run.status == Status.RUNNING and run.recipe is not None and curves is not None:
        parts.insert(0, f"epoch {curves.epochs:.1f} of {run.recipe.optimization.epochs:,}")
    return ", ".join(parts)


def value_text(curves: RunCurves | None, place: Place, axes: Axes) -> str:
    """The values of a run in the graph under the mouse."""
    quantity, x = place
    if curves is None:
        return ""
    training = _at(curves.training.get(quantity), x, axes)
    validation = _at(curves.validation.get(quantity), x, axes)
    parts = [] if training is None else [_written(training, quantity)]
    parts += [] if validation is None else [f"validation {_written(validation, quantity)}"]
    return ", ".join(parts)


def _at(series: Series | None, x: float, axes: Axes) -> float | None:
    """The value of the point nearest to a place; None beyond the curve's end, or if that is no number."""
    if series is None or not len(series.values):
        return None
    places = series.epochs if axes.unit is None else series.seconds / axes.unit[1]
    if x > places[-1] + (places[-1] - places[0]) / len(places):
        return None
    value = float(series.values[np.argmin(np.abs(places - x))])
    return value if np.isfinite(value) else None


def _written(value: float, quantity: Quantity) -> str:
    match quantity:
        case Quantity.ACCURACY:
            return percent(value / 100, 1)
        case Quantity.RATE:
            return f"{value:.3g}"
    return f"{value:.3f}"
