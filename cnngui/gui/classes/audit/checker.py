"""Checks a collection while it is in view, and again when it has changed."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cnngui.core.data.collections.collection import Collection
from cnngui.core.data.collections.shelves import Pictures, Shelf
from cnngui.core.data.image_folder import SIDE
from cnngui.core.errors import UserError
from cnngui.core.pictures.images import READ_SIDE
from cnngui.core.progress import ShouldStop
from cnngui.gui.classes.audit.question import Question
from cnngui.gui.classes.audit.work import Checked, Doubles, Model, check, look_closer
from cnngui.gui.common.worker import COMPUTING_SECONDS, Deliver, Task, Work

QUIET = 0.5  # seconds in which it does not say how far it is: it may have ended by then
PAUSE = 400  # ms without a change, before the pictures are looked at


class Checker(QObject):
    """Audits the collection by itself, and looks closer when it is asked to.

    changed: any of the attributes may have changed. progressed: how far it is, as a Progress.
    found: what the audit asks. doubts: what the closer look asks. error: why the last one ended, in a sentence.
    """

    changed = Signal()
    progressed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.found: tuple[Question, ...] = ()
        self.doubts: tuple[Question, ...] = ()
        self.error = ""
        self._collection: Collection | None = None
        self._checked: tuple[Mapping[Shelf, Pictures], int] | None = None  # the pictures and the side
        self._doubles: Doubles = ()
        self._model: Model | None = None
        self._side = SIDE
        self._wants_closer = self._is_in_view = False
        self._timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._timer.timeout.connect(self._begin)
        self._task = Task(self)
        self._task.finished.connect(self._begin)

    @property
    def is_running(self) -> bool:
        """Whether pictures are being looked at, or are about to be."""
        return self._is_in_view and (self._needs_check or self._wants_closer)

    @property
    def questions(self) -> tuple[Question, ...]:
        """All that is asked."""
        return (*self.found, *self.doubts)

    @property
    def folder(self) -> Path | None:
        """The collection's folder."""
        return self._collection.folder if self._collection else None

    def follow(self, collection: Collection | None) -> None:
        """This is the collection now."""
        if collection is self._collection:
            return
        if collection is None or collection.folder != self.folder:
            self.found = self.doubts = self._doubles = ()
            self.error, self._wants_closer, self._checked = "", False, None
        self._collection = collection
        self._begin_soon()

    def use_model(self, model: Model) -> None:
        """Look closer with this model from now on."""
        self._model = model

    def use_side(self, side: int) -> None:
        """The network's input will have this side, in pixels."""
        side = min(side, READ_SIDE)  # no more is known of a picture
        if side != self._side:
            self._side = side
            self._begin_soon()

    def set_in_view(self, is_in_view: bool) -> None:
        """Whether anybody sees the collection. Nothing is looked at meanwhile."""
        self._is_in_view = is_in_view
        self._begin_soon()

    def look_closer(self) -> None:
        """Look for doubtful labels, and for pictures that are worth naming, once the audit is done."""
        self._wants_closer = True
        self._begin()
        self.changed.emit()

    def cancel(self) -> None:
        """Look no further until something changes or it is asked for."""
        self._wants_closer = False
        self._timer.stop()
        if self._task.is_running:
            self._task.stop()
        else:
            self._checked = self._state
            self.changed.emit()

    def stop(self) -> None:
        """Wait until nothing is looked at: the window closes."""
        self._is_in_view = False
        self._timer.stop()
        self._task.leave(COMPUTING_SECONDS)

    @property
    def _state(self) -> tuple[Mapping[Shelf, Pictures], int] | None:
        return (self._collection.shelves, self._side) if self._collection else None

    @property
    def _needs_check(self) -> bool:
        if self._collection is None or self._state == self._checked:
            return False
        return sum(bool(self._collection.count(name)) for name in self._collection.classes) > 1

    def _begin_soon(self) -> None:
        if self._task.is_running and (self._needs_check or not self._is_in_view):
            self._task.abandon()
        self._timer.start()
        self.changed.emit()

    @Slot()
    def _begin(self) -> None:
        if self._collection is None or not self._is_in_view or self._task.is_running or self._timer.isActive():
            return
        if self._needs_check:
            self._check(self._collection)
        elif self._wants_closer:
            self._look_closer(self._collection)

    def _check(self, collection: Collection) -> None:
        state, side = self._state, self._side

        def work(report: Deliver, should_stop: ShouldStop) -> Checked:
            return check(collection.folder, side, report, should_stop)

        def take(result: Checked) -> None:
            self.found, self._doubles = result.questions, result.doubles
            end()

        def end() -> None:
            self._checked = state
            self.changed.emit()

        self._start(work, take, end)

    def _look_closer(self, collection: Collection) -> None:
        doubles, model = self._doubles, self._model

        def work(report: Deliver, should_stop: ShouldStop) -> tuple[Question, ...]:
            return look_closer(collection, doubles, model, report, should_stop)

        def take(questions: tuple[Question, ...]) -> None:
            self.doubts = questions
            end()

        def end() -> None:
            self._wants_closer = False
            self.changed.emit()

        self._start(work, take, end)

    def _start(self, work: Work, take: Deliver, end: Callable[[], None]) -> None:
        def fail(error: UserError) -> None:
            self.error = str(error)
            end()

        began = time.monotonic()

        def tell(progress: object) -> None:
            if time.monotonic() >= began + QUIET:
                self.progressed.emit(progress)

        self.error = ""
        self._task.start(work, progressed=tell, succeeded=take, failed=fail, cancelled=end, broken=end)
