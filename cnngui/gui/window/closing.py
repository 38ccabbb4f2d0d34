"""What happens to a training and its model when the window closes."""

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from cnngui.core.errors import UserError
from cnngui.core.training.job import JobResult
from cnngui.gui.common import questions
from cnngui.gui.train.state import Ending, TrainState


class Closing(QObject):
    """Closes the window at once when no training runs; else asks, stops it, and closes when the model is saved."""

    def __init__(self, window: QWidget, train: TrainState, close: Callable[[], object]) -> None:
        super().__init__(window)
        self._window, self._train, self._close = window, train, close
        self._when_saved = False  # the window closes as soon as the training has ended
        train.ended.connect(self._training_ended)

    def may_close(self) -> bool:
        """Whether the window may close now; asks if a training runs or its model is not saved."""
        if self._train.is_busy:
            if not self._when_saved and questions.may_stop_training(self._window):
                self.stop_and_close()
            return False
        if self._train.is_unsaved:
            if not questions.may_discard_model(self._window):
                return False
            self._train.discard()
            self._train.wait()
        return True

    def stop_and_close(self) -> None:
        """Stop a training without a question, and close when its model is saved."""
        if self._train.is_busy:
            self._when_saved = True
            self._train.stop()
        else:
            self._close()

    def close_unattended(self) -> None:
        """As :meth:`stop_and_close`, when nobody can be asked: a model that cannot be saved goes elsewhere."""
        self._when_saved = self._train.is_busy or self._train.is_unsaved
        self._train.save_unattended()
        self.stop_and_close()

    @Slot(object)
    def _training_ended(self, ending: Ending) -> None:
        if not self._when_saved:
            return
        self._when_saved = False
        log = logging.getLogger(__name__)
        if isinstance(ending, JobResult) and ending.path == self._train.spare:
            log.warning("The model could not be saved in its own place. It is kept as %s", ending.path)
        elif isinstance(ending, UserError):
            log.error("%s", ending)
        self._close()
