"""A collection of 20,000 pictures in the window: python -m benchmarks.collection_scroll (or QT_QPA_PLATFORM=offscreen).

Draws the pictures, JPEGs of 256 × 256 pixels, nearly all in one class. Prints how long the window takes to show them,
its frame times while scrolling, slowly and in leaps, with what the window's own thread computes for them, and the
longest pauses of a 5 ms timer meanwhile and while all pictures are selected, excluded and brought back.
"""

import os
import tempfile
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from benchmarks.ticks import Ticks
from benchmarks.window import wait_until
from cnngui.core.data import shapes
from cnngui.gui.classes.grid.view import GridView
from cnngui.gui.common import style
from cnngui.gui.common.garbage import GarbageCollector
from cnngui.gui.window.main_window import MainWindow

PICTURES, FEW = 20_000, 100  # in the large class and in a small one
SIDE = 256  # pixels of a picture
STEP = 60  # pixels of a slow scroll: half a row, as a wheel's step
FRAMES = 600


def make_collection(folder: Path) -> None:
    """Draw the pictures."""
    drawn, _ = shapes.draw(PICTURES // len(shapes.CLASSES), 1)
    for name, pixels in (("shape", drawn), ("other", drawn[:FEW])):
        (folder / name).mkdir(parents=True)
        for number, each in enumerate(pixels):
            Image.fromarray(each).resize((SIDE, SIDE)).save(folder / name / f"{number:05}.jpg", quality=90)


def scroll(what: str, grid: GridView, values: list[int]) -> None:
    """Draw a frame at each of these places of the scroll bar, and print how long that takes."""
    frames = []
    for value in values:
        began, computed = time.perf_counter(), time.thread_time()
        grid.verticalScrollBar().setValue(value)
        QApplication.processEvents()
        frames.append((time.perf_counter() - began, time.thread_time() - computed))
    for kind, times in zip(("by the clock", "of the processor"), 1000 * np.array(frames).T, strict=True):
        middle, late = np.percentile(times, [50, 99])
        print(
            f"{what}, frames in ms {kind}: median {middle:.1f}, 99 % {late:.1f}, longest {times.max():.1f}", flush=True
        )


def main() -> None:
    """Make the collection, open it, and do what a person does."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    collector = GarbageCollector(app)
    with tempfile.TemporaryDirectory() as home:
        for name in ("CONFIG", "DATA", "CACHE", "STATE"):
            os.environ[f"XDG_{name}_HOME"] = str(Path(home) / name.lower())
        folder = Path(home) / "shapes"
        make_collection(folder)
        style.apply(app)
        window = MainWindow(runs_dir=Path(home) / "runs")
        window.settings.collections = [folder]
        window.resize(1280, 800)
        window.show()
        wait_until(lambda: not window.opener.is_running)
        measure(window)
        window.close()
    del collector


def measure(window: MainWindow) -> None:
    """Print all figures."""
    ticks = Ticks()
    state, (grid,) = window.classes_state, window.findChildren(GridView)

    def settle() -> None:
        wait_until(lambda: not state.is_busy and not state.is_reading)

    ticks.begin("before")
    wait_until(lambda: len(ticks.times) > 100)
    ticks.begin("opened")
    began = time.perf_counter()
    window.places.show_place("classes")
    wait_until(lambda: state.collection is not None)
    QTest.keyClick(window.classes._view.class_list, Qt.Key.Key_Down)
    print(f"opened in {time.perf_counter() - began:.2f} s", flush=True)
    settle()
    ticks.begin("scrolled slowly")
    scroll("slowly", grid, [STEP * number for number in range(FRAMES)])
    ticks.begin("scrolled in leaps")
    end = grid.verticalScrollBar().maximum()
    scroll("in leaps", grid, np.linspace(0, end, FRAMES // 4).astype(int).tolist())
    ticks.begin("all selected")
    grid.selectAll()
    selected = len(ticks.times)
    wait_until(lambda: len(ticks.times) > selected + 5)
    ticks.begin("all excluded")
    window.actions_table["exclude pictures"].trigger()
    settle()
    ticks.begin("all brought back")
    window.actions_table["undo"].trigger()
    settle()
    ticks.begin("resized")
    for width in range(1000, 1280, 20):
        window.resize(width, 800)
        QApplication.processEvents()
    ticks.begin("end")
    now = len(ticks.times)
    wait_until(lambda: len(ticks.times) > now + 20)
    ticks.report()


if __name__ == "__main__":
    main()
