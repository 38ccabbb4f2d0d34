"""What the place of the classes is about: a collection, what is done to it, and how that is undone."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from cnngui import paths
from cnngui.core.data.collections.arrivals import Addition
from cnngui.core.data.collections.collection import Collection, create
from cnngui.gui.classes.undo import Step, UndoStack
from cnngui.gui.classes.work import Outcome, Plan, adding, changing, make_or_keep, undoing
from cnngui.gui.classes.workshop import Make, Order, Workshop
from cnngui.gui.common.settings import Settings
from cnngui.gui.common.worker import ignore

FIRST_NAME = "My pictures"  # of the collection that is made when a first class is named
FIRST_CLASS = "Name a first class."
BUSY = "Pictures are being moved or copied. Wait for that, or cancel it."


class ClassesState(QObject):
    """Opens a collection, has done to it what it is told to, and remembers how that is undone.

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
        self._outcome: Outcome | None = None
        self._problem, self._failure = "", ""
        self._undo = UndoStack()
        self._workshop = Workshop(self)
        self._workshop.began.connect(self._forget_failure)
        self._workshop.done.connect(self._take)
        self._workshop.failed.connect(self._fail)
        self._workshop.ended.connect(self.changed)
        self._workshop.progressed.connect(self.progressed)

    # Reading the state

    @property
    def folder(self) -> Path | None:
        """The folder of the collection; None if none is open."""
        return self._workshop.folder

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
        return bool(self.folder or self._settings.collections)

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
        return not self.needed and not self._problem

    @property
    def is_busy(self) -> bool:
        """Whether something is done or waits to be; reading alone does not count."""
        return self._workshop.is_busy

    @property
    def is_reading(self) -> bool:
        """Whether the collection is being read or changed."""
        return self._workshop.is_running

    @property
    def is_opening(self) -> bool:
        """Whether the collection of an earlier time is read for the first time."""
        is_known = self.folder in self._settings.collections
        return is_known and self._outcome is None and not self._problem and not self.is_busy

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
        if self.folder is not None:
            self._workshop.read()
        elif self._settings.collections:
            self._open(self._settings.collections[0])

    @Slot(object)
    def open(self, folder: Path) -> None:
        """Open a collection, or any folder of classes, unless something is being done to another one."""
        self._open(folder)

    def create(self, folder: Path) -> None:
        """Make a new collection there, and open it."""
        self._open(folder, create)

    def stop(self) -> None:
        """Wait until nothing is being changed, and move what was removed to the trash: the window closes."""
        self._workshop.stop()

    def _open(self, folder: Path, make: Make = ignore) -> None:
        if self.is_busy:
            self._failure = BUSY
        else:
            self._outcome, self._problem, self._failure = None, "", ""
            self._undo.clear()
            self._workshop.open(folder, make)
        self.changed.emit()

    # Changing

    def change(self, title: str, plan: Plan, notice: str = "") -> None:
        """Make a change after those that wait. title: as the menu would undo it."""
        self._give(Order(title, changing(plan, notice)))

    def add(self, things: Sequence[Addition], label: str | None) -> None:
        """Add pictures after that; label as :func:`cnngui.core.data.collections.adding.add` has it."""
        self._give(Order("add", adding(tuple(things), label, copy=not self._settings.refers_to_pictures)))

    @Slot()
    def undo(self) -> None:
        """Undo the last step."""
        step = self._undo.last
        if step is not None and self.can_undo:
            self._give(Order(step.title, undoing(step.change, step.title), undoes=step))

    @Slot()
    def cancel(self) -> None:
        """Give up what is being done, and what waits. The collection stays as it was before."""
        self._workshop.cancel()
        self.changed.emit()

    def _give(self, order: Order) -> None:
        self._open_any()
        self._workshop.order(order)
        self.changed.emit()

    def _open_any(self) -> None:
        """If none is open, open the collection of the last time, or make a first one."""
        if self.folder is None:
            self.wake()
        if self.folder is None:
            self._open(paths.collections_dir() / FIRST_NAME, make_or_keep)

    # What came of it

    @Slot()
    def _forget_failure(self) -> None:
        self._failure = ""

    @Slot(object, object)
    def _take(self, outcome: Outcome, order: Order | None) -> None:
        if self._outcome is None:  # it is open now
            folder = outcome.collection.folder
            self._settings.collections = [folder, *(each for each in self._settings.collections if each != folder)]
        self._outcome, self._problem = outcome, ""
        self._failure = outcome.error or self._failure
        if outcome.done is None or order is None:
            return
        if order.undoes is not None:
            self._undo.drop(order.undoes)
        else:
            self._undo.push(Step(order.title, outcome.done.inverse))
        if outcome.done.notice:
            self.notice.emit(outcome.done.notice)

    @Slot(str)
    def _fail(self, problem: str) -> None:
        self._problem = problem
