"""Finds the training images that are most similar to a picture, in the background."""

from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from cnngui.core.answers.classifier import Classifier
from cnngui.core.answers.similar import Similar, most_similar, remembered_images
from cnngui.core.data.datasets import Split
from cnngui.core.progress import ShouldStop
from cnngui.gui.common.worker import COMPUTING_SECONDS, Deliver, LatestTask


class SimilarFinder(QObject):
    """Searches for one picture at a time. The first search reads the training images, if they still exist."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._task = LatestTask(self)
        self._classifier: Classifier | None = None
        self._data_dir: Path | None = None
        self._read: list[Split | None] = []  # the training images, once they have been read; for the worker alone

    def set_classifier(self, classifier: Classifier, data_dir: Path | None) -> None:
        """Find training images of this model. data_dir: the user's folder of CIFAR-10, if one was chosen."""
        self._task.abandon()
        self._classifier, self._data_dir, self._read = classifier, data_dir, []

    def find(self, views: NDArray[np.uint8], found: Deliver) -> None:
        """Call ``found`` with a list of Similar, which is empty if the training images are gone.

        views: of the picture, uint8 (views, height, width, 3).
        """
        if self._classifier is None:
            return
        self._task.do(partial(_find, self._classifier, self._data_dir, self._read, views), found)

    def forget(self) -> None:
        """Ignore the result of the running search."""
        self._task.forget()

    def stop(self) -> None:
        """Block until nothing runs."""
        self._task.stop(COMPUTING_SECONDS)


def _find(
    classifier: Classifier,
    data_dir: Path | None,
    read: list[Split | None],
    views: NDArray[np.uint8],
    _report: Deliver,
    should_stop: ShouldStop,
) -> list[Similar]:
    if not read:
        read.append(remembered_images(classifier, data_dir, should_stop=should_stop))
    return most_similar(classifier, views, read[0]) if read[0] is not None else []
