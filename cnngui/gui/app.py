"""Starts the window and runs it until it is closed."""

import builtins
import gc
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from cnngui import paths
from cnngui.core.progress import STOP_SIGNALS
from cnngui.gui import display

# PySide6 puts one of its own in its place, for "from __feature__ import"; TensorFlow's import takes 0.4 s longer by it.
# Remove when it no longer does, or can be told not to (tests/test_private.py); it has no setting for that.
PLAIN_IMPORT = builtins.__import__
SIGNAL_MS = 200  # how soon Ctrl-C is noticed: Python handles signals only between two Qt events


def run_window(pictures: Sequence[Path], *, model: Path | None, data_dir: Path | None) -> int:
    """Open the window with these pictures, and run it until it is closed.

    model: None for the user's default. Returns the exit status: 2 without a display.
    """
    reason = display.problem()
    if reason is not None:
        print(f"cnngui: {reason}", file=sys.stderr)
        return 2
    gc.disable()  # looking for garbage among what is imported would take 0.07 s
    from PySide6.QtCore import QTimer
    from PySide6.QtGui import QIcon
    from PySide6.QtWidgets import QApplication

    builtins.__import__ = PLAIN_IMPORT

    from cnngui.gui.common import bugs, style
    from cnngui.gui.common.garbage import GarbageCollector
    from cnngui.gui.common.settings import Settings
    from cnngui.gui.common.worker import end_process
    from cnngui.gui.window.main_window import MainWindow

    bugs.log_to(paths.log_file())
    bugs.install()
    app = QApplication(sys.argv[:1])
    app.setApplicationName("cnngui")
    app.setDesktopFileName("cnngui")
    app.setWindowIcon(QIcon(str(paths.resources_dir() / "icon.png")))
    app.setStyle("Fusion")
    settings = Settings()
    style.set_text_size(app, settings.text_size)
    style.set_appearance(app, settings.appearance)
    with style.styled_at_the_end(app):  # a quarter of a second less
        window = MainWindow(model=model, data_dir=data_dir)
    window.show()
    gc.freeze()
    GarbageCollector(app)
    window.ways.classify([path.absolute() for path in pictures])  # other programs get these paths by drag and drop

    for number in STOP_SIGNALS:
        # Not at once: a signal may arrive in the middle of a slot.
        signal.signal(number, lambda *_: QTimer.singleShot(0, window.close_unattended))
    listening = QTimer(interval=SIGNAL_MS)
    listening.timeout.connect(lambda: None)
    listening.start()
    status = app.exec()
    settings.store.sync()
    window.settings.store.sync()  # an end of the process would lose it
    return end_process(status)
