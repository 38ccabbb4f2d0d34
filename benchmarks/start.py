"""How fast the program starts: python -m benchmarks.start [--times N] [--before CHECKOUT]

In a new process each time (5 times by default), in turn: starts the window with a sample and measures the seconds from
the start of the process until the window was drawn and until the shipped model had classified the sample, and the
window's memory then; runs "cnngui predict" with the sample; and runs a bare script that imports TensorFlow, loads the
same model and predicts once. --before: does the same with another checkout of the program, in turn with this one, and
prints ratios. Prints medians and the worst. Set QT_QPA_PLATFORM=offscreen without a display.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parents[1]

CHILD = """
import sys, time, resource
from cnngui.gui import app  # before PySide6, as in the program
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

class Watch(QObject):
    drawn = False
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget) and not self.drawn:
            self.drawn = True
            QTimer.singleShot(0, lambda: print(time.time(), flush=True))
            QApplication.instance().removeEventFilter(self)  # it would slow down every event
        return False

def look():
    windows = [w for w in QApplication.topLevelWidgets() if isinstance(w, QMainWindow)]
    if windows and windows[0].predict_state.pictures.rowCount() and not windows[0].predict_state.pictures.tally.waiting:
        print(time.time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000, flush=True)
        windows[0].close()

run = QApplication.exec
def watched_run(*_):
    application = QApplication.instance()
    application.watch = Watch()
    application.installEventFilter(application.watch)
    application.looking = QTimer(interval=10)
    application.looking.timeout.connect(look)
    application.looking.start()
    return run()
QApplication.exec = watched_run
from cnngui.cli import main
sys.exit(main([sys.argv[1]]))
"""


BARE = """
import sys
import numpy, tensorflow
tensorflow.keras.models.load_model(sys.argv[1]).predict(numpy.zeros((1, 32, 32, 3)), verbose=0)
import time
print(time.time())
"""

UNITS = {"window drawn": "s", "first answer": "s", "memory": "MB", "cnngui predict": "s", "bare script": "s"}


def measure(checkout: Path) -> list[float]:
    """The figures, in the order of UNITS."""
    sample, model = checkout / "resources" / "samples" / "cat.png", checkout / "models" / "cifar10.keras"
    began = time.time()
    shown = _run(checkout, "-c", CHILD, str(sample)).split()
    drawn, answered, megabytes = float(shown[0]) - began, float(shown[1]) - began, float(shown[2])
    began = time.time()
    _run(checkout, "-m", "cnngui", "predict", str(sample))
    predicted = time.time() - began
    began = time.time()
    return [drawn, answered, megabytes, predicted, float(_run(checkout, "-c", BARE, str(model))) - began]


def _run(checkout: Path, *arguments: str) -> str:
    command = [sys.executable, *arguments]
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    return subprocess.run(
        command, check=True, cwd=checkout, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ).stdout


def main() -> None:
    """Print the medians and the worst, and the ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--before", type=Path, metavar="CHECKOUT")
    options = parser.parse_args()
    checkouts = {"now": HERE} | ({"before": options.before.absolute()} if options.before else {})
    runs: dict[str, list[list[float]]] = {name: [] for name in checkouts}
    for number in range(options.times + 1):
        for name, checkout in checkouts.items():
            figures = measure(checkout)
            if number:  # the first has compiled Python's files
                runs[name].append(figures)
    medians = {}
    for name, rows in runs.items():
        columns = list(zip(*rows, strict=True))
        medians[name] = [statistics.median(column) for column in columns]
        for (figure, unit), column in zip(UNITS.items(), columns, strict=True):
            middle = statistics.median(column)
            print(f"{name:6} {figure:14} median {middle:.2f} {unit}, worst of {len(column)}: {max(column):.2f} {unit}")
    if options.before:
        for figure, now, before in zip(UNITS, medians["now"], medians["before"], strict=True):
            print(f"{figure:14} now / before: {now / before:.2f}")


if __name__ == "__main__":
    main()
