"""What the place of the classes is about: a collection, what is done to it, and how that is undone."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from cnngui import paths
from cnngui.core.data.collections.collection import Collection, create
from cnngui.core.errors import UserError
from cnngui.core.pictures.gathering import Thing
from cnngui.core.progress import ShouldStop
from cnngui.gui.classes.undo import Step, UndoStack
from cnngui.gui.classes.work import (
    Deed,
    Done,
    Make,
    Outcome,
    Plan,
    adding,
    changing,
    clear_up,
    make_or_keep,
    perform,
    undoing,
)
from cnngui.gui.common.settings import Settings
from cnngui.gui.common.worker import Deliver, Task, ignore

FIRST_NAME = "My pictures"  # of the collection that is made when a first class is named
FIRST_CLASS = "Name a first class."
BUSY = "Pictures are being moved or copied. Wait for that, or cancel it."


@dataclass(frozen=True)
class _Order:
    """Something that is to be done. title: as the menu would undo it. undoes: the step that it takes back."""

    title: str
    deed: Deed
    undoes: Step | None = None


class ClassesState(QObject):
    """Opens a collection, and does to it what it is told to, one thing after the other, beside the window.

    Each is done to the collection as it is by then: another program may have changed it.

    changed: the collection, or what can be done, may have changed. progressed: how far the work is, as a Progress.
    notice: a message in passing.
    """

    changed = Signal()
    progressed = Signal(object)
    notice = Signal(str)

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._folder: Path | None = None
        self._left: Path | None = None  # the collection that was open before, until it is cleared up
        self._make: Make = ignore  # makes the folder, before it is read for the first time
        self._outcome: Outcome | None = None
        self._problem, self._failure = "", ""
        self._undo = UndoStack()
        self._orders: deque[_Order] = deque()  # that wait
        self._doing: _Order | None = None
        self._is_stale = False
        self._task = Task(self)
        self._task.finished.connect(self._next)

    # Reading the state

    @property
    def folder(self) -> Path | None:
        """The folder of the collection; None if none is open."""
        return self._folder

    @property
    def collection(self) -> Collection | None:
        """What is in it, as far as it is known."""
        return self._outcome.collection if self._outcome else None

    @property
    def problem(self) -> str:
        """Why the collection cannot be read, in a sentence; "" if it can."""
        return self._problem

    @property
    def failure(self) -> str:
        """Why the last thing was not done, in a sentence; "" if it was."""
        return self._failure

    @property
    def can_wake(self) -> bool:
        """Whether a collection was open the last time, or is."""
        return bool(self._folder or self._settings.collections)

    @property
    def classes(self) -> Sequence[str]:
        """The names of its classes."""
        return self.collection.classes if self.collection else ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What should be known about it, in sentences."""
        return self._outcome.notes if self._outcome else ()

    @property
    def needed(self) -> str:
        """What is missing before a training, in a sentence; "" if it can begin."""
        return self._outcome.needed if self._outcome else FIRST_CLASS

    @property
    def can_train(self) -> bool:
        """Whether a network can learn from it."""
        return self._outcome is not None and not self._outcome.needed and not self._problem

    @property
    def is_busy(self) -> bool:
        """Whether something is done or waits to be; reading alone does not count."""
        return bool(self._orders) or self._doing is not None

    @property
    def can_undo(self) -> bool:
        """Whether something can be undone now."""
        return self._undo.last is not None and not self.is_busy

    @property
    def undo_title(self) -> str:
        """What would be undone: "rename"."""
        return self._undo.last.title if self._undo.last else ""

    # Opening

    def wake(self) -> None:
        """Open the collection of the last time, if none is open; else read it again, in case it has changed."""
        if self._folder is None and self._settings.collections:
            self._open(self._settings.collections[0])
        else:
            self.refresh()

    def open(self, folder: Path) -> None:
        """Open a collection, or any folder of classes, unless something is being done to another one."""
        self._open(folder)

    def create(self, folder: Path) -> None:
        """Make a new collection there, and open it."""
        self._open(folder, create)

    @Slot()
    def refresh(self) -> None:
        """Read the collection again."""
        self._is_stale = True
        self._next()

    def stop(self) -> None:
        """Wait until nothing is being changed, and move what was removed to the trash: the window closes."""
        self._orders.clear()
        self._is_stale = False
        self._task.abandon()
        self._task.wait()
        for folder in (self._left, self._folder):
            if folder is not None:
                clear_up(folder)

    def _open(self, folder: Path, make: Make = ignore) -> None:
        if self.is_busy:
            self._tell_failure(BUSY)
            return
        self._task.abandon()
        self._left, self._folder, self._make = self._folder, folder, make
        self._outcome, self._problem, self._failure = None, "", ""
        self._undo.clear()
        self.refresh()
        self.changed.emit()

    # Changing

    def change(self, title: str, plan: Plan, notice: str = "") -> None:
        """Make a change after those that wait. title: as the menu would undo it."""
        self._give(_Order(title, changing(plan, notice)))

    def add(self, things: Sequence[Thing | bytes], label: str | None) -> None:
        """Add pictures after that; label as :func:`cnngui.core.data.collections.adding.add` has it."""
        self._give(_Order("add", adding(tuple(things), label, copy=not self._settings.refers_to_pictures)))

    @Slot()
    def undo(self) -> None:
        """Undo the last step."""
        step = self._undo.last
        if step is not None and self.can_undo:
            self._give(_Order(step.title, undoing(step.change, step.title), undoes=step))

    @Slot()
    def cancel(self) -> None:
        """Give up what is being done, and what waits. The collection stays as it was before."""
        self._orders.clear()
        if self._doing is not None:
            self._task.stop()
        self.changed.emit()

    def _give(self, order: _Order) -> None:
        if self._folder is None:
            self.wake()
        if self._folder is None:
            self._open(paths.collections_dir() / FIRST_NAME, make_or_keep)
        self._orders.append(order)
        self._next()
        self.changed.emit()

    # Working

    @Slot()
    def _next(self) -> None:
        if self._folder is None or self._task.is_running or not (self._orders or self._is_stale):
            return
        self._is_stale = False
        folder, left, make, before = self._folder, self._left, self._make, self.collection
        self._doing = self._orders.popleft() if self._orders else None
        deed = self._doing.deed if self._doing is not None else None
        if deed is not None:
            self._failure = ""

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
        self._left, self._make = None, ignore
        if self._outcome is None:  # it is open now
            others = [each for each in self._settings.collections if each != outcome.collection.folder]
            self._settings.collections = [outcome.collection.folder, *others]
        self._outcome, self._problem = outcome, ""
        self._failure = outcome.error or self._failure
        if outcome.done is not None and self._doing is not None:
            self._remember(self._doing, outcome.done)
        self._end()

    def _remember(self, order: _Order, done: Done) -> None:
        if order.undoes is not None:
            self._undo.drop(order.undoes)
        else:
            self._undo.push(Step(order.title, done.inverse))
        if done.notice:
            self.notice.emit(done.notice)

    def _fail(self, error: UserError) -> None:
        """The collection cannot be read: nothing that waits can be done."""
        self._problem = str(error)
        self._orders.clear()
        self._end()

    def _tell_failure(self, text: str) -> None:
        self._failure = text
        self.changed.emit()

    @Slot()
    def _end(self) -> None:
        self._doing = None
        self.changed.emit()
