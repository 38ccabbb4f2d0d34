"""Ten thousand pictures in one drop: python -m benchmarks.many FOLDER (needs a screen, or QT_QPA_PLATFORM=offscreen).

FOLDER holds picture files. They are classified by ``cnngui predict --json`` and dropped on the window, which shows one
picture already. Prints the pictures per second of both and their ratio, the additional memory of the window, and how
long the window is blocked while the answers arrive, by each order and filter, and while scrolling through the list.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from PySide6.QtCore import QMimeData, QTimer, QUrl
from PySide6.QtWidgets import QApplication

from benchmarks.ticks import Ticks
from benchmarks.window import wait_until
from cnngui import paths
from cnngui.core.pictures.folders import FolderWalk
from cnngui.gui.common import style
from cnngui.gui.common.garbage import GarbageCollector
from cnngui.gui.common.words import NONE_OF_THESE
from cnngui.gui.predict.pictures.picture import ORDERS, Arrangement
from cnngui.gui.window.main_window import MainWindow


def megabytes() -> float:
    """This process's resident memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def command_rate(folder: Path) -> float:
    """Pictures per second of the command line, after its first answer."""
    command = [sys.executable, "-m", "cnngui", "predict", "--json", str(folder)]
    count, began = 0, 0.0
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        for line in process.stdout:
            json.loads(line)
            count += 1
            began = began or time.perf_counter()
    return (count - 1) / (time.perf_counter() - began)


def drop(window: MainWindow, things: list[Path]) -> None:
    """Add these to the list, as a drop does."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in things])
    window.predict_state.take_mime(mime)


def longest(ticks: Ticks, work: Callable[[], object]) -> float:
    """The longest time in ms for which ``work`` blocks the event loop."""
    before = len(ticks.times)
    QTimer.singleShot(0, work)  # in the loop, between two ticks
    wait_until(lambda: len(ticks.times) > before + 40)
    return float(np.diff(ticks.times[before:]).max() * 1000)


def scroll(window: MainWindow) -> tuple[float, float]:
    """Frames per second, and the longest frame in ms, while scrolling through the list."""
    view = window.predict.list_view
    bar = view.verticalScrollBar()
    frames = []
    for value in np.linspace(0, bar.maximum(), 300).astype(int).tolist():
        began = time.perf_counter()
        bar.setValue(value)
        view.viewport().repaint()
        QApplication.processEvents()
        frames.append(time.perf_counter() - began)
    return len(frames) / sum(frames), max(frames) * 1000


def main() -> int:
    """Run and print all parts."""
    folder = Path(sys.argv[1])
    files = list(FolderWalk(folder))
    rate = command_rate(folder)
    print(f"cnngui predict --json: {rate:.0f} pictures/s")
    app = QApplication(sys.argv[:1])
    app.setStyle("Fusion")
    style.apply(app)
    GarbageCollector(app)
    with tempfile.TemporaryDirectory() as runs:
        window = MainWindow(model=paths.shipped_model(), runs_dir=Path(runs))
        window.show()
        pictures = window.predict_state.pictures
        drop(window, files[:1])
        wait_until(lambda: pictures.total == 1 and not pictures.tally.waiting)
        wait_until(lambda: True)
        one = megabytes()
        ticks = Ticks()
        drop(window, [folder])
        wait_until(lambda: pictures.total > 1)
        began = time.perf_counter()
        wait_until(lambda: not window.predict_state.is_gathering and not pictures.tally.waiting)
        window_rate = (pictures.total - 1) / (time.perf_counter() - began)
        gaps = np.diff(ticks.times) * 1000
        print(f"the window: {window_rate:.0f} pictures/s, {window_rate / rate:.2f} of it")
        print(f"standing still while answers come: {gaps.max():.1f} ms, 99 %: {np.percentile(gaps, 99):.1f} ms")
        print(f"memory with one picture {one:.0f} MB, with {pictures.total:,} {megabytes() - one:.0f} MB more")
        for order in ORDERS:
            print(f"  {order:22}{longest(ticks, lambda: pictures.arrange(Arrangement(order=order))):6.1f} ms")  # noqa: B023
        for chosen in (Arrangement(text="99"), Arrangement(label=NONE_OF_THESE), Arrangement(unreadable=True)):
            print(f"  {str(chosen)[12:70]:60}{longest(ticks, lambda: pictures.arrange(chosen)):6.1f} ms")  # noqa: B023
        pictures.arrange(Arrangement())
        print("scrolling: {:.0f} frames/s, the longest {:.1f} ms".format(*scroll(window)))
        window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
