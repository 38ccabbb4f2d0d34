"""What the Predict half shows while it is empty: an invitation to drop, open, paste or try a sample."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cnngui import paths
from cnngui.core.pictures import images
from cnngui.core.progress import ShouldStop
from cnngui.gui.common.image_view import qimage
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.common.worker import Deliver, Worker

SAMPLE_SIDE = 84
SAMPLE_COLUMNS = 5


def samples() -> list[Path]:
    """The sample pictures that ship with the program, by name."""
    return sorted((paths.resources_dir() / "samples").glob("*.png"))


class Invitation(QFrame):
    """Emits what was asked for: open_clicked, paste_clicked, test_image_clicked, or sample_clicked with a path."""

    open_clicked = Signal()
    paste_clicked = Signal()
    test_image_clicked = Signal()
    sample_clicked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, kind="invite")
        self._samples = {path: self._sample_button(path) for path in samples()}
        self._test_image = QPushButton("Random test image")
        self._test_image.setToolTip("Classify one of CIFAR-10's test images, and compare with its label (Ctrl+R)")
        self._test_image.clicked.connect(self.test_image_clicked)
        self._lay_out()
        self._icons = Worker(self._read_icons, self)
        self._icons.progressed.connect(self._show_icon)
        self._icons.start()

    def set_test_images(self, there: bool) -> None:
        """Offer a random test image, where CIFAR-10 is there."""
        self._test_image.setVisible(there)

    def stop(self) -> None:
        """Wait until no sample is being read any more."""
        self._icons.stop()
        self._icons.wait()

    def _sample_button(self, path: Path) -> QPushButton:
        button = QPushButton()
        button.setIconSize(QSize(SAMPLE_SIDE, SAMPLE_SIDE))
        button.setFixedSize(SAMPLE_SIDE + 12, SAMPLE_SIDE + 12)
        button.setToolTip(f"Classify the sample picture “{path.stem}”")
        button.setAccessibleName(f"Sample picture {path.stem}")
        mark(button, kind="sample")
        button.clicked.connect(lambda: self.sample_clicked.emit(path))
        return button

    def _read_icons(self, report: Deliver, should_stop: ShouldStop) -> None:
        for path in self._samples:
            if should_stop():
                return
            image = images.read(path, 2 * SAMPLE_SIDE)
            side = min(image.size)
            left, top = (image.width - side) // 2, (image.height - side) // 2
            square = image.crop((left, top, left + side, top + side)).resize((2 * SAMPLE_SIDE, 2 * SAMPLE_SIDE))
            report((path, qimage(square)))

    @Slot(object)
    def _show_icon(self, result: tuple[Path, QImage]) -> None:
        path, image = result
        self._samples[path].setIcon(QIcon(QPixmap.fromImage(image)))

    def _lay_out(self) -> None:
        title = QLabel("Drop pictures anywhere")
        mark(title, role="title")
        subtitle = QLabel("The network says what they show, and how sure it is.")
        mark(subtitle, role="muted")
        open_button, paste_button = QPushButton("Open pictures …"), QPushButton("Paste")
        mark(open_button, kind="primary")
        open_button.setToolTip("Choose picture files (Ctrl+O)")
        paste_button.setToolTip("Classify the picture or files on the clipboard (Ctrl+V)")
        open_button.clicked.connect(self.open_clicked)
        self.setFocusProxy(open_button)
        paste_button.clicked.connect(self.paste_clicked)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE)
        for button in (open_button, paste_button, self._test_image):
            buttons.addWidget(button)

        caption = QLabel("or try one of these")
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
