"""Shows one picture as the network will get it."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QMouseEvent, QPixmap
from PySide6.QtWidgets import QDialog, QFileDialog, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cnngui.core.data.augmentation import examples
from cnngui.core.errors import UserError
from cnngui.core.pictures.images import load_pixels
from cnngui.core.progress import ShouldStop
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.local_files import local_files
from cnngui.gui.common.mime import accept_copy
from cnngui.gui.common.pictures.image_view import pixels_image
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.common.worker import COMPUTING_SECONDS, Deliver, LatestTask
from cnngui.gui.train.recipe.rows import SettingRows
from cnngui.gui.train.recipe.state import RecipeState

COUNT, COLUMNS = 16, 4
SIDE = 96  # pixels of a tile: three for each of the image's
FLIP = "A flip may change the class where left and right tell classes apart, as in letters or arrows."
PATHS = tuple(
    f"augmentation.{name}"
    for name in ("horizontal_flip", "shift", "zoom", "rotation", "colour_jitter", "cutout", "cutmix")
)


class AugmentationPreview(QDialog):
    """A grid of sixteen, which follows the settings beside it; a click draws them anew.

    images: uint8 (n, height, width, 3), of the chosen data. A picture can be dropped instead.
    """

    def __init__(self, state: RecipeState, images: NDArray[np.uint8], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state, self._images = state, images
        self._rng = np.random.default_rng()
        self._image = images[0]
        self._reader = LatestTask(self)
        self._tiles = [PlainLabel() for _ in range(COUNT)]
        self._problem, self._flip = PlainLabel(wordWrap=True), PlainLabel(FLIP, wordWrap=True)
        self._lay_out()
        self.setAcceptDrops(True)
        state.changed.connect(self.draw)
        self.finished.connect(lambda: self._reader.abandon_then(self.deleteLater))
        self.another_picture()

    @Slot()
    def draw(self) -> None:
        """Draw the sixteen anew."""
        chosen = self._state.recipe.augmentation
        shown = examples(self._image, chosen, self._images, COUNT, self._rng)
        for tile, image in zip(self._tiles, shown, strict=True):
            tile.setPixmap(_pixmap(image, tile.devicePixelRatioF()))
        self._flip.setVisible(chosen.horizontal_flip)

    @Slot()
    def another_picture(self) -> None:
        """Show another picture of the data."""
        self._image = self._images[self._rng.integers(len(self._images))]
        self._problem.hide()
        self.draw()

    def stop(self) -> None:
        """Close, and wait until nothing runs: the window closes."""
        self.done(QDialog.DialogCode.Rejected)
        self._reader.stop(COMPUTING_SECONDS)

    def show_file(self, path: Path) -> None:
        """Show a picture of the user's own, prepared as for the network."""

        def work(_report: Deliver, _should_stop: ShouldStop) -> NDArray[np.uint8] | str:
            height, width = self._images.shape[1:3]
            try:
                return load_pixels(path, (width, height))
            except UserError as error:
                return str(error)

        self._reader.do(work, self._take)

    def _take(self, found: NDArray[np.uint8] | str) -> None:
        self._problem.setVisible(isinstance(found, str))
        if isinstance(found, str):
            self._problem.setText(found)
        else:
            self._image = found
            self.draw()

    @Slot()
    def _choose(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Choose a picture")
        if name:
            self.show_file(Path(name))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Draw anew."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.draw()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if local_files(event.mimeData()):
            accept_copy(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Show the first of the files."""
        files = local_files(event.mimeData())
        if files:
            accept_copy(event)
            self.show_file(files[0])

    def _lay_out(self) -> None:
        self.setWindowTitle("Augmentation")
        grid = QGridLayout()
        grid.setSpacing(SPACE)
        for number, tile in enumerate(self._tiles):
            tile.setFixedSize(SIDE, SIDE)
            grid.addWidget(tile, number // COLUMNS, number % COLUMNS)
        text = PlainLabel(
            "The network gets the picture like this, another way in each epoch. A flip mirrors it every second time. "
            "Validation images stay as they are."
        )
        text.setWordWrap(True)
        mark(self._problem, role="failure")
        self._problem.hide()
        for label in (text, self._flip):
            mark(label, role="muted")
        side = QVBoxLayout()
        side.setSpacing(SPACE)
        side.addWidget(text)
        side.addWidget(SettingRows(self._state, PATHS))
        side.addWidget(self._flip)
        side.addStretch(1)
        side.addWidget(self._problem)
        for title, tip, slot in (
            ("&Draw anew", "The same picture, changed in other ways", self.draw),
            ("&Another picture", "Another picture of the chosen data", self.another_picture),
            ("&Choose a picture …", "A picture of your own; you can drop it, too", self._choose),
            ("C&lose", "Keep these settings", self.accept),
        ):
            button = QPushButton(title)
            button.setToolTip(tip)
            button.setAutoDefault(False)
            button.clicked.connect(slot)
            side.addWidget(button)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        row.setSpacing(2 * SPACE)
        left = QVBoxLayout()
        left.addLayout(grid)
        left.addStretch(1)
        row.addLayout(left)
        row.addLayout(side, 1)
        self.resize(780, 580)


def _pixmap(image: NDArray[np.uint8], ratio: float) -> QPixmap:
    """Single pixels are seen, in their proportions."""
    pixels = round(SIDE * ratio)
    pixmap = QPixmap.fromImage(pixels_image(image)).scaled(pixels, pixels, Qt.AspectRatioMode.KeepAspectRatio)
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
