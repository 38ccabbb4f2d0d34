"""What the Train half is doing, without any widget: one training at a time, from Start to the saved model."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from pathlib import Path
from queue import SimpleQueue

from PySide6.QtCore import QObject, Signal, Slot

from cnngui import paths
from cnngui.core.data.datasets import RawData
from cnngui.core.errors import UserError
from cnngui.core.progress import BatchProgress, Progress, ShouldStop
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.runs import folder as run_folder
from cnngui.core.training import job
from cnngui.core.training.job import Job, JobResult, SparePlace
from cnngui.gui.common.worker import Deliver, Task


class Phase(Enum):
    """What is going on. UNSAVED: a model is trained and could not be saved; its worker waits for another place."""

    IDLE = auto()
    PREPARING = auto()
    TRAINING = auto()
    STOPPING = auto()
    SAVING = auto()
    UNSAVED = auto()


@dataclass(frozen=True)
class Broken:
    """A training ended by a bug, which :mod:`cnngui.gui.common.bugs` shows."""


@dataclass(frozen=True)
class Cancelled:
    """A training was stopped before it learnt anything."""


@dataclass(frozen=True)
class CannotSave:
    """The trained model cannot be saved at ``path``, for the reason ``error``; it is kept in memory."""

    error: UserError
    path: Path


Ending = JobResult | UserError | Cancelled | Broken
"""How a training ends."""


class TrainState(QObject):
    """Trains, and saves each model in a folder of its own in ``runs_dir``.

    phase_changed: a Phase. progressed: a report of the training, or CannotSave. ended: an Ending.
    """

    phase_changed = Signal(object)
    progressed = Signal(object)
    ended = Signal(object)

    def __init__(self, runs_dir: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.runs_dir = runs_dir or paths.runs_dir()
        self.phase = Phase.IDLE
        self.title = ""  # of the data of the training that was started last
        self.job: Job | None = None  # the training that has begun last
        self._next: Job | None = None  # starts when the one before it has given up its model
        self._raw: RawData | None = None  # the data of that training, if it has been read
        self._unsaved: CannotSave | None = None
        self._unattended = False  # nobody is there to choose another place
        self._spare_place = SparePlace()
        self._answers: SimpleQueue[Path | None] = SimpleQueue()
        self._ending: Ending = Cancelled()
        self._task = Task(self)
        self._task.finished.connect(self._finished)

    @property
    def is_busy(self) -> bool:
        """Whether a training is going on or its model is being saved."""
        return self.phase not in (Phase.IDLE, Phase.UNSAVED)

    @property
    def is_unsaved(self) -> bool:
        """Whether a trained model waits for a place where it can be saved."""
        return self.phase == Phase.UNSAVED

    @property
    def spare_path(self) -> Path | None:
        """Where a model was put that could not be saved when nobody could be asked."""
        return self._spare_place.path

    @property
    def can_start(self) -> bool:
        """Whether a training can start now. An unsaved model is discarded by that."""
        return not self.is_busy

    @property
    def can_stop(self) -> bool:
        """Whether a stop has an effect: not while the model is being saved."""
        return self.phase in (Phase.PREPARING, Phase.TRAINING)

    def start(self, recipe: Recipe, source: str, title: str, data_dir: Path | None, raw: RawData | None = None) -> None:
        """Train this recipe on this data; an unsaved model is discarded.

        source: as :func:`cnngui.core.data.datasets.read` takes it. title: the data's name, for that of the run.
        raw: the data, if it has been read.
        """
        if not self.can_start:
            return
        self.title = title
        self._raw = raw
        folder = run_folder.new_folder(self.runs_dir, recipe.name, title, datetime.now())
        self._next = Job(source=source, recipe=recipe, path=folder / run_folder.MODEL, data_dir=data_dir)
        if self.is_unsaved:
            self.discard()
        else:
            self._begin()

    @Slot()
    def stop(self) -> None:
        """End the training within a batch, and save what it has learnt. One that is to follow does not start."""
        self._next = None
        if self.can_stop:
            self._enter(Phase.STOPPING)
            self._task.stop()

    @Slot()
    def save_again(self) -> None:
        """Try to save the unsaved model in the same place."""
        if self.is_unsaved and self._unsaved is not None:
            self._save_at(self._unsaved.path)

    def save_in(self, folder: Path) -> None:
        """Save the unsaved model in this folder, in a folder of its own."""
        if self.is_unsaved and self._unsaved is not None:
            self._save_at(folder / self._unsaved.path.parent.name / self._unsaved.path.name)

    def discard(self) -> None:
        """Give up the unsaved model."""
        if self.is_unsaved:
            self._save_at(None)

    def save_unattended(self) -> None:
        """Keep a model that cannot be saved among the temporary files from now on, since nobody can be asked."""
        self._unattended = True
        if self.is_unsaved:
            self._save_at_spare()

    def wait(self) -> None:
        """Wait until the training that was asked to end has ended."""
        self._task.wait()

    def _begin(self) -> None:
        assert self._next is not None
        todo, self._next = self._next, None
        self.job = todo
        raw, self._raw = self._raw, None
        answers = self._answers

        def work(report: Deliver, should_stop: ShouldStop) -> JobResult:
            import pyqtgraph  # noqa: F401  # the plot needs it; imported here, it does not hold up the window

            def next_place(error: UserError, path: Path) -> Path | None:
                report(CannotSave(error, path))
                return answers.get()

            return job.run(todo, raw, progress=report, should_stop=should_stop, next_place=next_place)

        self._enter(Phase.PREPARING)
        self._task.start(
            work,
            progressed=self._take_report,
            succeeded=self._note_ending,
            failed=self._note_ending,
            cancelled=lambda: self._note_ending(Cancelled()),
            broken=lambda: self._note_ending(Broken()),
        )

    def _take_report(self, value: object) -> None:
        match value:
            case BatchProgress() if self.phase == Phase.PREPARING:
                self._enter(Phase.TRAINING)
            case Progress(can_stop=False):
                self._enter(Phase.SAVING)
            case CannotSave():
                self._take_unsaved(value)
        self.progressed.emit(value)

    def _take_unsaved(self, unsaved: CannotSave) -> None:
        self._unsaved = unsaved
        self._enter(Phase.UNSAVED)
        if self._unattended:
            self._save_at_spare()

    def _save_at_spare(self) -> None:
        if self._unsaved is not None:
            self._save_at(self._spare_place(self._unsaved.error, self._unsaved.path))

    def _save_at(self, path: Path | None) -> None:
        self._enter(Phase.SAVING)
        self._answers.put(path)

    def _note_ending(self, ending: Ending) -> None:
        self._ending = ending

    @Slot()
    def _finished(self) -> None:
        self._unsaved = None
        self._enter(Phase.IDLE)
        if self._next is not None:  # the model before it was discarded for it
            self._begin()
        else:
            self.ended.emit(self._ending)

    def _enter(self, phase: Phase) -> None:
        if phase != self.phase:
            self.phase = phase
            self.phase_changed.emit(phase)
