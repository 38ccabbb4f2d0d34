"""A trained model that cannot be saved in its own place, until another place is found or it is given up."""

from pathlib import Path
from queue import SimpleQueue

from PySide6.QtCore import QObject, Signal, Slot

from cnngui.core.training.saving import SparePlace
from cnngui.gui.train.phases import CannotSave


class UnsavedModel(QObject):
    """answered: it is clear what becomes of the model; the training reads it from ``answers`` next."""

    answered = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.answers: SimpleQueue[Path | None] = SimpleQueue()  # to the training's thread; None gives the model up
        self._failure: CannotSave | None = None  # the last one of the training
        self._waits = False
        self._unattended = False  # nobody is there to choose another place
        self._spare_place = SparePlace()

    @property
    def spare_path(self) -> Path | None:
        """Where a model was put that could not be saved when nobody could be asked."""
        return self._spare_place.path

    def wait(self, failure: CannotSave) -> None:
        """The model waits for an answer from now on."""
        self._failure, self._waits = failure, True

    def answer_unattended(self) -> None:
        """Answer if nobody else can."""
        if self._unattended and self._waits and self._failure is not None:
            self._answer(self._spare_place(self._failure.error, self._failure.path))

    def forget(self) -> bool:
        """The training has ended; whether its model could not be saved at first."""
        was_there, self._failure, self._waits = self._failure is not None, None, False
        return was_there

    @Slot()
    def save_again(self) -> None:
        """Try to save the model in the same place."""
        if self._waits and self._failure is not None:
            self._answer(self._failure.path)

    def save_in(self, folder: Path) -> None:
        """Save the model in this folder, in a folder of its own."""
        if self._waits and self._failure is not None:
            self._answer(folder / self._failure.path.parent.name / self._failure.path.name)

    def discard(self) -> None:
        """Give up the model."""
        if self._waits:
            self._answer(None)

    def save_unattended(self) -> None:
        """Keep a model that cannot be saved among the temporary files from now on, since nobody can be asked."""
        self._unattended = True
        self.answer_unattended()

    def _answer(self, path: Path | None) -> None:
        self._waits = False
        self.answered.emit()
        self.answers.put(path)
