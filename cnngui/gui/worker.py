"""The one place with threads: runs a function of the core beside the window."""

import logging
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal

from cnngui.core.errors import Stopped, UserError
from cnngui.core.progress import Report, ShouldStop

STACK_BYTES = 16 * 1024 * 1024  # TensorFlow needs more than the 512 kB that macOS gives a second thread

Work = Callable[[Report, ShouldStop], Any]


class Worker(QThread):
    """Runs ``work(progress, should_stop)`` once, in a thread of its own, and turns its reports into signals.

    After ``start()`` exactly one of succeeded (with its result), failed (with its exception) and cancelled is emitted,
    and then ``finished``. Connect bound methods of objects in the GUI thread: Qt then calls them there. Whoever makes
    a worker holds it until it has finished.
    """

    progressed = Signal(object)
    succeeded = Signal(object)
    failed = Signal(object)
    cancelled = Signal()

    def __init__(self, work: Work, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._stop = threading.Event()
        self.setStackSize(STACK_BYTES)

    def stop(self) -> None:
        """Ask the work to end soon. It is never terminated."""
        self._stop.set()

    def run(self) -> None:
        """Called by Qt, in the new thread."""
        try:
            result = self._work(self.progressed.emit, self._stop.is_set)
        except Stopped:
            self.cancelled.emit()
        except UserError as error:
            self.failed.emit(error)
        except Exception as error:  # a mistake of ours: the window shows it, the log keeps its traceback
            logging.getLogger(__name__).exception("A worker failed")
            self.failed.emit(error)
        else:
            self.succeeded.emit(result)
