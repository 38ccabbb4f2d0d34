"""What the card shows of a picture beyond its answer, worked out in the background."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QSize, Signal, Slot
from PySide6.QtGui import QImage

from cnngui.core.answers.classifier import Classification, Classifier
from cnngui.core.answers.explanation import explain, over_picture
from cnngui.core.answers.prediction import views_of
from cnngui.core.errors import UserError
from cnngui.core.pictures.decoding import Source
from cnngui.core.progress import ShouldStop
from cnngui.gui.common.pictures.image_view import preview, write_png
from cnngui.gui.common.worker import COMPUTING_SECONDS, Deliver, LatestTask
from cnngui.gui.predict.answer.explained_picture import explained_picture
from cnngui.gui.predict.answer.similar_finder import SimilarFinder
from cnngui.gui.predict.pictures.picture import Picture

PREVIEW_SIDE = 1000  # pixels of a preview, at most

Views = NDArray[np.uint8]
"""What the network sees of a picture: (views, height, width, 3)."""


class AnswerDetails(QObject):
    """Works out, for one picture at a time: a preview, what the network sees, and, if wanted, an explanation.

    preview_read: a QImage. views_changed: Views, or None while there are none.
    explanation_began: the name of the class that is explained from now on, or "" for none; what was shown is outdated.
    heat_found: how much each pixel speaks for the class, float32 (rows, columns). similar_found: a list of Similar.
    """

    preview_read = Signal(QImage)
    views_changed = Signal(object)
    explanation_began = Signal(str)
    heat_found = Signal(object)
    similar_found = Signal(list)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reading, self._explaining, self._finder = LatestTask(self), LatestTask(self), SimilarFinder(self)
        self._classifier: Classifier | None = None
        self._picture: Picture | None = None
        self._views: Views | None = None
        self._size = QSize()  # of the preview; empty until it has been read
        self._label: int | None = None  # of the class to explain; None for the most likely one
        self._is_on = False

    @property
    def is_explaining(self) -> bool:
        """Whether the user wants an explanation of an answer that is there."""
        return self._is_on and self._picture is not None and self._picture.answer is not None

    def set_classifier(self, classifier: Classifier, data_dir: Path | None = None) -> None:
        """Explain answers of this model. data_dir: the user's folder of CIFAR-10, if one was chosen."""
        self._classifier = classifier
        self._finder.set_classifier(classifier, data_dir)

    def look_at(self, picture: Picture | None) -> None:
        """Work on this picture from now on, or on none. Call it again when the picture has another answer."""
        before, self._picture = self._picture, picture
        self._label = None
        self._set_views(picture.prediction.pixels if picture and picture.prediction else None)
        if picture is not None:
            is_other = before is None or before.source is not picture.source
            if is_other:
                self._size = QSize()
            lacks_views = picture.answer is not None and self._views is None
            if is_other or lacks_views:
                self._read(picture.source, self._classifier if lacks_views else None)
        self._explain()

    @Slot(bool)
    def set_explaining(self, is_on: bool) -> None:
        """Explain answers from now on, or stop explaining them."""
        self._is_on = is_on
        self._explain()

    def choose_class(self, label: int) -> None:
        """Explain the class with this index, until the picture or its answer changes."""
        self._label = label
        self._explain()

    def writer(self, opacity: float) -> Callable[[Path], None] | None:
        """A function for a worker that writes the picture with its explanation to a PNG file.

        opacity: of the heat map, 0–1. The function raises UserError and OSError. None if there is no answer to explain.
        """
        picture, classifier, views = self._picture, self._classifier, self._views
        answer = picture.answer if picture else None
        if picture is None or answer is None or views is None or classifier is None:
            return None
        label = self._label_of(answer)

        def write(path: Path) -> None:
            photo = preview(picture.source, PREVIEW_SIDE)
            if photo is None:
                raise UserError(f"{picture.name} can no longer be read. It may have been moved.")
            heat = over_picture(explain(classifier, views, label), (photo.width(), photo.height()))
            write_png(explained_picture(photo, heat, opacity, answer, label, picture.name), path)

        return write

    def stop(self) -> None:
        """Drop the picture, and block until nothing runs, which takes no longer than reading one picture."""
        self._picture = None
        self._reading.stop()
        self._explaining.stop(COMPUTING_SECONDS)
        self._finder.stop()

    def _read(self, source: Source, classifier: Classifier | None) -> None:
        """Read the preview and, given a classifier, what it sees."""

        def work(_report: Deliver, _should_stop: ShouldStop) -> tuple[QImage | None, Views | None]:
            image = preview(source, PREVIEW_SIDE)
            return image, views_of(source, classifier) if image and classifier else None

        self._reading.do(work, self._take_read)

    def _take_read(self, read: tuple[QImage | None, Views | None]) -> None:
        image, views = read
        if self._picture is None or image is None:
            return
        self._size = image.size()
        self.preview_read.emit(image)
        if views is not None:
            self._set_views(views)
        self._explain()

    def _set_views(self, views: Views | None) -> None:
        self._views = views
        self.views_changed.emit(views)

    def _explain(self) -> None:
        self._explaining.forget()
        self._finder.forget()
        classifier, views, size = self._classifier, self._views, (self._size.width(), self._size.height())
        answer = self._picture.answer if self._picture is not None and self._is_on else None
        if answer is None or views is None or classifier is None or self._size.isEmpty():
            self.explanation_began.emit("")
            return
        label = self._label_of(answer)
        self.explanation_began.emit(answer.classes[label])

        def work(_report: Deliver, should_stop: ShouldStop) -> NDArray[np.float32]:
            return over_picture(explain(classifier, views, label, should_stop=should_stop), size)

        self._explaining.do(work, self.heat_found.emit)
        self._finder.find(views, self.similar_found.emit)

    def _label_of(self, answer: Classification) -> int:
        return answer.classes.index(answer.label) if self._label is None else self._label
