"""Classifies pictures beside the window."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from cnngui.core.answers.classifier import Classifier
from cnngui.core.answers.prediction import Prediction, predict
from cnngui.core.progress import ShouldStop
from cnngui.gui.common.worker import Deliver, Task
from cnngui.gui.predict.pictures.picture import Picture


class Answerer(QObject):
    """Answers one list of pictures at a time.

    answered: some answers, a dict of each picture's number and its :class:`~cnngui.core.answers.prediction.Prediction`.
    ended: the next list may come. failed: why not all were answered, which is a mistake of the program.
    """

    answered = Signal(object)
    ended = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._task = Task(self)
        self._task.finished.connect(self.ended)

    @property
    def is_running(self) -> bool:
        """Whether a list has not been answered yet."""
        return self._task.is_running

    def answer(self, classifier: Classifier, pictures: Sequence[Picture]) -> None:
        """Begin with these pictures; no others may be at work."""
        sources, numbers = [picture.source for picture in pictures], iter([picture.number for picture in pictures])

        def work(report: Deliver, should_stop: ShouldStop) -> None:
            for batch in predict(classifier, sources, should_stop=should_stop):
                report(batch)

        def take(predictions: list[Prediction]) -> None:
            self.answered.emit({next(numbers): prediction for prediction in predictions})

        self._task.start(work, progressed=take, failed=self._tell_failure)

    def abandon(self) -> None:
        """Let the work end soon, and emit no more answers of it."""
        self._task.abandon()

    def wait(self) -> None:
        """Until nothing is at work."""
        self._task.wait()

    def _tell_failure(self, error: Exception) -> None:
        self.failed.emit(f"The pictures could not be classified: {error}")
