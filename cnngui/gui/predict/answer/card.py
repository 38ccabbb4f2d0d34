"""The card of the picture in view: the picture, what the network sees of it, and its answer."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPixmap
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

from cnngui.core.answers.classifier import Classification, Classifier
from cnngui.core.answers.similar import may_remember
from cnngui.gui.common.labels.elided_label import ElidedLabel
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.settings import Settings
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.common.words import NONE_OF_THESE, percent, plain, shortened
from cnngui.gui.predict.answer.details import AnswerDetails
from cnngui.gui.predict.answer.photo_side import PhotoSide
from cnngui.gui.predict.answer.probability_bars import MOST, ProbabilityBars
from cnngui.gui.predict.answer.similar_row import SimilarRow
from cnngui.gui.predict.pictures.picture import Picture


class ResultCard(QFrame):
    """Shows a picture with its answer, or why there is none.

    waiting_text: what it says of a picture that waits.
    """

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, kind="card")
        self.waiting_text = ""
        self.explain_button = QPushButton("Explain")
        self._order_button = QPushButton()
        self._settings = settings
        self._shown: Picture | None = None
        self._details = AnswerDetails(self)
        self._photo, self._bars, self._similar = PhotoSide(settings), ProbabilityBars(), SimilarRow()
        self._name = ElidedLabel()
        self._winner, self._confidence = ElidedLabel(), _selectable(PlainLabel())
        self._unlike, self._message = _selectable(PlainLabel()), _selectable(PlainLabel())
        self._sides = QStackedWidget()
        self._lay_out()
        self._connect()

    def set_classifier(self, classifier: Classifier, data_dir: Path | None = None) -> None:
        """Explain answers of this model. data_dir: the user's folder of CIFAR-10, if one was chosen."""
        self._details.set_classifier(classifier, data_dir)
        self._similar.reserve(may_remember(classifier, data_dir))

    def show_picture(self, picture: Picture, thumbnail: QPixmap) -> None:
        """Show this picture.

        thumbnail: stands in for the picture until it has been read; may be null.
        """
        before, self._shown = self._shown, picture
        if picture is before and not picture.waits:
            return  # nothing has changed since it was answered
        self._show_name(picture)
        if picture.error is not None:
            name = "" if picture.is_cancelled else f"{shortened(picture.name)}: "
            self._show_message(f"{name}{picture.error}", "error")
        elif picture.answer is not None:
            self._show_answer(picture.answer, picture.truth)
        else:
            self._show_message(self.waiting_text, "muted")
        self._photo.setVisible(picture.waits or picture.answer is not None)
        self.explain_button.setEnabled(picture.answer is not None)
        if before is None or before.source is not picture.source:
            self._photo.show_photo(thumbnail)
        self._details.look_at(picture)

    def show_nothing(self) -> None:
        """Say that the list shows no picture."""
        if self._shown is not None:
            self._shown = None
            self._name.clear()
            self._photo.hide()
            self._show_message("No picture matches. Choose “All pictures” and clear the search field.", "muted")
            self.explain_button.setEnabled(False)
            self._details.look_at(None)

    def explained_writer(self) -> Callable[[Path], None] | None:
        """A function that writes the picture with its explanation to a PNG file; None without an answer."""
        return self._details.writer(self._photo.opacity)

    def stop(self) -> None:
        """Block until nothing is being worked out, which takes no longer than reading one picture."""
        self._shown = None
        self._details.stop()

    # Showing

    def _show_name(self, picture: Picture) -> None:
        label = picture.truth or picture.given
        self._name.setText(f"{picture.name}   ·   labelled {label}" if label else picture.name)
        self._name.setToolTip(plain(str(picture.path or picture.name)))

    def _show_answer(self, answer: Classification, truth: str | None) -> None:
        is_wrong = truth is not None and (truth != answer.label or not answer.known)
        label = shortened(answer.label)
        likeliest = f"Unlike the training images. Most likely: {label}, {percent(answer.confidence)}."
        wrong = f"✗ Wrong. True class: {shortened(truth)}." if truth is not None and is_wrong else ""
        self._winner.setText(answer.label if answer.known else NONE_OF_THESE)
        self._confidence.setText(percent(answer.confidence) if answer.known else "")
        self._unlike.setText(" ".join(filter(None, (wrong, "" if answer.known else likeliest))))
        mark(self._unlike, role="failure" if is_wrong else "muted")
        self._bars.show_answer(answer, truth if is_wrong else None)
        self._order_button.setChecked(self._bars.sorts(len(answer.classes)))
        self._order_button.setEnabled(len(answer.classes) <= MOST)
        self._sides.setCurrentIndex(0)

    def _show_message(self, text: str, role: str) -> None:
        self._message.setText(text)
        mark(self._message, role=role)
        self._sides.setCurrentIndex(1)

    @Slot(bool)
    def _sort(self, likeliest_first: bool) -> None:
        self._settings.likeliest_first = self._bars.likeliest_first = likeliest_first
        if self._shown is not None and self._shown.answer is not None:
            self._show_answer(self._shown.answer, self._shown.truth)

    # The explanation

    @Slot(int)
    def _explain_class(self, label: int) -> None:
        self._details.choose_class(label)
        self.explain_button.setChecked(True)

    @Slot(str)
    def _begin_explanation(self, name: str) -> None:
        self._photo.expect_heat(name)
        if not self._details.is_explaining:  # else the images of the picture before stay until the others are found
            self._similar.show_images([])

    # Setting up

    def _connect(self) -> None:
        self.explain_button.toggled.connect(self._details.set_explaining)
        self._order_button.clicked.connect(self._sort)
        self._bars.clicked.connect(self._explain_class)
        self._details.preview_read.connect(self._photo.show_photo)
        self._details.views_changed.connect(self._photo.show_views)
        self._details.explanation_began.connect(self._begin_explanation)
        self._details.heat_found.connect(self._photo.show_heat)
        self._details.similar_found.connect(self._similar.show_images)

    def _lay_out(self) -> None:
        for muted in (self._name, self._unlike):
            mark(muted, role="muted")
        for large in (self._winner, self._confidence):
            mark(large, role="winner")
        for long in (self._unlike, self._message):
            long.setWordWrap(True)
            policy = long.sizePolicy()
            policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)  # so that a long word takes no room from the picture
            long.setSizePolicy(policy)
        self._bars.likeliest_first = self._settings.likeliest_first
        mark(self._order_button, kind="order")
        self._order_button.setCheckable(True)
        self._order_button.setAccessibleName("Likeliest first")
        self._order_button.setToolTip("Show the most likely class at the top, instead of the classes in their order")
        self.explain_button.setCheckable(True)
        self.explain_button.setEnabled(False)
        self.explain_button.setToolTip("Show which parts of the picture speak for a class; click a bar to choose it")

        self._sides.addWidget(self._answer_side())
        self._sides.addWidget(self._message_side())
        top = QHBoxLayout()
        top.addWidget(self._name, 1)
        top.addWidget(self._order_button)
        top.addWidget(self.explain_button)
        right = QVBoxLayout()
        right.setSpacing(SPACE)
        right.addLayout(top)
        right.addWidget(self._sides, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(3 * SPACE, 2 * SPACE, 3 * SPACE, 2 * SPACE)
        layout.setSpacing(3 * SPACE)
        layout.addWidget(self._photo, 1)
        layout.addLayout(right, 1)

    def _answer_side(self) -> QWidget:
        headline = QHBoxLayout()
        headline.addWidget(self._winner, 1)
        headline.addWidget(self._confidence)
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE // 2)
        column.addLayout(headline)
        column.addWidget(self._unlike)
        column.addSpacing(SPACE)
        column.addWidget(self._bars, 1)
        column.addWidget(self._similar)
        return side

    def _message_side(self) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 2 * SPACE, 0, 0)
        column.addWidget(self._message)
        column.addStretch(1)
        return side


def _selectable(label: QLabel) -> QLabel:
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
