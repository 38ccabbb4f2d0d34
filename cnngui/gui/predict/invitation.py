"""What the Predict half shows without pictures: an invitation to drop, open or paste some, or to try a sample."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cnngui.core.sentences import some_of
from cnngui.gui.common.labels.elided_label import ElidedLabel
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.common.words import plain, shortened
from cnngui.gui.predict.samples import Samples
from cnngui.gui.predict.test_images import TestImages

NAMED = 6  # classes in the sentence
LETTERS = 24  # of a class's name there


class Invitation(QFrame):
    """Says what the model in use knows, and has buttons to get started."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, kind="invite")
        self.open_button, self.paste_button = QPushButton("Open pictures …"), QPushButton("Paste")
        self.test_image_button = QPushButton("Random test image")
        self._known, self.samples = ElidedLabel(), Samples()
        self._test_images: TestImages | None = None
        self._lay_out()

    def use_test_images(self, test_images: TestImages) -> None:
        """Offer samples and a random one of these, as long as they are there."""
        self._test_images = test_images
        test_images.changed.connect(self._show_test_images)
        self._show_test_images()

    def show_classes(self, classes: Sequence[str]) -> None:
        """Say that the model knows these classes; none while there is no model."""
        names = [shortened(name, LETTERS) for name in classes]
        most = NAMED if len(names) > NAMED + 1 else len(names)
        self._known.setText(f"It knows {some_of(names, most)}." if names else "")
        self._known.setToolTip(plain(", ".join(classes)))

    def stop(self) -> None:
        """Block until no sample is being read."""
        self.samples.stop()

    @Slot()
    def _show_test_images(self) -> None:
        tests = self._test_images
        assert tests is not None  # it has just told of itself
        self.test_image_button.setVisible(bool(tests.source))
        tip = "Classify a random image of the model’s test data, whose label is known (Ctrl+R)"
        self.test_image_button.setToolTip(plain(tests.missing or tip))
        if tests.suits_shipped_samples:
            self.samples.show_shipped()
        elif tests.is_there:
            self.samples.show_test_images(tests.samples())
        else:
            self.samples.show_none()

    def _lay_out(self) -> None:
        title = PlainLabel("Drop pictures anywhere")
        mark(title, role="title")
        subtitle = PlainLabel("The network tells you what they show, and how sure it is.")
        for label in (subtitle, self._known):
            mark(label, role="muted")
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        mark(self.open_button, kind="primary")
        self.open_button.setToolTip("Open picture files")
        self.paste_button.setToolTip("Classify the picture or the files on the clipboard")
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE)
        buttons.addStretch(1)
        for button in (self.open_button, self.paste_button, self.test_image_button):
            buttons.addWidget(button)
        buttons.addStretch(1)

        layout = QVBoxLayout(self)
        layout.setSpacing(SPACE)
        layout.addStretch(1)
        middle = Qt.AlignmentFlag.AlignHCenter
        layout.addWidget(title, alignment=middle)
        layout.addWidget(subtitle)
        layout.addWidget(self._known)
        layout.addSpacing(SPACE)
        layout.addLayout(buttons)
        layout.addSpacing(2 * SPACE)
        layout.addWidget(self.samples, alignment=middle)
        layout.addStretch(1)
