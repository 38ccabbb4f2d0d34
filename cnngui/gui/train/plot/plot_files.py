"""Saves the curves as a picture or as a table."""

from pathlib import Path

from cnngui.core.tables import Cell, write_table
from cnngui.gui.common.saver import Saver
from cnngui.gui.train.plot.drawing import draw, write_drawing
from cnngui.gui.train.plot.live_plot import LivePlot
from cnngui.gui.train.plot.series import Points


def write_csv(points: Points, path: Path) -> None:
    """Write a row for each point; the file is replaced only by a complete one. Raises OSError.

    The columns: part ("training" or "validation"), epoch (with its fraction), loss, accuracy (0–1).
    """
    rows: list[list[Cell]] = [["part", "epoch", "loss", "accuracy"]]
    for part, some in (("training", points.training), ("validation", points.validation)):
        rows += [[part, f"{p.epoch:.4f}", p.loss, p.accuracy] for p in some]
    write_table(rows, path, marked=False)


class PlotFiles:
    """Asks for a place and saves the plot there."""

    def __init__(self, plot: LivePlot, saver: Saver) -> None:
        self._plot = plot
        self._saver = saver

    def save_plot(self) -> None:
        """Save the plot as it is shown now, as PNG or SVG."""
        drawing = draw(self._plot)
        kinds = "PNG (*.png);;SVG (*.svg)"
        self._saver.save("Save the plot", "curves.png", kinds, lambda path: write_drawing(drawing, path))

    def save_csv(self) -> None:
        """Save all points of the curves."""
        points = self._plot.points
        self._saver.save("Save the curves", "curves.csv", "CSV (*.csv)", lambda path: write_csv(points, path))
