"""Whether the window keeps anything: python benchmarks/soak.py [MINUTES] (default: 120; needs no data).

Trains on the drawn shapes, pauses, stops, continues, trains longer, queues, discards, predicts and changes places, over
and over, in one window. After each round it notes the memory (resident and, below it, what is allocated in Python), the
threads, the open files and the windows. Prints a line every few minutes, and at the end the growth since the tenth
minute. Runs are deleted as they come, so that the list does not grow.
"""

import gc
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from PIL import Image
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from cnngui import paths
from cnngui.core.data import shapes
from cnngui.core.runs import library
from cnngui.gui.common import style
from cnngui.gui.common.garbage import GarbageCollector
from cnngui.gui.train.phases import Phase
from cnngui.gui.train.requests import continuation
from cnngui.gui.window.main_window import MainWindow

WARM_UP_MINUTES = 10
REPORT_MINUTES = 5
PICTURES = 20
IMAGES_PER_CLASS = 60


def wait_until(condition: Callable[[], object]) -> None:
    """Run the event loop until ``condition()`` is true."""
    loop = QEventLoop()
    look = QTimer(interval=10)
    look.timeout.connect(lambda: loop.quit() if condition() else None)
    look.start()
    loop.exec()


def memory() -> float:
    """The process's resident memory in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 1e6


class Soak:
    """One window, and what is done with it."""

    def __init__(self, folder: Path) -> None:
        self.runs = folder / "runs"
        self.window = MainWindow(model=paths.shipped_model(), runs_dir=self.runs)
        self.window.show()
        self.pictures = [folder / f"{number}.png" for number in range(PICTURES)]
        rng = np.random.default_rng(0)
        for path in self.pictures:
            Image.fromarray(rng.integers(0, 256, (200, 300, 3), np.uint8)).save(path)
        wait_until(lambda: not self.window.opener.is_running)
        form = self.window.train.form
        form.data_box.setCurrentIndex(form.data_box.findData("shapes"))
        form.recipe_box.setCurrentIndex(form.recipe_box.findData("quick"))
        self.samples: list[tuple[float, float, int, int, int]] = []

    def round(self) -> None:
        """Everything once."""
        window, state, form = self.window, self.window.train_state, self.window.train.form
        window.places.show_place("train")
        form.recipe_state.set("optimization.epochs", 2)
        window.train.start()
        self._until(Phase.TRAINING)
        window.train.queue()
        state.pause_or_resume()
        self.predict()
        window.places.show_place("runs")
        window.places.show_place("train")
        state.pause_or_resume()
        state.stop()
        first = state.current
        assert first is not None
        wait_until(lambda: state.current is not first and state.phase == Phase.TRAINING)
        state.train_longer(3)
        wait_until(lambda: not state.is_busy)
        window.train.ask(continuation(first.path, first.title, first.recipe))
        wait_until(lambda: not state.is_busy)
        window.train.start()
        self._until(Phase.TRAINING)
        state.discard()
        wait_until(lambda: not state.is_busy and window.runs.changer.is_free)
        window.places.show_place("runs")
        self.predict()
        for run in library.list_runs(self.runs):
            shutil.rmtree(run.folder)

    def predict(self) -> None:
        """Classify pictures, and clear the list."""
        self.window.ways.classify(self.pictures)
        tally = self.window.predict_state.pictures.tally
        wait_until(lambda: not self.window.predict_state.is_gathering and tally.waiting == 0)
        self.window.predict_state.clear()

    def sample(self, began: float) -> None:
        """Note what the process holds."""
        gc.collect()
        files = len(list(Path("/proc/self/fd").iterdir()))
        windows = len(QApplication.topLevelWidgets())
        threads = len(list(Path("/proc/self/task").iterdir()))  # of the system; Python remembers ended ones of Qt
        self.samples.append((time.monotonic() - began, memory(), threads, files, windows))

    def _until(self, phase: Phase) -> None:
        wait_until(lambda: self.window.train_state.phase == phase)


def main() -> int:
    """Soak and report."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 120.0
    shapes.TRAIN_PER_CLASS = shapes.TEST_PER_CLASS = IMAGES_PER_CLASS
    app = QApplication(sys.argv[:1])
    app.setStyle("Fusion")
    style.apply(app)
    GarbageCollector(app)
    with tempfile.TemporaryDirectory() as name:
        soak = Soak(Path(name))
        began, reported = time.monotonic(), 0.0
        print(f"{'minute':>8}{'rounds':>8}{'MB':>9}{'threads':>9}{'files':>7}{'windows':>9}", flush=True)
        while time.monotonic() - began < 60 * minutes:
            soak.round()
            soak.sample(began)
            if not reported or time.monotonic() - reported > 60 * REPORT_MINUTES:
                reported = time.monotonic()
                seconds, megabytes, threads, files, windows = soak.samples[-1]
                rounds = len(soak.samples)
                print(f"{seconds / 60:8.1f}{rounds:8}{megabytes:9.1f}{threads:9}{files:7}{windows:9}", flush=True)
        soak.window.close()
        late = [each for each in soak.samples if each[0] >= 60 * WARM_UP_MINUTES] or soak.samples
        first, last = late[0], late[-1]
        print(f"{len(soak.samples)} rounds; since minute {first[0] / 60:.1f}:")
        print(f"memory {first[1]:.1f} to {last[1]:.1f} MB, {last[1] / first[1] - 1:+.1%}")
        for title, column in (("threads", 2), ("open files", 3), ("windows", 4)):
            print(f"{title} {first[column]} to {last[column]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
