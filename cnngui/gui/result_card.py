"""The answer for the picture in view."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cnngui.core import images
from cnngui.core.classifier import Classification, Classifier
from cnngui.core.errors import UserError
from cnngui.core.images import Source
from cnngui.gui.explainer import Explainer, painted
from cnngui.gui.image_view import ImageView, qimage
from cnngui.gui.picture import Picture
from cnngui.gui.probability_bars import ProbabilityBars
from cnngui.gui.style import SPACE, colors, mark
from cnngui.gui.words import NONE_OF_THESE, percent, plain
from cnngui.gui.worker import Worker

PREVIEW_SIDE = 1000  # pixels: what a picture in view is at most read at
PIXELS_SIDE = 96  # the network's 32×32, three times enlarged
SMALL_SIDE = 64  # where there are several views of it


class ResultCard(QFrame):
    """The picture, what the network sees of it, the winner in large type and the bars; or why there is no answer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, kind="card")
        self.waiting_text = "The model is being opened. The answer follows in a moment."
        self._shown: Picture | None = None
        self._preview_worker: Worker | None = None
        self._preview_source: Source | None = None
        self._photo = ImageView(largest=8)
        self._photo.setAccessibleName("The picture")
        self._seen = SeenPixels()
        self._name = _selectable(QLabel())
        self._name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._winner = _selectable(QLabel())
        self._confidence = _selectable(QLabel())
        self._explanation = _selectable(QLabel())
        self._explanation.setWordWrap(True)
        self._error = _selectable(QLabel())
        self._error.setWordWrap(True)
        self._bars = ProbabilityBars()
        self._classifier: Classifier | None = None
        self._explainer = Explainer(self)
        self._explained_label: int | None = None  # None: the likeliest class
        self._explain_button = QPushButton("Explain")
        self._reason = QLabel()
        self._size = QSize()
        self._lay_out()
        self._explain_button.toggled.connect(self._explain)
        self._bars.clicked.connect(self.explain_class)
        self._explainer.explained.connect(self._show_explanation)

    def set_classifier(self, classifier: Classifier) -> None:
        """Explain answers with this one, which gave them."""
        self._classifier = classifier

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
        pixels = picture.prediction.pixels if picture.prediction else None
        self._seen.show_views(pixels)
        self._left.setVisible(picture.waits or pixels is not None)
        if before is None or before.source is not picture.source:
            self._photo.set_image(thumbnail)
            self._size = QSize()  # it comes with the preview
            self._load_preview()
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
        self._explainer.stop()
        if self._preview_worker is not None:
            self._preview_worker.wait()

    def _load_preview(self) -> None:
        if self._preview_worker is not None or self._shown is None:
            return  # when the running one has finished, it looks at what is shown then
        source = self._shown.source
        self._preview_source = source
        self._preview_worker = Worker(lambda _report, _stop: (source, _preview(source)), self)
        self._preview_worker.succeeded.connect(self._show_preview)
        self._preview_worker.finished.connect(self._next_preview)
        self._preview_worker.start()

    @Slot(object)
    def _show_preview(self, result: tuple[Source, QImage | None]) -> None:
        source, image = result
        if self._shown is not None and self._shown.source is source and image is not None:
            self._photo.set_image(image)
            self._size = image.size()
            self._explain()

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
        self._explainer.forget()
        prediction = self._shown.prediction if self._shown else None
        answer, pixels = (prediction.classification, prediction.pixels) if prediction else (None, None)
        self._explain_button.setEnabled(answer is not None)
        if answer is None or pixels is None or self._classifier is None or self._size.isEmpty():
            return
        if not self._explain_button.isChecked():
            return
        label = answer.classes.index(answer.label) if self._explained_label is None else self._explained_label
        self._reason.setText(f"Painted: without it, “{answer.classes[label]}” would be less likely.")
        self._explainer.explain(self._classifier, pixels, (self._size.width(), self._size.height()), label)

    @Slot(object)
    def _show_explanation(self, heat: NDArray[np.float32]) -> None:
        self._photo.set_overlay(painted(heat, colors().validation))

    @Slot()
    def _next_preview(self) -> None:
        if self._preview_worker is not None:
            self._preview_worker.deleteLater()
            self._preview_worker = None
        if self._shown is not None and self._shown.source is not self._preview_source:
            self._load_preview()

    def _show_name(self, picture: Picture) -> None:
        truth = f"{picture.name}   ·   labelled {picture.truth}" if picture.truth else picture.name
        self._name.setText(truth)
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


class SeenPixels(QWidget):
    """The views of a picture that the network was shown, pixel for pixel, side by side."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._views: list[ImageView] = []
        self._caption = QLabel("\n")  # as high as it will be
        self._caption.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        mark(self._caption, role="muted")
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # the picture above stays where it is when the answer comes
        self.setSizePolicy(policy)
        self._row = QHBoxLayout()
        self._row.setSpacing(SPACE)
        self._row.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE // 2)
        column.addLayout(self._row)
        column.addWidget(self._caption)
        self._make_views(1)
        self.show_views(None)

    def show_views(self, pixels: NDArray[np.uint8] | None) -> None:
        """Show uint8 (views, height, width, 3), or nothing."""
        self.setVisible(pixels is not None)
        if pixels is None:
            return
        count, height, width = pixels.shape[:3]
        self._make_views(count)
        for number, view in enumerate(self._views):
            view.setVisible(number < count)
            if number < count:
                view.setFixedSize(QSize(1, 1) * (PIXELS_SIDE if count == 1 else SMALL_SIDE))
                view.set_image(qimage(Image.fromarray(pixels[number])))
                view.setAccessibleName(f"What the network sees, view {number + 1} of {count}")
        size = f"{width} × {height} pixels"
        self._caption.setText(f"What the network sees\n{size if count == 1 else f'{count} views of {size}'}")
        self.setToolTip("The answer is the average over these views." if count > 1 else "")

    def _make_views(self, count: int) -> None:
        while len(self._views) < count:
            view = ImageView(smooth=False)
            view.setFixedSize(PIXELS_SIDE, PIXELS_SIDE)
            self._views.append(view)
            self._row.addWidget(view)


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
