"""What the Predict half shows without pictures: an invitation to drop, open or paste some, or to try a sample."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cnngui import paths
from cnngui.core.progress import ShouldStop
from cnngui.gui.common.image_view import preview
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.common.worker import Deliver, Task

SAMPLE_SIDE = 84
SAMPLE_COLUMNS = 5


def samples() -> list[Path]:
    """The sample pictures that come with the program, sorted by name."""
    return sorted((paths.resources_dir() / "samples").glob("*.png"))


class Invitation(QFrame):
    """Buttons to get started. sample_clicked: the path of a sample picture to classify."""

    sample_clicked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, kind="invite")
        self.open_button, self.paste_button = QPushButton("Open pictures …"), QPushButton("Paste")
        self.test_image_button = QPushButton("Random test image")
        self._samples = {path: self._sample_button(path) for path in samples()}
        self._lay_out()
        self._icons = Task(self)
        self._icons.start(self._read_icons, progressed=self._show_icon)

    def set_test_images(self, there: bool) -> None:
        """Show or hide the button for a random test image."""
        self.test_image_button.setVisible(there)

    def stop(self) -> None:
        """Block until no sample is being read."""
        self._icons.abandon()
        self._icons.wait()

    def _sample_button(self, path: Path) -> QPushButton:
        button = QPushButton()
        button.setIconSize(QSize(SAMPLE_SIDE, SAMPLE_SIDE))
        button.setFixedSize(SAMPLE_SIDE + 12, SAMPLE_SIDE + 12)
        button.setToolTip(f"Classify the sample “{path.stem}”")
        button.setAccessibleName(f"Sample picture {path.stem}")
        mark(button, kind="sample")
        button.clicked.connect(lambda: self.sample_clicked.emit(path))
        return button

    def _read_icons(self, report: Deliver, should_stop: ShouldStop) -> None:
        for path in self._samples:
            if should_stop():
                return
            report((path, preview(path, 2 * SAMPLE_SIDE)))

    def _show_icon(self, result: tuple[Path, QImage | None]) -> None:
        path, image = result
        if image is not None:
            self._samples[path].setIcon(QIcon(QPixmap.fromImage(image)))

    def _lay_out(self) -> None:
        title = QLabel("Drop pictures anywhere")
        mark(title, role="title")
        subtitle = QLabel("The network tells you what they show, and how sure it is.")
        mark(subtitle, role="muted")
        mark(self.open_button, kind="primary")
        self.open_button.setToolTip("Open picture files")
        self.paste_button.setToolTip("Classify the picture or the files on the clipboard")
        self.test_image_button.setToolTip("Classify a random test image of CIFAR-10, whose label is known")
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE)
        for button in (self.open_button, self.paste_button, self.test_image_button):
            buttons.addWidget(button)

        caption = QLabel("or try a sample")
        mark(caption, role="muted")
        grid = QGridLayout()
        grid.setSpacing(SPACE // 2)
        for position, button in enumerate(self._samples.values()):
            grid.addWidget(button, position // SAMPLE_COLUMNS, position % SAMPLE_COLUMNS)

        layout = QVBoxLayout(self)
        layout.setSpacing(SPACE)
        layout.addStretch(1)
        middle = Qt.AlignmentFlag.AlignHCenter
        layout.addWidget(title, alignment=middle)
        layout.addWidget(subtitle, alignment=middle)
        layout.addSpacing(SPACE)
        layout.addLayout(_centred(buttons))
        layout.addSpacing(2 * SPACE)
        layout.addWidget(caption, alignment=middle)
        layout.addLayout(_centred(grid))
        layout.addStretch(1)


def _centred(inner: QHBoxLayout | QGridLayout) -> QHBoxLayout:
    outer = QHBoxLayout()
    outer.addStretch(1)
    outer.addLayout(inner)
    outer.addStretch(1)
    return outer
