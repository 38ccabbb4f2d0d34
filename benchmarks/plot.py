"""The time of a redraw of the live plot, with its grid, with none and with pyqtgraph's: python benchmarks/plot.py

Prints the medians, in milliseconds, of adding a point to 1,000 others and painting, measured in turn in one run. Needs
no display.
"""

import os
import statistics
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from cnngui.core.progress import BatchProgress
from cnngui.core.recipes.presets import STANDARD
from cnngui.gui.common.graph import Grid
from cnngui.gui.train.plot.live_plot import LivePlot
from cnngui.gui.train.plot.series import Caption

EPOCHS, BATCHES = 12, 88
REDRAWS = 30


def point(number: int) -> BatchProgress:
    """The point after this many batches."""
    epoch, batch = divmod(number, BATCHES)
    share = number / (EPOCHS * BATCHES)
    return BatchProgress(epoch + 1, EPOCHS, batch + 1, BATCHES, 2.3 - 2 * share, share, 1000.0, 1.0, 1.0)


def main() -> None:
    """Print the medians."""
    app = QApplication(sys.argv[:1])
    plot = LivePlot()
    plot.resize(760, 520)
    plot.show()
    plot.begin(Caption(Path("model.keras"), "A training", "CIFAR-10", STANDARD))
    for number in range(1000):
        plot.add(point(number))
    times: dict[str, list[float]] = {"its grid": [], "no grid": [], "pyqtgraph's grid": []}
    for number in range(REDRAWS):
        for grid, taken in times.items():
            for item in plot.curves.plots:
                is_theirs = grid == "pyqtgraph's grid"
                item.showGrid(x=is_theirs, y=is_theirs, alpha=0.15)
                for own in (each for each in item.items if isinstance(each, Grid)):
                    own.setVisible(grid == "its grid")
            app.processEvents()
            plot.add(point(1000 + number))
            began = time.perf_counter()
            plot.redraw()
            app.processEvents()
            taken.append(time.perf_counter() - began)
    for grid, taken in times.items():
        print(f"with {grid}: {statistics.median(taken) * 1000:.1f} ms")


if __name__ == "__main__":
    main()
