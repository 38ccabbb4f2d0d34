"""The answer for the picture in view."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cnngui.core.answers.classifier import Classification, Classifier
from cnngui.core.answers.explanation import explain, over_picture
from cnngui.core.answers.prediction import views_of
from cnngui.core.errors import UserError
from cnngui.core.pictures import images
from cnngui.core.pictures.images import Source
from cnngui.core.progress import Report, ShouldStop
from cnngui.gui.common.elided_label import ElidedLabel
from cnngui.gui.common.image_view import ImageView, qimage, write_png
from cnngui.gui.common.style import SPACE, colors, mark
from cnngui.gui.common.words import NONE_OF_THESE, percent, plain
from cnngui.gui.common.worker import LatestTask
from cnngui.gui.predict.answer.explained_picture import explained_picture, painted, reason
from cnngui.gui.predict.answer.probability_bars import ProbabilityBars
from cnngui.gui.predict.answer.seen_pixels import SeenPixels
from cnngui.gui.predict.answer.similar_row import SimilarFinder, SimilarRow
from cnngui.gui.predict.pictures.picture import Picture

PREVIEW_SIDE = 1000  # pixels: what a picture in view is at most read at


class ResultCard(QFrame):
    """The picture, what the network sees of it, the winner in large type and the bars; or why there is no answer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, kind="card")
        self.waiting_text = "The model is being opened. The answer follows in a moment."
        self._shown: Picture | None = None
        self._reading, self._explaining, self._finder = LatestTask(self), LatestTask(self), SimilarFinder(self)
        self._photo = ImageView(largest=8)
        self._photo.setAccessibleName("The picture")
        self._seen = SeenPixels()
        self._name = ElidedLabel()
        self._winner = _selectable(QLabel())
        self._confidence = _selectable(QLabel())
        self._explanation = _selectable(QLabel())
        self._explanation.setWordWrap(True)
        self._error = _selectable(QLabel())
        self._error.setWordWrap(True)
        self._bars = ProbabilityBars()
        self._classifier: Classifier | None = None
        self._similar = SimilarRow()
        self._explained_label: int | None = None  # None: the likeliest class
        self._explain_button = QPushButton("Explain")
        self._reason = QLabel()
        self._size = QSize()
        self._views: NDArray[np.uint8] | None = None  # what the network saw of it
        self._lay_out()
        self._explain_button.toggled.connect(self._explain)
        self._bars.clicked.connect(self.explain_class)

    def set_classifier(self, classifier: Classifier, data_dir: Path | None = None) -> None:
        """Explain answers with this one, which gave them. data_dir: where CIFAR-10 lies, if a person has said so."""
        self._classifier = classifier
        self._finder.set_classifier(classifier, data_dir)

    @property
    def explain_button(self) -> QPushButton:
        """Shows and hides what in a picture spoke for a class."""
        return self._explain_button

    def show_picture(self, picture: Picture, thumbnail: QPixmap) -> None:
        """Show this picture with its answer, its error, or that it waits.

        thumbnail: what stands for it until it has been read in full; may be null.
        """
        before, self._shown = self._shown, picture
        if picture is before and not picture.waits:
            return  # nothing has changed since it was answered
        self._show_name(picture)
        if picture.error is not None:
            self._show_message(picture.error, "error")
        elif picture.answer is not None:
            self._show_answer(picture.answer)
        else:
            self._show_message(self.waiting_text, "muted")
        self._views = picture.prediction.pixels if picture.prediction else None
        self._seen.show_views(self._views)
        self._left.setVisible(picture.waits or picture.answer is not None)
        is_other = before is None or before.source is not picture.source
        if is_other:
            self._photo.set_image(thumbnail)
            self._size = QSize()  # it comes with the preview
        was_not_kept = picture.answer is not None and self._views is None
        if is_other or was_not_kept:
            self._load_preview(picture.source, self._classifier if was_not_kept else None)
        self._explained_label = None
        self._explain()

    def show_nothing(self) -> None:
        """There is no picture to show."""
        if self._shown is not None:
            self._shown = None
            self._name.clear()
            self._left.hide()
            self._show_message("No picture is shown. Choose “All pictures” and empty the field for names.", "muted")
            self._explain()

    def _show_answer(self, answer: Classification) -> None:
        explanation = f"Unlike the training images. Likeliest: {answer.label}, {percent(answer.confidence)}."
        self._winner.setText(answer.label if answer.known else NONE_OF_THESE)
        self._confidence.setText(percent(answer.confidence) if answer.known else "")
        self._explanation.setText("" if answer.known else explanation)
        self._bars.show_answer(answer)
        self._sides.setCurrentIndex(0)

    def stop(self) -> None:
        """Wait for the picture that is being read, if one is; it takes a moment. None is read after it."""
        self._shown = None
        self._reading.stop()
        self._explaining.stop()
        self._finder.stop()

    def _load_preview(self, source: Source, classifier: Classifier | None) -> None:
        """Read the picture beside the window, and with a classifier also what it saw of it."""

        def work(_report: Report, _should_stop: ShouldStop) -> tuple[QImage | None, NDArray[np.uint8] | None]:
            image = _preview(source)
            return image, views_of(source, classifier.image_size) if image and classifier else None

        def show(read: tuple[QImage | None, NDArray[np.uint8] | None]) -> None:
            image, views = read
            if self._shown is not None and image is not None:
                self._photo.set_image(image)
                self._size = image.size()
                if views is not None:
                    self._views = views
                    self._seen.show_views(views)
                self._explain()

        self._reading.do(work, show)

    # Explaining

    @Slot(int)
    def explain_class(self, label: int) -> None:
        """Show what in the picture spoke for the class with this index."""
        self._explained_label = label
        self._explain_button.setChecked(True)
        self._explain()

    @Slot()
    def _explain(self) -> None:
        self._photo.set_overlay(None)
        self._reason.clear()
        self._explaining.forget()
        self._finder.forget()
        answer, pixels = (self._shown.answer, self._views) if self._shown else (None, None)
        self._explain_button.setEnabled(answer is not None)
        classifier, size = self._classifier, (self._size.width(), self._size.height())
        is_wanted = answer is not None and self._explain_button.isChecked()
        if not is_wanted:
            self._similar.show_images([])
        if answer is None or pixels is None or classifier is None or self._size.isEmpty() or not is_wanted:
            return
        label = self._label_of(answer)
        self._reason.setText(reason(answer.classes[label]))

        def work(_report: Report, should_stop: ShouldStop) -> NDArray[np.float32]:
            return over_picture(explain(classifier, pixels, label, should_stop=should_stop), size)

        self._explaining.do(work, self._show_heat)
        self._finder.find(pixels, self._similar.show_images)

    def _label_of(self, answer: Classification) -> int:
        """The index of the class that is explained."""
        return answer.classes.index(answer.label) if self._explained_label is None else self._explained_label

    def _show_heat(self, heat: NDArray[np.float32]) -> None:
        self._photo.set_overlay(painted(heat, colors().validation))

    def explained_writer(self) -> Callable[[Path], None] | None:
        """What writes the picture in view to a PNG file, explained, beside the window; None where it has no answer."""
        picture, classifier = self._shown, self._classifier
        answer, pixels = (picture.answer, self._views) if picture else (None, None)
        if picture is None or answer is None or pixels is None or classifier is None:
            return None
        label = self._label_of(answer)

        def write(path: Path) -> None:
            photo = _preview(picture.source)
            if photo is None:
                raise UserError("The picture itself is not there any more.")
            heat = over_picture(explain(classifier, pixels, label), (photo.width(), photo.height()))
            write_png(explained_picture(photo, heat, answer, label, picture.name), path)

        return write

    def _show_name(self, picture: Picture) -> None:
        label = picture.truth or picture.given
        self._name.setText(f"{picture.name}   ·   labelled {label}" if label else picture.name)
        self._name.setToolTip(plain(str(picture.source) if isinstance(picture.source, Path) else picture.name))

    def _show_message(self, text: str, role: str) -> None:
        self._error.setText(text)
        mark(self._error, role=role)
        self._sides.setCurrentIndex(1)

    def _lay_out(self) -> None:
        mark(self._name, role="muted")
        mark(self._winner, role="winner")
        mark(self._confidence, role="winner")
        mark(self._explanation, role="muted")

        self._left = QWidget()
        left = QVBoxLayout(self._left)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(2 * SPACE)
        mark(self._reason, role="muted")
        self._reason.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._reason.setTextFormat(Qt.TextFormat.PlainText)
        self._reason.setWordWrap(True)
        self._explain_button.setCheckable(True)
        self._explain_button.setToolTip("Show what in the picture spoke for a class; click a bar for another (Ctrl+E)")
        left.addWidget(self._photo, 1)
        left.addWidget(self._reason)
        left.addWidget(self._seen)
        headline = QHBoxLayout()
        headline.addWidget(self._winner, 1)
        headline.addWidget(self._confidence)
        answer = QWidget()
        answers = QVBoxLayout(answer)
        answers.setContentsMargins(0, 0, 0, 0)
        answers.setSpacing(SPACE // 2)
        answers.addLayout(headline)
        answers.addWidget(self._explanation)
        answers.addSpacing(SPACE)
        answers.addWidget(self._bars, 1)
        answers.addWidget(self._similar)
        message = QWidget()
        messages = QVBoxLayout(message)
        messages.setContentsMargins(0, 2 * SPACE, 0, 0)
        messages.addWidget(self._error)
        messages.addStretch(1)
        self._sides = QStackedWidget()
        self._sides.addWidget(answer)
        self._sides.addWidget(message)
        right = QVBoxLayout()
        right.setSpacing(SPACE)
        top = QHBoxLayout()
        top.addWidget(self._name, 1)
        top.addWidget(self._explain_button)
        right.addLayout(top)
        right.addWidget(self._sides, 1)

        layout = QHBoxLayout(self)
        layout.setContentsMargins(3 * SPACE, 2 * SPACE, 3 * SPACE, 2 * SPACE)
        layout.setSpacing(3 * SPACE)
        layout.addWidget(self._left, 1)
        layout.addLayout(right, 1)


def _preview(source: Source) -> QImage | None:
    """The picture, at most PREVIEW_SIDE pixels a side; None where it cannot be read: its answer says why."""
    try:
        image = images.read(source, PREVIEW_SIDE)
    except UserError:
        return None
    image.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
    return qimage(image)


def _selectable(label: QLabel) -> QLabel:
    label.setTextFormat(Qt.TextFormat.PlainText)  # a file may be called “<b>.png”
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
