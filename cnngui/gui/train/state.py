"""What the Train half is doing, without any widget: one training at a time, from Start to the saved model.

Further ones wait in a queue, on disk too.
"""

import gc
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from cnngui import paths
from cnngui.core.data.datasets import RawData
from cnngui.core.device import Devices
from cnngui.core.errors import Stopped, UserError
from cnngui.core.progress import BatchProgress, Progress, ShouldStop
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.runs import folder as run_folder
from cnngui.core.training import job
from cnngui.core.training.control import Control
from cnngui.core.training.job import JobResult
from cnngui.gui.common.worker import Deliver, Task
from cnngui.gui.train.phases import Broken, Cancelled, CannotSave, Discarded, Ending, Phase
from cnngui.gui.train.requests import Request, continuation, new_run
from cnngui.gui.train.unsaved import UnsavedModel


class TrainState(QObject):
    """Trains, and keeps each run in a folder of its own in ``runs_dir``.

    phase_changed: a Phase. progressed: a report of the training, or CannotSave. ended: an Ending.
    queue_changed: another training waits, or fewer do.
    """

    phase_changed = Signal(object)
    progressed = Signal(object)
    ended = Signal(object)
    queue_changed = Signal()

    def __init__(self, runs_dir: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.runs_dir = runs_dir or paths.runs_dir()
        self.phase = Phase.IDLE
        self.current: Request | None = None  # the training that has begun last
        self.queue: tuple[Request, ...] = ()
        self.devices = Devices.FIRST  # of the trainings to come
        self._control = Control()
        self._pinned: NDArray[np.uint8] | None = None
        self._holds_queue = False  # the window closes
        self._is_reserved = False  # a search runs
        self.unsaved = UnsavedModel(self)
        self.unsaved.answered.connect(self._save)
        self._ending: Ending = Cancelled()
        self._task = Task(self)
        self._task.finished.connect(self._finished)
        self._queue_tasks: list[Task] = []
        self._deleted: dict[Path, tuple[int, Request]] = {}  # what waited when its run was deleted, and its place

    @property
    def title(self) -> str:
        """The title of the data of the training that has begun last; "" before."""
        return self.current.title if self.current is not None else ""

    @property
    def is_busy(self) -> bool:
        """Whether a training is going on or its model is being saved."""
        return self.phase not in (Phase.IDLE, Phase.UNSAVED)

    @property
    def is_unsaved(self) -> bool:
        """Whether a trained model waits for a place where it can be saved."""
        return self.phase == Phase.UNSAVED

    @property
    def can_start(self) -> bool:
        """Whether a training would start at once. An unsaved model is discarded by that."""
        return not self.is_busy and not self._is_reserved

    @property
    def can_stop(self) -> bool:
        """Whether a stop has an effect: not while the model is being saved."""
        return self.phase in (Phase.PREPARING, Phase.TRAINING, Phase.PAUSED, Phase.FINISHING)

    @property
    def can_pause(self) -> bool:
        """Whether the training can be paused, or go on after a pause."""
        return self.phase in (Phase.TRAINING, Phase.PAUSED)

    @property
    def epochs(self) -> int:
        """How many epochs the current training has in all, with those that were asked for meanwhile."""
        return max(self._control.epochs, self.current.recipe.optimization.epochs if self.current is not None else 0)

    def start(
        self,
        recipe: Recipe,
        source: str,
        title: str,
        data_dir: Path | None,
        raw: RawData | None = None,
        fit: tuple[str, ...] = (),
        recipe_title: str = "",
    ) -> None:
        """Train this recipe on this data, now or when the trainings before it have ended.

        source: as :func:`cnngui.core.data.datasets.read` takes it. title: the data's name, for that of the run.
        raw: the data, if it has been read. fit: the settings that follow the number of images once they are read.
        recipe_title: the recipe's name for that of the run, if it is not its own.
        """
        folder = run_folder.new_folder(self.runs_dir, recipe_title or recipe.name, title, datetime.now(), self._taken())
        self.ask(new_run(folder / run_folder.MODEL, recipe, source, title, data_dir, raw, fit))

    def ask(self, request: Request) -> None:
        """Start the training, or queue it behind those that were asked for before; an unsaved model is discarded."""
        if any(each.path == request.path for each in self._asked()):
            return
        if self.can_start:
            self.queue = (*self.queue, request)
            if self.is_unsaved:
                self.unsaved.discard()
            else:
                self._begin()
        else:
            self.queue = (*self.queue, replace(request, raw=None))  # it is read again: several would fill the memory
            if request.queue is not None:
                self._write_queued(request.queue)
        self.queue_changed.emit()

    def withdraw(self, request: Request) -> None:
        """Do not train this any more; its run stays on disk."""
        self.queue = tuple(each for each in self.queue if each is not request)
        self.queue_changed.emit()

    def model_moved(self, old: Path, new: Path | None) -> None:
        """What waits follows its run, which was renamed or, if ``new`` is None, deleted."""
        if new is None:
            self._deleted.pop(old, None)  # of a run that had this name before
            gone = [(place, each) for place, each in enumerate(self.queue) if each.path == old]
            self._deleted |= {each.path: (place, each) for place, each in gone}
        kept = (each for each in self.queue if new is not None or each.path != old)
        self.queue = tuple(replace(each, path=new) if new and each.path == old else each for each in kept)
        self.queue_changed.emit()

    def model_back(self, old: Path, new: Path) -> None:
        """A run that was deleted at ``old`` is back, at ``new``. If it waited, it waits again, in its place.

        Once no training runs any more it stays on disk: an undo begins none.
        """
        place, request = self._deleted.pop(old, (0, None))
        if request is not None and not self.can_start:
            self.queue = (*self.queue[:place], replace(request, path=new), *self.queue[place:])
            self.queue_changed.emit()

    @Slot()
    def pause_or_resume(self) -> None:
        """Let the training wait between two batches, or go on."""
        if self.phase == Phase.PAUSED:
            self._control.resume()
            self._enter(Phase.TRAINING)
        elif self.phase == Phase.TRAINING:
            self._control.pause()
            self._enter(Phase.PAUSED)

    def train_longer(self, epochs: int) -> None:
        """Let the running training have so many epochs in all; if it is too late, continue it once it has ended."""
        self._control.train_longer(epochs)

    def pin(self, pictures: NDArray[np.uint8]) -> None:
        """Answer these pictures after each epoch of the running training, and of those to come."""
        self._pinned = pictures
        self._control.pin(pictures)

    @Slot()
    def stop(self) -> None:
        """End the training within a batch, and save what it has learnt."""
        if self.can_stop:
            self._enter(Phase.STOPPING)
            self._task.stop()

    @Slot()
    def discard(self) -> None:
        """End the training within a batch, and make no model of it."""
        if self.can_stop:
            self._control.discard()
            self.stop()

    def reserve(self, is_reserved: bool) -> None:
        """Begin nothing while a search runs: what is asked for meanwhile waits until it has ended."""
        self._is_reserved = is_reserved
        self._begin_next()

    def hold_queue(self) -> None:
        """Begin no other training: the window closes. Those that wait stay on disk."""
        self._holds_queue = True

    def release_queue(self) -> None:
        """The window stays open after all."""
        self._holds_queue = False

    def wait(self) -> None:
        """Wait until the training that was asked to end has ended, and the queue is written."""
        self._task.wait()
        for task in self._queue_tasks:
            task.wait()

    def _asked(self) -> list[Request]:
        return [*([self.current] if self.current is not None and self.is_busy else []), *self.queue]

    def _taken(self) -> set[Path]:
        return {each.path.parent for each in self._asked()}

    def _write_queued(self, queue: Callable[[], None]) -> None:
        task = Task(self)
        task.finished.connect(task.deleteLater)
        self._queue_tasks = [*(each for each in self._queue_tasks if each.is_running), task]

        def work(_report: Deliver, _should_stop: ShouldStop) -> None:
            with suppress(OSError):  # it is told once the run begins
                queue()

        task.start(work)

    def _begin(self) -> None:
        request, *others = self.queue
        self.current, self.queue = replace(request, raw=None), tuple(others)
        answers, self._control = self.unsaved.answers, Control()
        control, devices = self._control, self.devices
        if self._pinned is not None:
            control.pin(self._pinned)
        gc.collect()  # frees the network of the training before, which is full of reference cycles

        def work(report: Deliver, should_stop: ShouldStop) -> Ending:
            import pyqtgraph  # noqa: F401  # the plot needs it; imported here, it does not hold up the window

            def next_place(error: UserError, path: Path) -> Path | None:
                report(CannotSave(error, path))
                return answers.get()

            try:
                return job.run(
                    replace(request.make(request.path), devices=devices),
                    request.raw,
                    progress=report,
                    should_stop=should_stop,
                    control=control,
                    next_place=next_place,
                )
            except Stopped as stopped:
                return Cancelled() if control.keeps else Discarded(request.path, stopped.run_stays)

        self._enter(Phase.PREPARING)
        self._task.start(
            work,
            progressed=self._take_report,
            succeeded=self._note_ending,
            failed=self._note_ending,
            broken=lambda: self._note_ending(Broken()),
        )

    def _take_report(self, value: object) -> None:
        match value:
            case BatchProgress() if self.phase == Phase.PREPARING:
                self._enter(Phase.TRAINING)
            case Progress(can_stop=False):
                self._enter(Phase.SAVING)
            case Progress() if self.phase in (Phase.TRAINING, Phase.PAUSED):
                self._enter(Phase.FINISHING)
            case CannotSave():
                self.unsaved.wait(value)
                self._enter(Phase.UNSAVED)
                self.unsaved.answer_unattended()
        self.progressed.emit(value)

    @Slot()
    def _save(self) -> None:
        self._enter(Phase.SAVING)

    def _note_ending(self, ending: Ending) -> None:
        self._ending = ending

    @Slot()
    def _finished(self) -> None:
        was_unsaved = self.unsaved.forget()
        self._enter(Phase.IDLE)
        goes_on = bool(self.queue) and not self._holds_queue
        if not (was_unsaved and isinstance(self._ending, UserError) and goes_on):  # discarded for the next one
            self.ended.emit(self._ending)
        self._lengthen()
        self._begin_next()

    def _begin_next(self) -> None:
        if self.queue and self.can_start and not self._holds_queue:
            self._begin()
            self.queue_changed.emit()

    def _lengthen(self) -> None:
        """Continue a training that had learnt its last epoch when more were asked for."""
        ending, asked = self._ending, self._control.epochs
        training = ending.card.training if isinstance(ending, JobResult) and not ending.stopped else None
        if training is not None and self.current is not None and asked > training.recipe.optimization.epochs:
            more = continuation(self.current.path, self.current.title, training.recipe, epochs=asked)
            self.queue = (more, *self.queue)

    def _enter(self, phase: Phase) -> None:
        if phase != self.phase:
            self.phase = phase
            self.phase_changed.emit(phase)
