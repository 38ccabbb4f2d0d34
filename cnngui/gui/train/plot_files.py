"""Saves the curves as a picture or as a table."""

import csv
from pathlib import Path

from cnngui.core.files import replacing
from cnngui.gui.common.image_view import write_png
from cnngui.gui.common.saver import Saver
from cnngui.gui.train.live_plot import LivePlot, Points


def write_csv(points: Points, path: Path) -> None:
    """Write a row for each point; the file is replaced only by a complete one. Raises OSError.

    The columns: part ("training" or "validation"), epoch (with its fraction), loss, accuracy (0–1).
    """
    with replacing(path) as new, new.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["part", "epoch", "loss", "accuracy"])
        rows.writerows(["training", f"{p.epochs_done:.4f}", p.loss, p.accuracy] for p in points.batches)
        rows.writerows(["validation", p.epoch, p.val_loss, p.val_accuracy] for p in points.epochs)


class PlotFiles:
    """Asks for a place and saves the plot there."""

    def __init__(self, plot: LivePlot, saver: Saver) -> None:
        self._plot = plot
        self._saver = saver

    def save_png(self) -> None:
        """Save the plot as it is shown now."""
        image = self._plot.image()
        self._saver.save("Save the plot", "curves.png", "PNG (*.png)", lambda path: write_png(image, path))

    def save_csv(self) -> None:
        """Save all points of the curves."""
        points = self._plot.points
        self._saver.save("Save the curves", "curves.csv", "CSV (*.csv)", lambda path: write_csv(points, path))
