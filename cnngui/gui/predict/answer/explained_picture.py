"""A picture with what spoke for a class painted over it: in the window, and as a file."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter

from cnngui.core.answers.classifier import Classification
from cnngui.gui.common.style import LIGHT
from cnngui.gui.common.words import NONE_OF_THESE, percent

WEAKEST, STRONGEST = 90, 170  # of 255: how much of the picture is hidden, where nothing spoke and where all did
WIDTH = 640  # pixels, of a saved page without its margins, at least; a picture is enlarged to about that
MARGIN = 24
OTHERS = 4  # how many classes are named beside the explained one, at most
LEAST = 0.005  # the probability from which on they are: less would be 0 %


def painted(heat: NDArray[np.float32], color: str) -> QImage:
    """A heat map as a layer over its picture: of the colour where it is strongest, dark where it is not above 0.

    The dark makes the colour be seen on a picture of that colour too.
    """
    rows, columns = heat.shape
    strength = np.clip(heat, 0, None)[..., np.newaxis]
    if strength.max() > 0:
        strength = strength / strength.max()
    chosen = QColor(color)
    pixels = np.empty((rows, columns, 4), np.uint8)
    pixels[..., :3] = np.array([chosen.red(), chosen.green(), chosen.blue()]) * strength
    pixels[..., 3:] = WEAKEST + (STRONGEST - WEAKEST) * strength
    return QImage(pixels.tobytes(), columns, rows, 4 * columns, QImage.Format.Format_RGBA8888).copy()


def reason(name: str) -> str:
    """What the paint means, for a class."""
    return f"Painted: without it, “{name}” would be less likely."


def explained_picture(
    photo: QImage, heat: NDArray[np.float32], answer: Classification, label: int, name: str
) -> QImage:
    """The picture, its heat map and the answer in words, on white, for people to show to others.

    heat: float32 (rows, columns), of the whole picture, for the class with the index ``label``. name: the picture's.
    """
    scale = max(1, round(WIDTH / max(photo.width(), photo.height())))
    picture = photo.size() * scale
    width = max(WIDTH, picture.width())
    lines = [
        (percent_line(answer), _font(26, bold=True), LIGHT.text),
        (others_line(answer), _font(16), LIGHT.text),
        (reason(answer.classes[label]), _font(16), LIGHT.validation),
        (name, _font(16), LIGHT.muted),
    ]
    page = QImage(QSize(width + 2 * MARGIN, picture.height() + 3 * MARGIN + 160), QImage.Format.Format_RGB32)
    page.fill(Qt.GlobalColor.white)
    painter = QPainter(page)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    place = QRect(MARGIN, MARGIN, picture.width(), picture.height())
    painter.drawImage(place, photo)
    painter.drawImage(place, painted(heat, LIGHT.validation))
    top = place.bottom() + MARGIN
    for text, font, color in lines:
        painter.setFont(font)
        painter.setPen(QColor(color))
        metrics = painter.fontMetrics()
        line = QRect(MARGIN, top, width, metrics.height())
        painter.drawText(line, 0, metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, width))
        top += metrics.height() + MARGIN // 4
    painter.end()
    return page.copy(0, 0, page.width(), min(page.height(), top + MARGIN))


def percent_line(answer: Classification) -> str:
    """The answer, with its percentage where there is one."""
    return f"{answer.label}  {percent(answer.confidence)}" if answer.known else NONE_OF_THESE


def others_line(answer: Classification) -> str:
    """The classes that come next, or all that are likeliest where the picture is none of them."""
    top = answer.top[1:] if answer.known else answer.top
    return ", ".join(f"{name} {percent(share)}" for name, share in top[:OTHERS] if share >= LEAST)


def _font(pixels: int, *, bold: bool = False) -> QFont:
    font = QFont()
    font.setPixelSize(pixels)
    font.setBold(bold)
    return font
