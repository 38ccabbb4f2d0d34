"""A picture with the square that one value of a layer sees."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from cnngui.core.networks.plan import Field
from cnngui.gui.common.pictures.image_view import pixels_image
from cnngui.gui.common.style import colors

SIDE = 160  # pixels on the screen


class FieldView(QWidget):
    """Draws the square in the middle of the picture, uint8 (height, width, 3)."""

    def __init__(self, image: NDArray[np.uint8]) -> None:
        super().__init__()
        self._image = pixels_image(image)
        self._field: Field | None = Field()
        self.setFixedSize(SIDE, SIDE)

    def show_field(self, field: Field | None) -> None:
        """Show this square; None for the whole picture."""
        self._field = field
        self.update()

    @property
    def square(self) -> QRectF:
        """The square, in pixels of the picture; it may be larger than that."""
        width, height = self._image.width(), self._image.height()
        if self._field is None:
            return QRectF(0, 0, width, height)
        size = self._field.size
        return QRectF((width - size) / 2, (height - size) / 2, size, size)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture, darker outside the square."""
        painter = QPainter(self)
        width, height = self._image.width(), self._image.height()
        scale = SIDE / max(width, height)
        target = QRectF((SIDE - width * scale) / 2, (SIDE - height * scale) / 2, width * scale, height * scale)
        painter.drawImage(target, self._image)
        square = self.square
        seen = QRectF(
            target.left() + square.left() * scale,
            target.top() + square.top() * scale,
            square.width() * scale,
            square.height() * scale,
        ).intersected(target)
        shade = QColor(0, 0, 0, 150)
        painter.setClipRect(target)
        for part in (
            QRectF(target.left(), target.top(), target.width(), seen.top() - target.top()),
            QRectF(target.left(), seen.bottom(), target.width(), target.bottom() - seen.bottom()),
            QRectF(target.left(), seen.top(), seen.left() - target.left(), seen.height()),
            QRectF(seen.right(), seen.top(), target.right() - seen.right(), seen.height()),
        ):
            painter.fillRect(part, shade)
        painter.setPen(QPen(QColor(colors().accent), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(seen.adjusted(1, 1, -1, -1))
