"""How long the window is blocked: python -m benchmarks.window [--data shapes] [--late MS]

Needs CIFAR-10, see CNNGUI_DATA_DIR, unless --data names other data.

A 5 ms timer runs in the window's event loop while the window starts, with 200 runs in its folder, one of them of 1,000
epochs. It classifies 200 dropped pictures, opens Runs, compares runs, edits the recipe with each of its tools, trains
one epoch of the standard recipe with the live plot in view, classifies the pictures again meanwhile, compares the
training run with others, and shows the curves of a run of 1,000 epochs that goes on. For each part, prints the longest
time between two ticks and the 99th percentile, in milliseconds. --late: also prints where the window was in each pause
that is longer.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL import Image

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from PySide6.QtCore import QEventLoop, QItemSelection, QItemSelectionModel, QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QDialog

from benchmarks.made_runs import LONG_EPOCHS, LONG_ROWS, earlier, make_runs
from benchmarks.ticks import Lateness, Ticks
from cnngui import paths
from cnngui.core.progress import BatchProgress, EpochResult, Progress
from cnngui.gui.common import style
from cnngui.gui.common.garbage import GarbageCollector
from cnngui.gui.common.switches import Switches
from cnngui.gui.runs.rows import RunTableModel
from cnngui.gui.runs.table import RunTable
from cnngui.gui.train.builder.dialog import Builder
from cnngui.gui.train.recipe.preview import AugmentationPreview
from cnngui.gui.train.recipe.rate_finder import RateFinder
from cnngui.gui.window.main_window import MainWindow

RUNS = PICTURES = 200
LIVE_SECONDS = 15

Tool = TypeVar("Tool", bound=QDialog)


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


def draw_pictures(folder: Path) -> list[Path]:
    """JPEGs of the size and weight of photographs: enlarged coloured noise."""
    rng = np.random.default_rng(0)
    files = [folder / f"picture {number}.jpg" for number in range(PICTURES)]
    for path in files:
        noise = Image.fromarray(rng.integers(0, 256, (30, 40, 3), dtype=np.uint8))
        noise.resize((1600, 1200), Image.Resampling.BICUBIC).save(path, quality=90)
    return files


class Parts:
    """What is done with the window, part by part. made: the models of the runs in its folder, the long one first."""

    def __init__(self, window: MainWindow, ticks: Ticks, made: list[Path], files: list[Path]) -> None:
        self._window, self._ticks, self._made, self._files = window, ticks, made, files
        table = window.runs.findChild(RunTable)
        assert table is not None
        self._table = table
        self._seen: list[object] = []  # what the training has reported
        window.opener.began.connect(
            lambda doing: ticks.begin("opening the model") if doing == "Opening the model" else None
        )
        window.train_state.progressed.connect(self._take)

    def classify(self, part: str) -> None:
        """Drop all pictures, and wait until they have their answers."""
        pictures = self._window.predict_state.pictures
        wanted = pictures.rowCount() + len(self._files)
        self._ticks.begin(part)
        drop(self._window, self._files)
        wait_until(lambda: pictures.rowCount() == wanted and not pictures.tally.waiting)

    def look_at_runs(self) -> None:
        """Open the place of the runs, and compare some."""
        pages = self._window.runs.compare.findChild(Switches)
        assert pages is not None
        self._ticks.begin(f"opening Runs, {len(self._made)} runs")
        self._window.places.show_place("runs")
        wait_until(lambda: self._table.model().rowCount() >= len(self._made))
        wait(2)
        self._ticks.begin("ten runs selected")
        self._select(self._made[1:11])
        wait_until(self._are_drawn)
        wait(2)
        self._ticks.begin(f"the run of {LONG_EPOCHS:,} epochs selected")
        self._select(self._made[:1])
        wait_until(self._are_drawn)
        wait(2)
        self._ticks.begin("the overview")
        for number, seconds in ((2, 3), (0, 1)):
            pages.choose(number)
            wait(seconds)

    def edit_the_recipe(self, source: str) -> None:
        """Change settings, build a network, look at the augmentation, and find a learning rate."""
        window, ticks, form = self._window, self._ticks, self._window.train.form
        ticks.begin("reading the data")
        window.places.show_place("train")
        form.data_box.setCurrentIndex(form.data_box.findData(source))
        form.data_box.activated.emit(form.data_box.currentIndex())
        wait_until(lambda: window.train.data.summary is not None)
        ticks.begin("all settings unfolded")
        form.recipe_form.all_button.click()
        wait(1)
        ticks.begin("settings changed")
        for number in range(20):
            form.recipe_state.set("optimization.epochs", 2 + number)
            form.recipe_state.choose(("standard", "article")[number % 2])
            wait(0.1)
        ticks.begin("the builder: opened, 30 layers added")
        builder = self._tool(Builder, "network")
        for _ in range(30):
            builder.state.add("convolution")
            wait(0.1)
        ticks.begin("the builder measures the time")
        wait(5)
        builder.done(0)
        ticks.begin("the preview, drawn twenty times")
        form.recipe_state.set("augmentation.rotation", 15.0)
        preview = self._tool(AugmentationPreview, "augmentation")
        for _ in range(20):
            preview.another_picture()
            wait(0.1)
        preview.done(0)
        ticks.begin("the rate finder")
        finder = self._tool(RateFinder, "optimization")
        began = time.perf_counter()
        wait_until(lambda: not finder.is_running)
        print(f"a learning rate was found in {time.perf_counter() - began:.0f} s")
        finder.done(0)
        form.recipe_state.choose("standard")

    def _tool(self, kind: type[Tool], part: str) -> Tool:
        window = self._window.train
        window.tools.open(part)
        (tool,) = (each for each in window.findChildren(kind) if each.isVisible())
        return tool

    def train(self, source: str) -> None:
        """Train an epoch; meanwhile drop pictures, and compare the run with others."""
        window, ticks, form = self._window, self._ticks, self._window.train.form
        window.places.show_place("train")
        form.data_box.setCurrentIndex(form.data_box.findData(source))
        form.recipe_state.set("optimization.epochs", 1)
        ticks.begin("loading the data")
        window.train.start()
        wait_until(lambda: bool(self._seen) and isinstance(self._seen[-1], BatchProgress))
        ticks.begin("training")
        wait_until(lambda: len(self._seen) > 20)
        self.classify(f"training, {PICTURES} dropped pictures")
        current = window.train_state.current
        assert current is not None
        ticks.begin("training, Runs opened")
        window.places.show_place("runs")
        wait_until(lambda: self._row(current.path) is not None)
        ticks.begin("training, compared live")
        self._select([current.path, *self._made[:5]])
        wait(LIVE_SECONDS)
        assert window.train_state.is_busy, "It was too short a training."
        window.places.show_place("train")
        ticks.begin("training, to the epoch's end")
        wait_until(lambda: any(isinstance(value, EpochResult) for value in self._seen))
        ticks.begin("test images and saving")
        wait_until(lambda: not window.train_state.is_busy)

    def go_on(self) -> None:
        """Let the Train half show that a long run goes on, as its training would report it."""
        report = self._window.train_state.progressed.emit
        before = earlier(self._made[0].parent)
        self._ticks.begin(f"a run of {LONG_EPOCHS:,} epochs goes on")
        report(before)
        batches = iter(range(1, 10_000))

        def add() -> None:
            epoch, batch = divmod(next(batches), LONG_ROWS)
            report(BatchProgress(LONG_EPOCHS + 1 + epoch, 2 * LONG_EPOCHS, batch, LONG_ROWS, 0.2, 0.9, 1000, 0, 0))

        timer = QTimer(interval=50)  # as often as a training reports
        timer.timeout.connect(add)
        timer.start()
        wait(LIVE_SECONDS)

    def _take(self, value: object) -> None:
        self._seen.append(value)
        if value == Progress("Preparing the network"):
            self._ticks.begin("preparing, first batch")

    def _row(self, path: Path) -> int | None:
        model = self._table.model()
        assert isinstance(model, RunTableModel)
        return model.row_of(path)

    def _select(self, paths: list[Path]) -> None:
        """Select these runs at once, as a click with Shift does."""
        selection, flags = QItemSelection(), QItemSelectionModel.SelectionFlag
        for path in paths:
            row = self._row(path)
            assert row is not None
            index = self._table.model().index(row, 0)
            selection.select(index, index)
        self._table.selectionModel().select(selection, flags.ClearAndSelect | flags.Rows)

    def _are_drawn(self) -> bool:
        """Whether the curves of all selected runs have been read."""
        texts = self._window.runs.compare.curves.legend.texts
        return bool(texts) and all(text for _, text in texts)


def main() -> int:
    """Run and print all parts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default="cifar10")
    parser.add_argument("--late", type=float, metavar="MS")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        files, runs_dir = draw_pictures(Path(name)), Path(name) / "runs"
        made = make_runs(runs_dir, RUNS)
        app = QApplication(sys.argv[:1])
        app.setStyle("Fusion")
        style.apply(app)
        GarbageCollector(app)
        began = time.perf_counter()
        window = MainWindow(model=paths.shipped_model(), runs_dir=runs_dir)
        window.show()
        app.processEvents()
        print(f"window made and shown in {(time.perf_counter() - began) * 1000:.0f} ms")
        ticks = Ticks()
        late = Lateness(ticks, options.late) if options.late else None
        ticks.begin("importing TensorFlow")
        parts = Parts(window, ticks, made, files)
        wait_until(lambda: not window.opener.is_running)
        print(f"model ready after {time.perf_counter() - began:.1f} s")
        parts.classify(f"{PICTURES} dropped pictures")
        parts.look_at_runs()
        parts.edit_the_recipe(options.data)
        parts.train(options.data)
        parts.go_on()
        ticks.begin("idle")
        wait(1)
        ticks.report()
        if late:
            late.report()
        window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
