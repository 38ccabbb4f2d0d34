"""Finds pictures in files, folders, addresses and data sets, in the background."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from cnngui.core.errors import UserError
from cnngui.core.pictures.folders import left_out
from cnngui.core.pictures.gathering import Thing, gather
from cnngui.core.progress import ShouldStop
from cnngui.gui.common.worker import Deliver, Task
from cnngui.gui.predict.pictures.file_state import file_states
from cnngui.gui.predict.pictures.picture import Picture

PAUSE_SECONDS = 0.01  # between groups: otherwise the window would take several in one go, and freeze meanwhile

Search = Callable[[ShouldStop], Iterator[list[Picture]]]
"""Finds pictures in groups, beside the window. It may raise UserError and Stopped."""


class Gatherer(QObject):
    """Looks through drops and whatever else is to be searched, one after the other.

    found: a list of pictures, and whether they are the first of their drop.
    ended: a drop has been looked through. failed: why a drop was given up, as a sentence.
    passed_over: a sentence about files in a drop that are no pictures.
    """

    found = Signal(list, bool)
    ended = Signal()
    failed = Signal(str)
    passed_over = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue: list[Search] = []
        self._is_first = False
        self._task = Task(self)
        self._task.finished.connect(self._finished)

    @property
    def is_running(self) -> bool:
        """Whether a drop is being looked through."""
        return self._task.is_running

    def look_at(self, things: Sequence[Thing]) -> None:
        """Look through these files, folders and addresses, after those that are queued."""
        self.search(partial(_gathered, tuple(things), self.passed_over.emit))

    def search(self, search: Search) -> None:
        """Take what this finds, after what is queued."""
        self._queue.append(search)
        self._begin()

    def abandon(self) -> None:
        """Drop the queue, and end the work soon without taking more pictures from it."""
        self._forget_queue()
        self._task.abandon()

    def wait(self) -> None:
        """Block until no work runs, after :meth:`abandon`, or until it hangs."""
        self._task.leave()

    def _begin(self) -> None:
        if self._task.is_running or not self._queue:
            return
        search = self._queue.pop(0)
        self._is_first = True

        def work(report: Deliver, should_stop: ShouldStop) -> None:
            look = file_states()
            for group in search(should_stop):
                report([picture.looked_at(look) for picture in group])
                time.sleep(PAUSE_SECONDS)

        self._task.start(work, progressed=self._take, failed=self._fail, broken=self._forget_queue)

    def _take(self, group: list[Picture]) -> None:
        is_first, self._is_first = self._is_first, False
        self.found.emit(group, is_first)

    @Slot()
    def _finished(self) -> None:
        self.ended.emit()
        self._begin()

    def _fail(self, error: UserError) -> None:
        self._forget_queue()
        self.failed.emit(str(error))

    def _forget_queue(self) -> None:
        self._queue = []


def _gathered(
    things: Sequence[Thing], tell: Callable[[str], object], should_stop: ShouldStop
) -> Iterator[list[Picture]]:
    passed_over: Counter[str] = Counter()
    for group in gather(things, should_stop, passed_over):
        yield [Picture.of(found) for found in group]
    if passed_over and not should_stop():
        tell(left_out(passed_over))
