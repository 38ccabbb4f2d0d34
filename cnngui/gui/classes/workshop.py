"""Does what a collection needs, one thing after the other, beside the window."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from cnngui.core.errors import UserError
from cnngui.core.progress import ShouldStop
from cnngui.gui.classes.undo import Step
from cnngui.gui.classes.work import Deed, Outcome, clear_up, perform
from cnngui.gui.common.worker import Deliver, Task, ignore

Make = Callable[[Path], object]
"""Makes the folder of a collection before it is read for the first time. It may raise UserError."""


@dataclass(frozen=True)
class Order:
    """Something that is to be done. title: as the menu would undo it. undoes: the step that it takes back."""

    title: str
    deed: Deed
    undoes: Step | None = None


class Workshop(QObject):
    """Reads a collection, and does to it what is ordered.

    began: an order is being done. done: an Outcome, and its Order, or None if the collection was only read.
    failed: a sentence: the collection cannot be read, and nothing that waits can be done.
    ended: whatever it was has ended, also with a stop. progressed: how far it is, as a Progress.
    """

    began = Signal()
    done = Signal(object, object)
    failed = Signal(str)
    ended = Signal()
    progressed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder: Path | None = None
        self._left: Path | None = None  # the collection that was open before, until it is cleared up
        self._make: Make = ignore
        self._last: Outcome | None = None
        self._orders: deque[Order] = deque()  # that wait
        self._doing: Order | None = None
        self._is_stale = False
        self._task = Task(self)
        self._task.finished.connect(self._next)

    @property
    def is_busy(self) -> bool:
        """Whether something is done or waits to be; reading alone does not count."""
        return bool(self._orders) or self._doing is not None

    @property
    def is_running(self) -> bool:
        """Whether anything goes on, also reading alone."""
        return self._task.is_running

    def open(self, folder: Path, make: Make = ignore) -> None:
        """Go over to another collection, and read it. Nothing may be being done."""
        self._task.abandon()
        self._left, self.folder, self._make, self._last = self.folder, folder, make, None
        self.read()

    @Slot()
    def read(self) -> None:
        """Read the collection again."""
        self._is_stale = True
        self._next()

    def order(self, order: Order) -> None:
        """Do this after what waits."""
        self._orders.append(order)
        self._next()

    def cancel(self) -> None:
        """Give up what is being done, and what waits. The collection stays as it was before."""
        self._orders.clear()
        if self._doing is not None:
            self._task.stop()

    def stop(self) -> None:
        """Wait until nothing is being done, and move what was removed to the trash."""
        self._orders.clear()
        self._is_stale = False
        self._task.abandon()
        self._task.wait()
        for folder in (self._left, self.folder):
            if folder is not None:
                clear_up(folder)

    @Slot()
    def _next(self) -> None:
        if self.folder is None or self._task.is_running or not (self._orders or self._is_stale):
            return
        self._is_stale = False
        self._doing = self._orders.popleft() if self._orders else None
        folder, left, make = self.folder, self._left, self._make
        before = self._last.collection if self._last is not None else None
        deed = self._doing.deed if self._doing is not None else None
        if self._doing is not None:
            self.began.emit()

        def work(report: Deliver, should_stop: ShouldStop) -> Outcome:
            if left is not None:
                clear_up(left)
            make(folder)
            return perform(folder, before, deed, report, should_stop)

        self._task.start(
            work,
            progressed=self.progressed.emit,
            succeeded=self._take,
            failed=self._fail,
            cancelled=self._end,
            broken=self._end,
        )

    def _take(self, outcome: Outcome) -> None:
        self._left, self._make, self._last = None, ignore, outcome
        self.done.emit(outcome, self._doing)
        self._end()

    def _fail(self, error: UserError) -> None:
        self._orders.clear()
        self.failed.emit(str(error))
        self._end()

    @Slot()
    def _end(self) -> None:
        self._doing = None
        self.ended.emit()
