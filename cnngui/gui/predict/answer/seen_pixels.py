"""What the network sees of a picture."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.pictures.image_view import ImageView, qimage
from cnngui.gui.common.style import SPACE, mark

PIXELS_SIDE = 96  # three times 32
SMALL_SIDE = 64  # each of several views


class SeenPixels(QWidget):
    """The views of a picture as the network gets them, enlarged pixel by pixel, side by side."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._views: list[ImageView] = []
        self._caption = PlainLabel("\n")  # reserves its height
        self._caption.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        mark(self._caption, role="muted")
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # so that the picture above does not move
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
        """Show views, uint8 (views, height, width, 3), or nothing."""
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
