"""The square of a picture in the grid, made beside the window, so that it is drawn in one go."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from cnngui.core.pictures.decoding import Source
from cnngui.gui.common.pictures.cropped import RADIUS
from cnngui.gui.common.pictures.image_view import preview

EDGE = QColor(128, 128, 128, 90)  # so that a white picture ends somewhere, on light and on dark
LARGEST = 4  # times the side: as much of a long picture is read as its square needs


def tile_image(source: Source, side: int, radius: float = RADIUS) -> QImage | None:
    """The middle square of a picture, with round corners, ``side`` pixels wide; None if it is unreadable.

    Safe in any thread.
    """
    image = preview(source, LARGEST * side)
    if image is None:
        return None
    least = min(image.width(), image.height())
    left, top = (image.width() - least) // 2, (image.height() - least) // 2
    aspect, way = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    square = image.copy(left, top, least, least).scaled(side, side, aspect, way)
    made = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    rounded = QPainterPath()
    rounded.addRoundedRect(QRectF(made.rect()), radius, radius)
    painter.setClipPath(rounded)
    painter.drawImage(0, 0, square)
    painter.setPen(QPen(EDGE, 2))  # of which the clip takes the outer half
    painter.drawRoundedRect(QRectF(made.rect()), radius, radius)
    painter.end()
    return made
