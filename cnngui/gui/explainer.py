"""Finds out beside the window what in a picture spoke for a class, and paints it."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QColor, QImage

from cnngui.core.classifier import Classifier
from cnngui.core.explanation import explain, over_picture
from cnngui.gui.worker import Task

STRONGEST = 170  # of 255: the picture below is still seen


class Explainer(QObject):
    """Answers the last thing that was asked of it. explained: a heat map, float32 (rows, columns), of that."""

    explained = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wanted: tuple[Classifier, NDArray[np.uint8], tuple[int, int], int] | None = None
        self._task = Task(self)
        self._task.finished.connect(self._begin)

    def explain(self, classifier: Classifier, views: NDArray[np.uint8], picture: tuple[int, int], label: int) -> None:
        """Explain a class (its index) in these views of a picture of (width, height)."""
        self._wanted = (classifier, views, picture, label)
        self._begin()

    def forget(self) -> None:
        """Answer nothing that was asked before."""
        self._wanted = None

    def stop(self) -> None:
        """Wait until nothing is being explained any more; it takes a moment."""
        self.forget()
        self._task.wait()

    @Slot()
    def _begin(self) -> None:
        wanted = self._wanted
        if self._task.is_running or wanted is None:
            return

        def work(_report: object, _should_stop: object) -> object:
            classifier, views, picture, label = wanted
            return wanted, over_picture(explain(classifier, views, label), picture)

        self._task.start(work, succeeded=self._take)

    def _take(self, result: tuple[object, NDArray[np.float32]]) -> None:
        wanted, heat = result
        if wanted is self._wanted:
            self._wanted = None
            self.explained.emit(heat)


def painted(heat: NDArray[np.float32], color: str) -> QImage:
    """A heat map as a layer of one colour: the stronger, the less is seen through it; what is not above 0 is clear."""
    rows, columns = heat.shape
    strength = np.clip(heat, 0, None)
    if strength.max() > 0:
        strength = strength / strength.max()
    chosen = QColor(color)
    pixels = np.empty((rows, columns, 4), np.uint8)
    pixels[..., :3] = chosen.red(), chosen.green(), chosen.blue()
    pixels[..., 3] = (STRONGEST * strength).astype(np.uint8)
    return QImage(pixels.tobytes(), columns, rows, 4 * columns, QImage.Format.Format_RGBA8888).copy()
