"""Images on the screen: a widget that shows one, and how they are read for Qt and written by it."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from cnngui.core.errors import UserError
from cnngui.core.files import replacing
from cnngui.core.pictures import images
from cnngui.core.pictures.decoding import Source
from cnngui.gui.common.style import colors


class ImageView(QWidget):
    """Shows an image as large as it fits, in its own proportions, at most ``largest`` times enlarged.

    smooth: turn it off to see single pixels; an image that has room is then enlarged by a whole number.
    """

    def __init__(self, *, smooth: bool = True, largest: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pixmap, self._overlay = QPixmap(), QPixmap()
        self._opacity = 1.0
        self._smooth = smooth
        self._largest = largest
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(QSize(64, 64))

    def set_image(self, image: QImage | QPixmap | None) -> None:
        """Show this image, or nothing."""
        self._pixmap = QPixmap(image) if isinstance(image, QPixmap) else QPixmap.fromImage(image or QImage())
        self.update()

    def set_overlay(self, image: QImage | None) -> None:
        """Stretch this image over the whole one, or nothing."""
        self._overlay = QPixmap.fromImage(image or QImage())
        self.update()

    def set_overlay_opacity(self, opacity: float) -> None:
        """Draw the overlay with this opacity, 0–1."""
        self._opacity = opacity
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the image in the middle."""
        painter = QPainter(self)
        if self._pixmap.isNull():
            return
        target = self._target()
        is_shrunk = target.width() < self._pixmap.width()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._smooth or is_shrunk)
        painter.drawPixmap(target, self._pixmap)
        if not self._overlay.isNull():
            painter.setOpacity(self._opacity)
            painter.drawPixmap(target, self._overlay)
            painter.setOpacity(1)
        painter.setPen(QColor(colors().border))
        painter.drawRect(QRectF(target).adjusted(0.5, 0.5, -0.5, -0.5))  # through pixel centres: sharp at any scale

    def _target(self) -> QRect:
        size = self._pixmap.size()
        scale = min(self.width() / size.width(), self.height() / size.height(), self._largest)
        if not self._smooth and scale > 1:
            scale = int(scale)
        width, height = max(1, round(size.width() * scale)), max(1, round(size.height() * scale))
        target = QRect(0, 0, width, height)
        target.moveCenter(self.rect().center())
        return target


def qimage(image: Image.Image) -> QImage:
    """A copy of an RGB Pillow image for Qt."""
    data = image.tobytes()
    return QImage(data, image.width, image.height, 3 * image.width, QImage.Format.Format_RGB888).copy()


def pixels_image(pixels: NDArray[np.uint8]) -> QImage:
    """A copy of pixels, uint8 (height, width, 3), for Qt."""
    return qimage(Image.fromarray(pixels))


def preview(source: Source, side: int) -> QImage | None:
    """The picture in RGB, at most ``side`` pixels wide and high; None if it is unreadable. Safe in any thread."""
    try:
        image = images.read(source, side)
    except UserError:
        return None
    image.thumbnail((side, side))
    return qimage(image)


def write_png(image: QImage, path: Path) -> None:
    """Write a PNG file, whole or not at all. Raises OSError."""
    with replacing(path) as new:
        if not image.save(str(new), "PNG"):  # type: ignore[call-overload]
            raise OSError(f"{path.parent} cannot take it")
