"""Classifies pictures in the background."""

from PySide6.QtCore import QObject, Signal, Slot

from cnngui.core.answers.classifier import Classifier
from cnngui.core.answers.prediction import Prediction, predict
from cnngui.core.errors import UserError
from cnngui.core.progress import ShouldStop
from cnngui.gui.common.worker import COMPUTING_SECONDS, Deliver, Task
from cnngui.gui.predict.pictures.list_model import PictureListModel


class Answerer(QObject):
    """Classifies the waiting pictures of a list.

    classifier: the model that answers, or None while there is none.
    preferred: the number of the picture to classify first, or None.
    changed: pictures have their answers, or the work has ended.
    failed: the model cannot answer, with a sentence. broken: a bug ended the work.
    """

    changed = Signal()
    failed = Signal(str)
    broken = Signal()

    def __init__(self, pictures: PictureListModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.classifier: Classifier | None = None
        self.preferred: int | None = None
        self._pictures = pictures
        self._task = Task(self)
        self._task.finished.connect(self._finished)

    def begin(self) -> None:
        """Classify what waits. Pictures that are added meanwhile follow."""
        classifier = self.classifier
        if classifier is None or self._task.is_running or not self._pictures.tally.waiting:
            return
        waiting = sorted(self._pictures.store.ready, key=lambda picture: picture.number != self.preferred)
        if not waiting:
            return
        sources, numbers = [picture.source for picture in waiting], iter([picture.number for picture in waiting])

        def work(report: Deliver, should_stop: ShouldStop) -> None:
            for batch in predict(classifier, sources, should_stop=should_stop):
                report(batch)

        def take(predictions: list[Prediction]) -> None:
            self._pictures.answer({next(numbers): prediction for prediction in predictions})
            self.changed.emit()

        self._task.start(work, progressed=take, failed=self._fail, broken=self.broken.emit)

    def abandon(self) -> None:
        """End the work soon, and take no more answers from it. Then begins anew with the pictures that still wait."""
        self._task.abandon()

    def wait(self) -> None:
        """Block until no work runs, after :meth:`abandon`, or until it hangs."""
        self._task.leave(COMPUTING_SECONDS)

    @Slot()
    def _finished(self) -> None:
        self.changed.emit()
        self.begin()

    def _fail(self, error: UserError) -> None:
        self.failed.emit(str(error))
