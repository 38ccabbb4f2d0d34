"""How fast the program starts: python benchmarks/start.py [RUNS]

Starts the window in a new process (5 times by default) and prints the seconds from the start of the process until the
window was drawn, and until the shipped model had classified the first picture, a sample. In turn with it, runs a bare
script that imports TensorFlow, loads the same model and predicts once. Set QT_QPA_PLATFORM=offscreen without a
display.
"""

import statistics
import subprocess
import sys
import time

from cnngui import paths

CHILD = """
import sys, time
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
        print(time.time(), flush=True)
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


def measure() -> tuple[float, float, float]:
    """Seconds until the window was drawn, until its first answer, and until the bare script's."""
    sample = next((paths.resources_dir() / "samples").glob("*.png"))
    began = time.time()
    done = subprocess.run([sys.executable, "-c", CHILD, str(sample)], check=True, stdout=subprocess.PIPE, text=True)
    drawn, answered = (float(line) - began for line in done.stdout.split())
    began = time.time()
    bare = [sys.executable, "-c", BARE, str(paths.shipped_model())]
    done = subprocess.run(bare, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return drawn, answered, float(done.stdout) - began


def main() -> None:
    """Print the medians and the longest times."""
    runs = [measure() for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 5)]
    columns = list(zip(*runs, strict=True))
    for name, times in zip(("window drawn", "first answer", "bare script"), columns, strict=True):
        print(f"{name:14} median {statistics.median(times):.2f} s, worst of {len(times)}: {max(times):.2f} s")
    print(f"first answer / bare script: {statistics.median(columns[1]) / statistics.median(columns[2]):.2f}")


if __name__ == "__main__":
    main()
