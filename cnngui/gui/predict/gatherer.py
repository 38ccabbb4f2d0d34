"""Looks beside the window for the pictures in what was dropped."""

import time
from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot

from cnngui.core.pictures.gathering import Thing, gather
from cnngui.core.progress import ShouldStop
from cnngui.gui.common.worker import Deliver, Task

PAUSE_SECONDS = 0.01  # after each group, or the window would take several in one go, and stand still meanwhile


class Gatherer(QObject):
    """Looks through one drop after the other.

    begun: the pictures that follow are of another drop. found: some pictures, a list of
    ``Gathered``. ended: nothing more is found in what was dropped so far. failed: why not.
    """

    begun = Signal()
    found = Signal(list)
    ended = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._things: list[Thing] = []  # still to be looked at
        self._task = Task(self)
        self._task.finished.connect(self._finished)

    @property
    def is_running(self) -> bool:
        """Whether pictures are still being looked for."""
        return self._task.is_running

    def look_at(self, things: Sequence[Thing]) -> None:
        """Look through these files, folders and addresses, after those before them."""
        self._things += things
        self._begin()

    def abandon(self) -> None:
        """Let the looking for pictures end, and emit none that it has found."""
        self._things = []
        self._task.abandon()

    def wait(self) -> None:
        """Until nothing is being looked at any more."""
        self._task.wait()

    def _begin(self) -> None:
        if self._task.is_running or not self._things:
            return
        things, self._things = self._things, []

        def work(report: Deliver, should_stop: ShouldStop) -> None:
            for group in gather(things, should_stop):
                report(group)
                time.sleep(PAUSE_SECONDS)

        self.begun.emit()
        self._task.start(work, progressed=self.found.emit, failed=self._tell_failure)

    @Slot()
    def _finished(self) -> None:
        self.ended.emit()
        self._begin()

    def _tell_failure(self, error: Exception) -> None:
        self.failed.emit(f"What was dropped could not be looked through: {error}")
