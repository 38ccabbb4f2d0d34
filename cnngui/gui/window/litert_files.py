"""Prepares trained models to answer without TensorFlow, beside the window."""

from functools import partial

from PySide6.QtCore import QObject, Slot

from cnngui.core.export.making import Maker
from cnngui.core.models.samples import read_samples
from cnngui.core.progress import ShouldStop
from cnngui.core.training.job import JobResult
from cnngui.gui.common.worker import Deliver, Task
from cnngui.gui.train.phases import Ending


class LitertFiles(QObject):
    """Makes the file beside a model that has been trained, one at a time; one that ends meanwhile goes without."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._task = Task(self)
        self._maker = Maker()

    @Slot(object)
    def make(self, ending: Ending) -> None:
        """Make that of the model with which a training has ended, if it has one."""
        if isinstance(ending, JobResult) and not self._task.is_running:
            self._maker = Maker()
            self._task.start(partial(_make, self._maker, ending))

    def stop(self) -> None:
        """Give up at once."""
        self._maker.stop()
        self._task.wait()


def _make(maker: Maker, result: JobResult, _report: Deliver, _should_stop: ShouldStop) -> bool:
    samples = read_samples(result.path)
    return samples is not None and maker.make(result.path, samples.images)
