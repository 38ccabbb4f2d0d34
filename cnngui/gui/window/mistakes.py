"""From the outcome of a training to the model's mistakes on its test images."""

from pathlib import Path

from PySide6.QtCore import QObject

from cnngui.gui.predict.state import PredictState
from cnngui.gui.predict.test_images import TestImages
from cnngui.gui.runs.model.loading import LoadedModel
from cnngui.gui.runs.model.opener import ModelOpener


class Mistakes(QObject):
    """Opens a model, then lists all its test images, the misclassified ones first."""

    def __init__(
        self, opener: ModelOpener, test_images: TestImages, predict_state: PredictState, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._opener, self._test_images, self._predict_state = opener, test_images, predict_state
        self._wanted: Path | None = None

    def open(self, path: Path) -> None:
        """Open the model at this path. Its test images follow with :meth:`model_opened`."""
        self._wanted = path.absolute()
        self._opener.open(path)

    def model_opened(self, loaded: LoadedModel) -> None:
        """List the test images if this is the model that was asked for."""
        wanted, self._wanted = self._wanted, None
        if loaded.path == wanted:
            self.show()

    def show(self) -> None:
        """List the test images of the model in use, in place of the pictures in the list, which Undo brings back."""
        self._predict_state.clear()
        self._predict_state.search(self._test_images.all())
