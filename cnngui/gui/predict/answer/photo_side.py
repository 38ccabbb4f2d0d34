"""The left of the card: the picture, the parts of it that speak for a class, and what the network sees."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QSlider, QVBoxLayout, QWidget

from cnngui.gui.common.labels.elided_label import ElidedLabel
from cnngui.gui.common.pictures.image_view import ImageView
from cnngui.gui.common.settings import Settings
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.predict.answer.explained_picture import painted, reason
from cnngui.gui.predict.answer.seen_pixels import SeenPixels

WEAKEST, STRONGEST = 20, 95  # percent: the marking is never invisible, and never hides the whole picture
SLIDER_LETTERS = 12  # the slider's width


class PhotoSide(QWidget):
    """Shows a picture and, over it, a heat map, whose strength is adjustable and remembered."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._photo, self._seen = ImageView(largest=8), SeenPixels()
        self._reason, self._strength = ElidedLabel(), QSlider(Qt.Orientation.Horizontal)
        self._lay_out()
        self._strength.setValue(settings.heat_strength)
        self._photo.set_overlay_opacity(self.opacity)
        self._strength.valueChanged.connect(self._set_strength)

    @property
    def opacity(self) -> float:
        """The opacity of the heat map, 0–1."""
        return self._strength.value() / 100

    @Slot(QImage)
    def show_photo(self, image: QImage | QPixmap) -> None:
        """Show this picture."""
        self._photo.set_image(image)

    @Slot(object)
    def show_views(self, pixels: NDArray[np.uint8] | None) -> None:
        """Show what the network sees, uint8 (views, height, width, 3), or nothing."""
        self._seen.show_views(pixels)

    def expect_heat(self, name: str) -> None:
        """Remove the heat map: the one of the class with this name follows, or none if it is ""."""
        self._photo.set_overlay(None)
        self._reason.setText(reason(name) if name else "")
        self._strength.setVisible(bool(name))

    @Slot(object)
    def show_heat(self, heat: NDArray[np.float32]) -> None:
        """Show this heat map, float32 (rows, columns), over the whole picture."""
        self._photo.set_overlay(painted(heat))

    @Slot(int)
    def _set_strength(self, percent: int) -> None:
        self._settings.heat_strength = percent
        self._photo.set_overlay_opacity(self.opacity)

    def _lay_out(self) -> None:
        self._photo.setAccessibleName("The picture")
        mark(self._reason, role="muted")
        self._strength.setRange(WEAKEST, STRONGEST)
        self._strength.setFixedWidth(SLIDER_LETTERS * self.fontMetrics().averageCharWidth())
        self._strength.setToolTip("How strongly the parts are marked")
        self._strength.setAccessibleName("Strength of the marking")
        policy = self._strength.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # so that the picture above does not move
        self._strength.setSizePolicy(policy)
        self._strength.hide()
        caption = QHBoxLayout()
        caption.setSpacing(SPACE)
        caption.addWidget(self._reason, 1)
        caption.addWidget(self._strength)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * SPACE)
        column.addWidget(self._photo, 1)
        column.addLayout(caption)
        column.addWidget(self._seen)
