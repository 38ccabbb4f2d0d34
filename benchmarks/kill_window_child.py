"""The window that benchmarks.kill_window kills.

python -m benchmarks.kill_window_child begin | continue PRECISION SECONDS FOLDER

It is the real one, with the changes of benchmarks.kill_child, and the run's folder has the given name. Everything is
started with clicks: a training of the recipe “quick” for two epochs, or the one that the strip “A training was
interrupted” offers to continue. The window closes when the training has ended.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QSettings, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from benchmarks.kill_child import change, say, say_progress
from cnngui import paths
from cnngui.core.runs import folder
from cnngui.gui.common import style
from cnngui.gui.common.garbage import GarbageCollector
from cnngui.gui.window.main_window import MainWindow
from cnngui.gui.window.strips.interrupted_runs import InterruptedRuns

EPOCHS = 2
OFFER = "A training was interrupted"


def wait_until(condition: Callable[[], object]) -> None:
    """Run the event loop until ``condition()`` is true."""
    loop = QEventLoop()
    look = QTimer(interval=10)
    look.timeout.connect(lambda: loop.quit() if condition() else None)
    look.start()
    loop.exec()


def click(inside: QWidget, text: str) -> None:
    """Click the button with this text, without its mnemonic."""
    button = next(each for each in inside.findChildren(QPushButton) if each.text().replace("&", "") == text)
    wait_until(lambda: button.isVisible() and button.isEnabled())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def begin(window: MainWindow) -> None:
    """Train “quick” on the drawn shapes."""
    window.places.show_place("train")
    form = window.train.form
    form.data_box.setCurrentIndex(form.data_box.findData("shapes"))
    form.recipe_box.setCurrentIndex(form.recipe_box.findData("quick"))
    form.recipe_state.set("optimization.epochs", EPOCHS)
    click(window.train, "Start")


def go_on(window: MainWindow) -> None:
    """Accept the offer to continue."""
    strip = window.findChild(InterruptedRuns)
    assert strip is not None
    wait_until(lambda: strip.isVisible() and OFFER in [label.text() for label in strip.findChildren(QLabel)])
    say(f"offered: {OFFER}")
    click(strip, "Continue")


def main(what: str, precision: str, seconds: float, out: Path) -> int:
    """Open the window on the folder of runs, and train."""
    change(precision, seconds)
    folder.new_folder = lambda *_: out
    for kind in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
        QSettings.setPath(kind, QSettings.Scope.UserScope, str(out.parent / ".settings"))
    app = QApplication(sys.argv[:1])
    app.setStyle("Fusion")
    style.apply(app)
    GarbageCollector(app)
    window = MainWindow(model=paths.shipped_model(), runs_dir=out.parent)
    window.train_state.progressed.connect(say_progress)
    window.show()
    wait_until(lambda: not window.opener.is_running)
    (begin if what == "begin" else go_on)(window)
    wait_until(lambda: window.train_state.is_busy)
    wait_until(lambda: not window.train_state.is_busy)
    window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], float(sys.argv[3]), Path(sys.argv[4])))
