"""The real program's window: with no display, with a broken one, and closed by a signal."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cnngui.core.tensorflow_start import GREETINGS

# Opens the window as the program does; says in addition what its status line says.
TALKING = """
import sys
from cnngui.gui.predict.picture_counts import status_of
from cnngui.gui.window import main_window

class Talking(main_window.MainWindow):
    def __init__(self, **options):
        super().__init__(**options)
        self.predict_state.changed.connect(self.tell)

    def tell(self):
        if self.predict_state.counts.total:
            print(status_of(self.predict_state), flush=True)

main_window.MainWindow = Talking
from cnngui.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A home of its own and no display."""
    ours = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    homes = {f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in ("CONFIG", "DATA", "CACHE", "STATE")}
    ours.pop("QT_QPA_PLATFORM", None)
    return {**ours, **homes, "HOME": str(tmp_path)}


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="this system always has a display")
@pytest.mark.parametrize(
    ("display", "sentence"),
    [
        ({}, "There is no display to open a window on."),
        ({"DISPLAY": ":nonexistent"}, "The display cannot be opened"),
        ({"DISPLAY": ":nonexistent", "QT_QPA_PLATFORM": "xcb"}, "The display cannot be opened"),
        ({"QT_QPA_PLATFORM": "nonsense"}, "The display cannot be opened"),
    ],
)
def test_without_a_display_one_sentence_and_status_2(
    environment: dict[str, str], tmp_path: Path, display: dict[str, str], sentence: str
) -> None:
    command = [sys.executable, "-m", "cnngui"]
    ended = subprocess.run(
        command, cwd=tmp_path, env={**environment, **display}, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 2
    (line,) = ended.stderr.splitlines()
    assert line.startswith(f"cnngui: {sentence}")
    assert ended.stdout == ""
    assert not list(tmp_path.glob("core*"))


def test_the_window_is_there_at_once_and_leaves_imports_as_fast_as_they_were(environment: dict[str, str]) -> None:
    """What takes long to import is not needed for it, and PySide6 makes every other import slower."""
    code = """
import builtins, os, pathlib, sys
plain = builtins.__import__
from cnngui.gui.app import run_window
from PySide6.QtWidgets import QApplication

def look(*_):
    slow = [name for name in ("tensorflow", "keras", "pyqtgraph") if name in sys.modules]
    print(slow, builtins.__import__ is plain, flush=True)
    os._exit(0)

QApplication.exec = look
run_window([], model=pathlib.Path("none"), data_dir=None)
"""
    environment["QT_QPA_PLATFORM"] = "offscreen"
    said = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    assert said.stdout.strip() == "[] True"


def test_what_was_copied_does_not_crash_the_program_at_its_end(environment: dict[str, str]) -> None:
    code = """
import pathlib, sys
from cnngui.gui.app import run_window
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from cnngui.gui.predict import clipboard
run = QApplication.exec

def copy_and_close(*_):
    clipboard.copy("bird", [])
    QTimer.singleShot(0, QApplication.closeAllWindows)
    return run()

QApplication.exec = copy_and_close
sys.exit(run_window([], model=pathlib.Path("none"), data_dir=None))
"""
    environment["QT_QPA_PLATFORM"] = "offscreen"
    ended = subprocess.run([sys.executable, "-c", code], env=environment, timeout=60, check=False)
    assert ended.returncode == 0


@pytest.fixture
def window(environment: dict[str, str], model: Path, easy_folder: Path) -> Iterator[subprocess.Popen[str]]:
    """The program with two pictures and a file that is none, in a window without a screen."""
    pictures = sorted((easy_folder / "test" / "red").glob("*.png"))[:2]
    command: list[str | Path] = [sys.executable, "-c", TALKING, "--model", model, *pictures, "no such file.png"]
    environment["QT_QPA_PLATFORM"] = "offscreen"
    started = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace"
    )
    yield started
    if started.poll() is None:
        started.kill()
    started.communicate()


def complaints(text: str) -> list[str]:
    """What stands on standard error that neither TensorFlow nor the platform without a screen has written."""
    return [line for line in text.splitlines() if not line.startswith(("This plugin does not support", *GREETINGS))]


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals on this system")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_closes_the_window_with_status_0(window: subprocess.Popen[str], number: signal.Signals) -> None:
    assert window.stdout is not None
    said: list[str] = []
    while not said or "waiting" in said[-1]:
        said.append(window.stdout.readline())
        assert said[-1], "it ended before all was answered"
    assert said[0] == "3 pictures  ·  3 waiting\n"
    assert said[-1] == "3 pictures\n"
    window.send_signal(number)
    _, errors = window.communicate(timeout=10)
    assert window.returncode == 0, errors
    assert complaints(errors) == []


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals on this system")
def test_a_signal_while_the_model_is_being_opened(window: subprocess.Popen[str]) -> None:
    """TensorFlow's import is waited for, and the pictures that wait are not begun."""
    assert window.stdout is not None
    assert window.stdout.readline() == "3 pictures  ·  3 waiting\n"
    # This line is written before the signal's handler is there: be sure not to come too early.
    while not caught(window.pid, signal.SIGTERM):
        assert window.poll() is None
    window.send_signal(signal.SIGTERM)
    _, errors = window.communicate(timeout=60)
    assert window.returncode == 0, errors
    assert complaints(errors) == []


def caught(pid: int, number: signal.Signals) -> bool:
    """Whether a process has a handler for a signal, which Linux tells."""
    status = Path(f"/proc/{pid}/status")
    if not status.is_file():
        pytest.skip("this system does not tell which signals a process handles")
    (mask,) = (line.split()[1] for line in status.read_text().splitlines() if line.startswith("SigCgt:"))
    return bool(int(mask, 16) >> (number - 1) & 1)
