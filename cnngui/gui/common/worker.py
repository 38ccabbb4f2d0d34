"""The place of the window's threads: runs a function of the core beside it."""

import logging
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal, Slot

from cnngui.core.errors import Stopped, UserError
from cnngui.core.progress import ShouldStop
from cnngui.gui.common import bugs

READER_SECONDS = 5.0  # a reader that ends takes less after it was asked to, even on a busy machine
COMPUTING_SECONDS = 30.0  # TensorFlow's import, or a step of it, cannot be interrupted
NEXT_READER_SECONDS = 0.2  # once one hangs
STACK_BYTES = 16 * 1024 * 1024  # TensorFlow needs more than the 512 kB that macOS gives a second thread

Deliver = Callable[[Any], None]
"""Receives a report, a result or an error."""

Work = Callable[[Deliver, ShouldStop], Any]
"""A long function: ``work(progress, should_stop)``. What it reports must be immutable."""


def ignore(_value: object) -> None:
    """Deliver a value and do nothing with it."""


def nothing() -> None:
    """Do nothing."""


class Worker(QThread):
    """Runs ``work(progress, should_stop)`` once, in a thread of its own, and turns its reports into signals.

    After ``start()``, emits exactly one of succeeded (the result), failed (a UserError), cancelled and broken (any
    other exception, which is a bug), then ``finished``. Connect bound methods of objects in the GUI thread, so that Qt
    calls them there. Hold the worker until it has finished.
    """

    progressed = Signal(object)
    succeeded = Signal(object)
    failed = Signal(object)
    broken = Signal(object)
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
        except Exception as error:
            self.broken.emit(error)
        else:
            self.succeeded.emit(result)


_left_behind: list[Worker] = []  # held, since Qt aborts when a running thread is destroyed


def is_left_behind() -> bool:
    """Whether a reader still hangs that nothing waits for any more."""
    return any(worker.isRunning() for worker in _left_behind)


def end_process(status: int) -> int:
    """Return the exit status, or end the process with it at once if a reader hangs: Python would wait or crash.

    Call it last, when all is written.
    """
    if is_left_behind():
        logging.shutdown()
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:  # pythonw has none
                stream.flush()
        os._exit(status)
    return status


@dataclass(frozen=True)
class _Handlers:
    """What a task calls with its reports and its outcome."""

    progressed: Deliver = ignore
    succeeded: Deliver = ignore
    failed: Callable[[UserError], None] = ignore
    cancelled: Callable[[], None] = nothing
    broken: Callable[[], None] = nothing


class Task(QObject):
    """Runs one work at a time, and holds its worker until it has finished.

    Calls the given functions with the outcome, in this object's thread. finished: the next work may start.
    """

    finished = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker: Worker | None = None
        self._handlers = _Handlers()

    @property
    def is_running(self) -> bool:
        """Whether work is going on."""
        return self._worker is not None

    def start(
        self,
        work: Work,
        *,
        progressed: Deliver = ignore,
        succeeded: Deliver = ignore,
        failed: Callable[[UserError], None] = ignore,
        cancelled: Callable[[], None] = nothing,
        broken: Callable[[], None] = nothing,
    ) -> None:
        """Start the work; none may be running.

        Calls exactly one of ``succeeded``, ``failed``, ``cancelled`` and ``broken``. The last is for tidying up after a
        bug, which :mod:`cnngui.gui.common.bugs` shows.
        """
        self._handlers = _Handlers(progressed, succeeded, failed, cancelled, broken)
        self._worker = Worker(work, self)
        self._worker.progressed.connect(self._take_progress)
        self._worker.succeeded.connect(self._take_result)
        self._worker.failed.connect(self._take_failure)
        self._worker.cancelled.connect(self._take_cancellation)
        self._worker.broken.connect(self._take_bug)
        self._worker.finished.connect(self._let_go)
        self._worker.start()

    def stop(self) -> None:
        """Ask the work to end soon; its outcome still counts."""
        if self._worker is not None:
            self._worker.stop()

    def abandon(self) -> None:
        """Ask the work to end soon and ignore its outcome, even reports that are already on their way."""
        self._handlers = _Handlers()
        self.stop()

    def abandon_then(self, then: Callable[[], object]) -> None:
        """Abandon the work, and call ``then`` once nothing runs."""
        self.abandon()
        if self.is_running:
            self.finished.connect(then)
        else:
            then()

    def leave(self, seconds: float | None = None) -> None:
        """Abandon work that only reads, and wait until it has ended: the window closes.

        A read from a network drive that is gone may never end. After so long (by default :data:`READER_SECONDS`) it is
        left behind, and :func:`end_process` does not wait for it either.
        """
        self.abandon()
        worker = self._worker
        if worker is None:
            return
        limit = READER_SECONDS if seconds is None else seconds
        if is_left_behind():
            limit = min(limit, NEXT_READER_SECONDS)  # it hangs at the same place, most likely
        if not worker.wait(round(1000 * limit)):
            worker.finished.disconnect(self._let_go)
            worker.setParent(None)  # Qt would abort if it were destroyed with the window
            _left_behind.append(worker)
            self._worker = None

    def wait(self) -> None:
        """Wait until the work has ended, however long: nothing that is written is left behind."""
        if self._worker is not None:
            self._worker.wait()

    @Slot(object)
    def _take_progress(self, value: object) -> None:
        self._handlers.progressed(value)

    @Slot(object)
    def _take_result(self, value: object) -> None:
        self._handlers.succeeded(value)

    @Slot(object)
    def _take_failure(self, error: UserError) -> None:
        self._handlers.failed(error)

    @Slot()
    def _take_cancellation(self) -> None:
        self._handlers.cancelled()

    @Slot(object)
    def _take_bug(self, error: Exception) -> None:
        bugs.report(error)
        self._handlers.broken()

    @Slot()
    def _let_go(self) -> None:
        if self._worker is not None:
            self._worker.deleteLater()
            self._worker = None
        self.finished.emit()


class LatestTask(QObject):
    """Runs what it was asked for last, once the work before it, which it asks to stop, has ended.

    Only the last result reaches the given function, in this object's thread; whatever fails has none.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._task = Task(self)
        self._wanted: tuple[Work, Deliver, Callable[[], object]] | None = None
        self._is_stopped = False
        self._task.finished.connect(self._begin)

    @property
    def is_running(self) -> bool:
        """Whether any work is going on, wanted or not."""
        return self._task.is_running

    def do(self, work: Work, succeeded: Deliver, failed: Callable[[], object] = nothing) -> None:
        """Run this next; nothing after :meth:`stop`. failed: called if it ends with an error, unless that is stale."""
        if self._is_stopped:
            return
        self._task.abandon()
        self._wanted = (work, succeeded, failed)
        self._begin()

    def forget(self) -> None:
        """Ignore the result of what was asked for; the work itself goes on."""
        self._wanted = None

    def abandon(self) -> None:
        """Forget, and ask the work to end soon."""
        self.forget()
        self._task.abandon()

    def abandon_then(self, then: Callable[[], object]) -> None:
        """Run nothing any more, and call ``then`` once nothing runs."""
        self._is_stopped = True
        self.forget()
        self._task.abandon_then(then)

    def stop(self, seconds: float | None = None) -> None:
        """Abandon, wait until nothing runs or it hangs, and run nothing any more: the window closes.

        seconds: as in :meth:`Task.leave`.
        """
        self._is_stopped = True
        self.forget()
        self._task.leave(seconds)

    @Slot()
    def _begin(self) -> None:
        if self._wanted is None or self._task.is_running:
            return
        wanted = self._wanted

        def take(result: object) -> None:
            if wanted is self._wanted:
                self._wanted = None
                wanted[1](result)

        def drop(_error: object = None) -> None:
            if wanted is self._wanted:
                self._wanted = None  # it would fail again
                wanted[2]()

        self._task.start(wanted[0], succeeded=take, failed=drop, broken=drop)
