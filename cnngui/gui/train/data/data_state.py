"""What is known of the chosen data: read once, in the background, whenever another is chosen."""

from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from cnngui.core.checks.together import with_doubles
from cnngui.core.data import datasets
from cnngui.core.data.datasets import RawData
from cnngui.core.data.image_folder import SIDE
from cnngui.core.data.sources import CIFAR10
from cnngui.core.data.summary import Summary, summarize
from cnngui.core.errors import UserError
from cnngui.core.progress import Progress, ShouldStop
from cnngui.gui.common.worker import Deliver, Task


@dataclass(frozen=True)
class DataChoice:
    """The data that the form says.

    validation_fraction: the recipe's, which decides how the data is divided. side: of a folder's pictures, in pixels.
    """

    source: str
    data_dir: Path | None
    validation_fraction: float
    side: int = SIDE

    @property
    def is_here(self) -> bool:
        """Whether the data can be read without a download."""
        return self.source != CIFAR10 or datasets.default_source(self.data_dir) == CIFAR10


class DataState(QObject):
    """Reads the chosen data and keeps it for the training, except CIFAR-10, which is large and fast to read.

    changed: any of the attributes has changed.
    choice: the data that was asked for last. summary: what it holds, once it is read. raw: the data itself, if kept.
    error: why it could not be read. progress: of the reading, or None. cancelled: whether the user stopped it.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.choice: DataChoice | None = None
        self.summary: Summary | None = None
        self.raw: RawData | None = None
        self.error: UserError | None = None
        self.progress: Progress | None = None
        self.cancelled = False
        self._task = Task(self)
        self._task.finished.connect(self._begin)
        self._waiting = False

    @property
    def is_reading(self) -> bool:
        """Whether the data is being read, or is about to be."""
        return self.progress is not None

    def read(self, choice: DataChoice) -> None:
        """Read this data, unless that has been tried already."""
        if choice == self.choice and (self.is_reading or self.cancelled or self.summary or self.error):
            return
        before = self.choice
        same_data = before is not None and before == replace(choice, validation_fraction=before.validation_fraction)
        self.choice = choice
        if same_data and self.raw is not None:  # only another recipe
            self.summary = summarize(self.raw, choice.validation_fraction)
            self.changed.emit()
            return
        self._forget()
        self._waiting = choice.is_here
        self.progress = Progress("Reading the data") if self._waiting else None
        self._task.abandon()
        self.changed.emit()
        self._begin()

    @Slot()
    def read_again(self) -> None:
        """Read the chosen data anew: its files may have changed."""
        choice, self.choice = self.choice, None
        self.raw = None
        if choice is not None:
            self.read(choice)

    @Slot()
    def cancel(self) -> None:
        """Stop reading."""
        if self.is_reading:
            self._stop()
            self.cancelled = True
            self.changed.emit()

    def pause(self) -> None:
        """Stop reading until it is asked for again: a training reads the data itself."""
        if self.is_reading:
            self._stop()
            self.changed.emit()

    def stop(self) -> None:
        """Stop reading, and wait until nothing runs or it hangs."""
        self._stop()
        self._task.leave()

    def _stop(self) -> None:
        self._waiting = False
        self.progress = None
        self._task.abandon()

    def _forget(self) -> None:
        self.summary = self.raw = self.error = None
        self.cancelled = False

    @Slot()
    def _begin(self) -> None:
        if not self._waiting or self._task.is_running or self.choice is None:
            return
        self._waiting = False
        choice = self.choice

        def work(report: Deliver, should_stop: ShouldStop) -> tuple[RawData, Summary]:
            raw = datasets.read(
                choice.source, data_dir=choice.data_dir, side=choice.side, progress=report, should_stop=should_stop
            )
            raw = with_doubles(raw, report, should_stop)
            return raw, summarize(raw, choice.validation_fraction)

        self._task.start(
            work,
            progressed=self._take_progress,
            succeeded=self._take,
            failed=self._fail,
            cancelled=self._end,
            broken=self._end,
        )

    def _take_progress(self, value: object) -> None:
        if isinstance(value, Progress):
            self.progress = value
            self.changed.emit()

    def _take(self, result: tuple[RawData, Summary]) -> None:
        raw, self.summary = result
        self.raw = None if raw.source == CIFAR10 else raw
        self._end()

    def _fail(self, error: UserError) -> None:
        self.error = error
        self._end()

    def _end(self) -> None:
        self.progress = None
        self.changed.emit()
