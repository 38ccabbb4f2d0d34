"""How long the window is blocked: python -m benchmarks.window (needs CIFAR-10, see CNNGUI_DATA_DIR).

A 5 ms timer runs in the window's event loop while the window starts, classifies 200 dropped pictures, lists 200 runs
and compares some of them, one of 1,000 epochs among them, and trains one epoch of the standard recipe on CIFAR-10 with
the live plot in view; meanwhile it classifies the pictures again, and the running training is compared with others.
For each part, prints the longest time between two ticks and the 99th percentile, in milliseconds.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from PySide6.QtCore import QEventLoop, QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QPushButton

from benchmarks.made_runs import LONG_EPOCHS, make_runs
from cnngui import paths
from cnngui.core.progress import BatchProgress, Earlier, EpochResult, Progress
from cnngui.core.recipes.presets import QUICK
from cnngui.core.runs.folder import MODEL
from cnngui.gui.common import style
from cnngui.gui.train.series import Caption
from cnngui.gui.window.main_window import MainWindow

PICTURES = 200
TICK_MS = 5
RUNS = 200
LIVE_SECONDS = 8


class Ticks:
    """The times of the timer's ticks, divided into parts."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.parts: list[tuple[str, float]] = []
        self.timer = QTimer(interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self.timer.timeout.connect(lambda: self.times.append(time.perf_counter()))
        self.timer.start()

    def begin(self, part: str) -> None:
        """Start a new part."""
        self.parts.append((part, time.perf_counter()))

    def report(self) -> None:
        """Print a line for each part."""
        times = np.array(self.times)
        gaps = np.diff(times) * 1000
        ends = [began for _, began in self.parts[1:]] + [times[-1]]
        print(f"{'':34}{'ticks':>8}{'longest':>10}{'99 %':>8}   (ms)")
        for (part, began), end in zip(self.parts, ends, strict=True):
            here = gaps[(times[1:] > began) & (times[:-1] < end)]
            print(f"{part:34}{len(here):8}{here.max():10.1f}{np.percentile(here, 99):8.1f}")
        after_import = gaps[times[:-1] > self.parts[1][1]]
        print(f"{'all after the import':34}{len(after_import):8}", end="")
        print(f"{after_import.max():10.1f}{np.percentile(after_import, 99):8.1f}")


def drop(window: MainWindow, files: list[Path]) -> None:
    """Drop these files on the window."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in files])
    position, copy = QPoint(300, 300), Qt.DropAction.CopyAction
    button, key = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    # To the native window, as with a drag from outside: a drop counts only after the drag has entered.
    QApplication.sendEvent(window.windowHandle(), QDragEnterEvent(position, copy, mime, button, key))
    QApplication.sendEvent(window.windowHandle(), QDropEvent(QPointF(position), copy, mime, button, key))


def wait_until(condition: Callable[[], object]) -> None:
    """Run the event loop until ``condition()`` is true."""
    loop = QEventLoop()

    def look_once() -> None:
        if condition():
            loop.quit()

    look = QTimer(interval=20)
    look.timeout.connect(look_once)
    look.start()
    loop.exec()


def wait(seconds: float) -> None:
    """Run the event loop for so long."""
    end = time.perf_counter() + seconds
    wait_until(lambda: time.perf_counter() > end)


def look_at_runs(window: MainWindow, selected: list[Path]) -> None:
    """Show the runs, select these, and wait until their curves are drawn."""
    window.places.show_place("runs")
    rows, table = window.runs._rows, window.runs._table
    wait_until(lambda: rows.rowCount() >= RUNS)
    window.runs._select_rows(selected, table.currentIndex().row())
    wait(1.5)


def open_page(window: MainWindow, title: str) -> None:
    """Click a page of the comparison."""
    buttons = window.runs.compare.findChildren(QPushButton)
    next(button for button in buttons if button.text() == title and button.isVisible()).click()
    wait(1.0)


def show_long_training(window: MainWindow) -> None:
    """Let the plot show a run of 1,000 epochs that goes on for a hundred batches."""
    window.places.show_place("train")
    plot, recipe = window.train.plot, replace(QUICK, epochs=2 * LONG_EPOCHS)
    epochs = tuple(EpochResult(number, 0.5, 0.8, 0.6, 0.7, float(number)) for number in range(1, LONG_EPOCHS + 1))
    batches = tuple((LONG_EPOCHS * number / 2000, 0.5, 0.8) for number in range(1, 2001))
    plot.begin(Caption(Path("model.keras"), "A long training", "CIFAR-10", recipe))
    plot.add(Earlier(epochs, batches))
    for batch in range(1, 101):
        plot.add(BatchProgress(LONG_EPOCHS + 1, 2 * LONG_EPOCHS, batch, 176, 0.5, 0.8, 100.0, 1.0, 1.0))
        wait(0.05)
    plot.end()


def draw_pictures(folder: Path) -> list[Path]:
    """JPEGs of the size and weight of photographs: enlarged coloured noise."""
    rng = np.random.default_rng(0)
    files = [folder / f"picture {number}.jpg" for number in range(PICTURES)]
    for path in files:
        noise = Image.fromarray(rng.integers(0, 256, (30, 40, 3), dtype=np.uint8))
        noise.resize((1600, 1200), Image.Resampling.BICUBIC).save(path, quality=90)
    return files


def main() -> int:
    """Run and print all parts."""
    with tempfile.TemporaryDirectory() as name:
        files = draw_pictures(Path(name))
        longest = make_runs(Path(name) / "runs", RUNS)
        app = QApplication(sys.argv[:1])
        app.setStyle("Fusion")
        style.apply(app)
        began = time.perf_counter()
        window = MainWindow(model=paths.shipped_model(), runs_dir=Path(name) / "runs")
        window.show()
        app.processEvents()
        print(f"window made and shown in {(time.perf_counter() - began) * 1000:.0f} ms")
        ticks = Ticks()
        ticks.begin("importing TensorFlow")
        window.opener.began.connect(
            lambda doing: ticks.begin("opening the model") if doing == "Opening the model" else None
        )
        wait_until(lambda: not window.opener.is_running)
        print(f"model ready after {time.perf_counter() - began:.1f} s")

        list_model = window.predict_state.pictures
        ticks.begin(f"{PICTURES} dropped pictures")
        drop(window, files)
        wait_until(lambda: list_model.rowCount() == PICTURES and not list_model.tally.waiting)

        ticks.begin(f"Runs: {RUNS} in the list")
        look_at_runs(window, [])
        ticks.begin("Runs: 10 compared")
        look_at_runs(window, [longest.parent.with_name(f"run {number:03}") / MODEL for number in range(10)])
        ticks.begin("Runs: one of 1,000 epochs")
        look_at_runs(window, [longest])
        for page in ("Settings", "Overview", "Curves"):
            ticks.begin(f"Runs: the page {page}")
            open_page(window, page)

        window.places.show_place("train")
        form = window.train.form
        form.data_box.setCurrentIndex(form.data_box.findData("cifar10"))
        form.epochs_box.setValue(1)
        ticks.begin("loading CIFAR-10")
        seen: list[object] = []
        progressed = window.train_state.progressed
        progressed.connect(seen.append)
        progressed.connect(
            lambda value: ticks.begin("preparing, first batch") if value == Progress("Preparing the network") else None
        )
        window.train.start()
        wait_until(lambda: bool(seen) and isinstance(seen[-1], BatchProgress))
        ticks.begin("training")
        wait_until(lambda: list_model.rowCount() == PICTURES and len(seen) > 20)
        ticks.begin("training, 200 dropped pictures")
        drop(window, files)
        window.places.show_place("train")
        wait_until(lambda: list_model.rowCount() == 2 * PICTURES and not list_model.tally.waiting)
        ticks.begin("training, compared live")
        look_at_runs(window, [window.train_state.current.path, longest] if window.train_state.current else [])
        wait(LIVE_SECONDS)
        window.places.show_place("train")
        ticks.begin("training, to the epoch's end")
        wait_until(lambda: any(isinstance(value, EpochResult) for value in seen))
        ticks.begin("test images and saving")
        wait_until(lambda: not window.train_state.is_busy)
        ticks.begin("idle")
        wait_until(lambda: len(ticks.times) and time.perf_counter() - ticks.parts[-1][1] > 1)
        ticks.begin("1,000 epochs that go on in the plot")
        show_long_training(window)
        ticks.report()
        window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
