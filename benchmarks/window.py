"""How long the window is blocked: python benchmarks/window.py (needs CIFAR-10, see CNNGUI_DATA_DIR).

A 5 ms timer runs in the window's event loop while the window starts, trains one epoch of the standard recipe on
CIFAR-10 with the live plot in view, and classifies 200 dropped pictures, during the training and without it. For each
part, prints the longest time between two ticks and the 99th percentile, in milliseconds.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from PySide6.QtCore import QEventLoop, QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from cnngui import paths
from cnngui.core.progress import BatchProgress, EpochResult, Progress
from cnngui.gui.common import style
from cnngui.gui.window.main_window import MainWindow

PICTURES = 200
TICK_MS = 5


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
        ticks.begin("training, to the epoch's end")
        wait_until(lambda: any(isinstance(value, EpochResult) for value in seen))
        ticks.begin("test images and saving")
        wait_until(lambda: not window.train_state.is_busy)
        ticks.begin("idle")
        wait_until(lambda: len(ticks.times) and time.perf_counter() - ticks.parts[-1][1] > 1)
        ticks.report()
        window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
