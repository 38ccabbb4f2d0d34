"""The training images that are most like the picture in view."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from cnngui.core.answers.classifier import Classifier
from cnngui.core.answers.similar import COUNT, Similar, most_similar, remembered_images
from cnngui.core.data.datasets import Split
from cnngui.core.progress import Report, ShouldStop
from cnngui.gui.common.image_view import ImageView, qimage
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.common.words import plain
from cnngui.gui.common.worker import Deliver, LatestTask

SIDE = 64  # pixels: twice CIFAR-10's
WIDTH = 76  # of a column: “automobile” fits


class SimilarFinder(QObject):
    """Finds them beside the window. The first time, it reads the training images, where they are there."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._task = LatestTask(self)
        self._classifier: Classifier | None = None
        self._data_dir: Path | None = None
        self._read: list[Split | None] = []  # what was read, once it was; only the worker looks at it

    def set_classifier(self, classifier: Classifier, data_dir: Path | None) -> None:
        """Find those that this model has learnt from."""
        self._task.abandon()
        self._classifier, self._data_dir, self._read = classifier, data_dir, []

    def find(self, views: NDArray[np.uint8], found: Deliver) -> None:
        """Hand the images most like these views of a picture to ``found``; none where the data is not there."""
        if self._classifier is None:
            return
        self._task.do(partial(_find, self._classifier, self._data_dir, self._read, views), found)

    def forget(self) -> None:
        """Find nothing that was asked for before."""
        self._task.forget()

    def stop(self) -> None:
        """Wait until nothing is being read any more."""
        self._task.stop()


def _find(
    classifier: Classifier,
    data_dir: Path | None,
    read: list[Split | None],
    views: NDArray[np.uint8],
    _report: Report,
    should_stop: ShouldStop,
) -> list[Similar]:
    if not read:
        read.append(remembered_images(classifier, data_dir, should_stop=should_stop))
    return most_similar(classifier, views, read[0]) if read[0] is not None else []


class SimilarRow(QWidget):
    """The images side by side, each above its label."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = QLabel("The most similar training images")
        mark(title, role="muted")
        self._images = [ImageView(smooth=False) for _ in range(COUNT)]
        self._labels = [QLabel() for _ in range(COUNT)]
        grid = QGridLayout(self)
        grid.setContentsMargins(0, SPACE, 0, 0)
        grid.setHorizontalSpacing(0)
        grid.setVerticalSpacing(SPACE // 2)
        grid.addWidget(title, 0, 0, 1, COUNT + 1)
        for column, (image, label) in enumerate(zip(self._images, self._labels, strict=True)):
            image.setFixedSize(SIDE, SIDE)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            mark(label, role="muted")
            grid.setColumnMinimumWidth(column, WIDTH)
            grid.addWidget(image, 1, column, Qt.AlignmentFlag.AlignHCenter)
            grid.addWidget(label, 2, column)
        grid.setColumnStretch(COUNT, 1)
        self.hide()

    def show_images(self, found: Sequence[Similar]) -> None:
        """Show these, at most five; none: be gone."""
        self.setVisible(bool(found))
        for number, (image, label) in enumerate(zip(self._images, self._labels, strict=True)):
            there = number < len(found)
            image.setVisible(there)
            label.setVisible(there)
            if there:
                similar = found[number]
                image.set_image(qimage(Image.fromarray(similar.image)))
                image.setAccessibleName(f"A training image labelled {similar.label}")
                label.setText(similar.label)
                tip = f"A training image labelled “{similar.label}”. How alike they are, at most 1: "
                for widget in (image, label):
                    widget.setToolTip(plain(f"{tip}{similar.similarity:.2f}"))
