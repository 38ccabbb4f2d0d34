"""The one place with threads: runs a function of the core beside the window."""

import logging
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal, Slot

from cnngui.core.errors import Stopped, UserError
from cnngui.core.progress import Report, ShouldStop, no_report

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


class Task(QObject):
    """Does one work at a time, and holds its worker until it has finished.

    What comes of it goes to the given functions, in this object's thread. finished: the next may be started.
    """

    finished = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker: Worker | None = None
        self._progressed: Report = no_report
        self._succeeded: Report = no_report
        self._failed: Report = no_report
        self._broken: Callable[[], None] | None = None

    @property
    def is_running(self) -> bool:
        """Whether a work has not ended yet."""
        return self._worker is not None

    def start(
        self,
        work: Work,
        *,
        progressed: Report = no_report,
        succeeded: Report = no_report,
        failed: Report = no_report,
        broken: Callable[[], None] | None = None,
    ) -> None:
        """Begin a work; none may be running. broken: is called after a bug, in the place of ``failed``."""
        self._broken = broken
        self._progressed, self._succeeded, self._failed = progressed, succeeded, failed
        self._worker = Worker(work, self)
        self._worker.progressed.connect(self._take_progress)
        self._worker.succeeded.connect(self._take_result)
        self._worker.failed.connect(self._take_failure)
        self._worker.finished.connect(self._let_go)
        self._worker.start()

    def abandon(self) -> None:
        """Ask the work to end soon, and take nothing more of it, not even what is on its way already."""
        self._progressed = self._succeeded = self._failed = no_report
        self._broken = None
        if self._worker is not None:
            self._worker.stop()

    def wait(self) -> None:
        """Until the work has ended."""
        if self._worker is not None:
            self._worker.wait()

    @Slot(object)
    def _take_progress(self, value: object) -> None:
        self._progressed(value)

    @Slot(object)
    def _take_result(self, value: object) -> None:
        self._succeeded(value)

    @Slot(object)
    def _take_failure(self, error: object) -> None:
        if self._broken is None or isinstance(error, UserError):
            self._failed(error)
        else:
            self._broken()

    @Slot()
    def _let_go(self) -> None:
        if self._worker is not None:
            self._worker.deleteLater()
            self._worker = None
        self.finished.emit()


class LatestTask(QObject):
    """Does what it was asked last, as soon as what it is at has ended, which it is asked to do.

    Only what comes of the last goes to the given function, in this object's thread. A failure is logged.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._task = Task(self)
        self._wanted: tuple[Work, Report] | None = None
        self._task.finished.connect(self._begin)

    @property
    def is_running(self) -> bool:
        """Whether anything runs, for something or nothing."""
        return self._task.is_running

    def do(self, work: Work, succeeded: Report) -> None:
        """Do this next."""
        self._task.abandon()
        self._wanted = (work, succeeded)
        self._begin()

    def forget(self) -> None:
        """Let nothing come of what was asked; what runs goes on, but for nothing."""
        self._wanted = None

    def abandon(self) -> None:
        """Forget, and ask what runs to end soon."""
        self.forget()
        self._task.abandon()

    def stop(self) -> None:
        """Abandon, and wait until nothing runs."""
        self.abandon()
        self._task.wait()

    @Slot()
    def _begin(self) -> None:
        if self._wanted is None or self._task.is_running:
            return
        wanted = self._wanted

        def take(result: object) -> None:
            if wanted is self._wanted:
                self._wanted = None
                wanted[1](result)

        def drop(_error: object) -> None:
            if wanted is self._wanted:
                self._wanted = None  # it would fail again

        self._task.start(wanted[0], succeeded=take, failed=drop)
