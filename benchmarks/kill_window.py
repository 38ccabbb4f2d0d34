"""Kills the window while it trains, and continues: python -m benchmarks.kill_window [TIMES] (default: 3; no data).

A process opens the real window and trains on the drawn shapes; it is killed (SIGKILL) at a random moment. Another one
opens the window on the same folder, waits until it offers to continue, and clicks Continue. The result is compared with
that of a window that nobody killed: weights, history and card. Set QT_QPA_PLATFORM=offscreen without a display.
"""

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from benchmarks.kill_result import differences, read_result
from cnngui.core.progress import BatchProgress, Progress

EPOCHS = 3
SEED = 0
MOMENTS = ("batch 1 ", "batch 2 ", "batch 3 ", "Calibrating", "Evaluating", "Saving")


def child(runs: Path, what: str) -> int:
    """Open the window and start a training, or continue the one that was interrupted; end when it has ended."""
    from PySide6.QtCore import QEventLoop, Qt, QTimer
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication, QPushButton

    from cnngui import paths
    from cnngui.core.runs import writer
    from cnngui.gui.common import style
    from cnngui.gui.window.main_window import MainWindow

    writer.CHECKPOINT_SECONDS, writer.CHECKPOINT_SHARE = 1.0, 1.0  # the epochs are short
    app = QApplication(sys.argv[:1])
    app.setStyle("Fusion")
    style.apply(app)
    window = MainWindow(model=paths.shipped_model(), runs_dir=runs)
    window.show()

    def until(condition: Callable[[], object]) -> None:
        loop, look = QEventLoop(), QTimer(interval=20)
        look.timeout.connect(lambda: loop.quit() if condition() else None)
        look.start()
        loop.exec()

    def tell(value: object) -> None:
        if isinstance(value, BatchProgress):
            print(f"batch {value.epoch} {value.batch}", flush=True)
        elif isinstance(value, Progress):
            print(value.text, flush=True)

    def button(text: str) -> QPushButton | None:
        return next(
            (each for each in window.findChildren(QPushButton) if each.text() == text and each.isVisible()), None
        )

    def click(text: str) -> None:
        until(lambda: (found := button(text)) is not None and found.isEnabled())
        found = button(text)
        assert found is not None
        QTest.mouseClick(found, Qt.MouseButton.LeftButton)

    window.train_state.progressed.connect(tell)
    if what == "start":
        window.places.show_place("train")
        form = window.train.form
        form.data_box.setCurrentIndex(form.data_box.findData("shapes"))
        form.recipe_box.setCurrentIndex(form.recipe_box.findData("quick"))
        until(lambda: window.train.data.summary is not None)
        form.epochs_box.setValue(EPOCHS)
        click("Start")
    else:
        until(lambda: button("Continue") is not None and not window.opener.is_running)
        window.places.show_place("predict")
        click("Continue")
    until(lambda: window.train_state.is_busy)
    until(lambda: not window.train_state.is_busy)
    window.close()
    return 0


def started(runs: Path, what: str) -> "subprocess.Popen[str]":
    """A child that writes where it is to its standard output."""
    command = [sys.executable, "-m", "benchmarks.kill_window", "child", str(runs), what]
    home = runs.parent
    environment = {
        **os.environ,
        "HOME": str(home),
        **{f"XDG_{name}_HOME": str(home / name) for name in ("CONFIG", "DATA")},
    }
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment)


def finish(process: "subprocess.Popen[str]") -> None:
    """Wait until the child has ended by itself."""
    process.communicate()
    if process.returncode:
        raise SystemExit(f"the window ended with {process.returncode}")


def kill_at(process: "subprocess.Popen[str]", moment: str, delay: float) -> str:
    """Kill the child some time after it has said this; returns what it said last."""
    assert process.stdout is not None
    last = ""
    for line in process.stdout:
        last = line.strip()
        if line.startswith(moment):
            time.sleep(delay)
            process.kill()
            process.wait()
            return last
    return f"{last} (ended before it was killed)"


def main(times: int) -> int:
    """Run, kill, continue and compare."""
    rng = random.Random(SEED)
    with tempfile.TemporaryDirectory() as name:
        whole = Path(name) / "whole" / "runs"
        finish(started(whole, "start"))
        (reference,) = whole.iterdir()
        print(f"{'window':8}{'killed after':32}" + "".join(f"{part:10}" for part in ("weights", "history", "card")))
        is_same = True
        for number in range(1, times + 1):
            runs = Path(name) / str(number) / "runs"
            moment = rng.choice(MOMENTS)
            last = kill_at(started(runs, "start"), moment, rng.uniform(0, 1))
            finish(started(runs, "continue"))
            (folder,) = (each for each in runs.iterdir() if not each.name.startswith("."))
            found = differences(read_result(reference), read_result(folder))
            is_same &= all(found.values())
            print(
                f"{number:<8}{last:32}" + "".join(f"{'yes' if same else 'NO':10}" for same in found.values()),
                flush=True,
            )
    return 0 if is_same else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["child"]:
        sys.exit(child(Path(sys.argv[2]), sys.argv[3]))
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 3))
