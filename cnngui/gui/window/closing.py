"""What happens to a training or a search, its model and the pictures that are being added when the window closes."""

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QWidget

from cnngui.core.errors import UserError
from cnngui.core.training.job import JobResult
from cnngui.gui.classes.panel import ClassesPanel
from cnngui.gui.common import questions
from cnngui.gui.train.phases import Ending, Phase
from cnngui.gui.train.search.endings import SearchEnding
from cnngui.gui.train.search.state import SearchState
from cnngui.gui.train.state import TrainState


class Closing(QObject):
    """Closes the window at once when no training runs; else asks, stops it, and closes when the model is saved.

    The same for a search, of which all is kept.

    While pictures are added to the collection, it closes once they are. notice: a message in passing.
    """

    notice = Signal(str)

    def __init__(
        self,
        window: QWidget,
        train: TrainState,
        search: SearchState,
        classes: ClassesPanel,
        close: Callable[[], object],
    ) -> None:
        super().__init__(window)
        self._search = search
        self._window, self._train, self._classes, self._close = window, train, classes, close
        self._when_saved = False  # the window closes as soon as the training has ended
        self._when_added = False  # or as soon as the pictures are in the collection
        self._unattended = False  # nobody is there to answer a question
        train.phase_changed.connect(self._phase_changed)
        train.ended.connect(self._training_ended)
        search.ended.connect(self._search_ended)

    def may_close(self) -> bool:
        """Whether the window may close now. Asks if a training or a search runs, or a model is not saved."""
        if self._is_busy and not self._when_saved:
            may_stop = questions.may_stop_search if self._search.is_busy else questions.may_stop_training
            if not may_stop(self._window):
                return False
            self._stop()  # does nothing if the training has ended while the question was open
        if self._is_busy:
            return False
        if self._train.is_unsaved:
            if not questions.may_discard_model(self._window):
                return False
            self._train.hold_queue()  # what waits must not begin while the window goes
            self._train.unsaved.discard()
            self._train.wait()
        self._classes.webcam.close()
        self._when_added = self._classes.is_busy and not self._unattended
        if self._when_added:
            self.notice.emit("The window closes once the pictures are in the collection. Esc gives up the rest.")
        return not self._when_added

    @Slot()
    def collection_changed(self) -> None:
        """Close now if that was asked for while pictures were added."""
        if self._when_added and not self._classes.is_busy:
            self._when_added = False
            QTimer.singleShot(0, self._close)

    def close_unattended(self) -> None:
        """Close when nobody can be asked: stop a training, and keep its model, among temporary files if need be."""
        self._unattended = True
        if (question := QApplication.activeModalWidget()) is not None:
            question.close()
        self._train.unsaved.save_unattended()
        self._stop()
        if not self._is_busy:
            QTimer.singleShot(0, self._close)

    @property
    def _is_busy(self) -> bool:
        return self._train.is_busy or self._search.is_busy

    def _stop(self) -> None:
        self._when_saved = self._is_busy
        self._train.hold_queue()
        self._train.stop()
        self._search.stop()

    @Slot(object)
    def _phase_changed(self, phase: Phase) -> None:
        if phase == Phase.UNSAVED and not self._unattended:
            self._when_saved = False  # the user has to choose a place first
            self._train.release_queue()

    @Slot(object)
    def _training_ended(self, ending: Ending) -> None:
        if not self._when_saved:
            return
        self._when_saved = False
        log = logging.getLogger(__name__)
        if isinstance(ending, JobResult) and ending.path == self._train.unsaved.spare_path:
            log.warning("The model could not be saved in its own place. It is kept as %s", ending.path)
        elif isinstance(ending, UserError):
            log.error("%s", ending)
        QTimer.singleShot(0, self._close)  # not from within a question, whose window is closing already

    @Slot(object)
    def _search_ended(self, ending: SearchEnding) -> None:
        if not self._when_saved:
            return
        self._when_saved = False
        if isinstance(ending, UserError):
            logging.getLogger(__name__).error("%s", ending)
        QTimer.singleShot(0, self._close)
