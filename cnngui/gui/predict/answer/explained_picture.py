"""A picture whose parts that speak for a class are painted: as a layer for the window, and as a page for a file."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter

from cnngui.core.answers.classifier import Classification
from cnngui.gui.common.style import LIGHT
from cnngui.gui.common.words import NONE_OF_THESE, percent

RAMP = np.array(
    [
        *((0, 0, 4), (32, 12, 73), (86, 15, 109), (137, 34, 106), (187, 54, 84)),
        *((227, 89, 50), (249, 140, 9), (249, 201, 50), (252, 255, 164)),
    ],
    np.float32,
)
"""Colours from dark to light in even steps: matplotlib's “inferno”. Importing pyqtgraph, which has it, takes time."""
WIDTH = 640  # pixels of a page without its margins, at least; the picture is enlarged to about that
MARGIN = 24
OTHERS = 4  # classes listed below the answer, at most
LEAST = 0.005  # probability of a class that is listed: less would read 0 %


def painted(heat: NDArray[np.float32]) -> QImage:
    """A heat map as a layer to lay over a picture: bright where it is highest, dark where it is 0 or less.

    As lightness alone tells high from low, it is seen on pictures of any colour.
    """
    rows, columns = heat.shape
    strength = np.clip(heat, 0, None)
    if strength.max() > 0:
        strength = strength / strength.max()
    steps = np.linspace(0, 1, len(RAMP))
    pixels = np.stack([np.interp(strength, steps, channel) for channel in RAMP.T], axis=-1).round().astype(np.uint8)
    return QImage(pixels.tobytes(), columns, rows, 3 * columns, QImage.Format.Format_RGB888).copy()


def reason(name: str) -> str:
    """What the bright parts mean, for the class with this name."""
    return f"Bright: parts that speak for “{name}”"


def explained_picture(
    photo: QImage, heat: NDArray[np.float32], opacity: float, answer: Classification, label: int, name: str
) -> QImage:
    """A white page to share: the picture under its heat map, and the answer in words.

    heat: float32 (rows, columns) over the whole picture, for the class with the index ``label``. opacity: its, 0–1.
    name: the picture's.
    """
    scale = max(1, round(WIDTH / max(photo.width(), photo.height())))
    picture = photo.size() * scale
    width = max(WIDTH, picture.width())
    lines = [
        (percent_line(answer), _font(26, bold=True), LIGHT.text),
        (others_line(answer), _font(16), LIGHT.text),
        (reason(answer.classes[label]), _font(16), LIGHT.text),
        (name, _font(16), LIGHT.muted),
    ]
    page = QImage(QSize(width + 2 * MARGIN, picture.height() + 3 * MARGIN + 160), QImage.Format.Format_RGB32)
    page.fill(Qt.GlobalColor.white)
    painter = QPainter(page)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    place = QRect(MARGIN, MARGIN, picture.width(), picture.height())
    painter.drawImage(place, photo)
    painter.setOpacity(opacity)
    painter.drawImage(place, painted(heat))
    painter.setOpacity(1)
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
    """The answer with its percentage, or "none of these"."""
    return f"{answer.label}  {percent(answer.confidence)}" if answer.known else NONE_OF_THESE


def others_line(answer: Classification) -> str:
    """The next most likely classes; for "none of these", the most likely ones."""
    top = answer.top[1:] if answer.known else answer.top
    return ", ".join(f"{name} {percent(share)}" for name, share in top[:OTHERS] if share >= LEAST)


def _font(pixels: int, *, bold: bool = False) -> QFont:
    font = QFont()
    font.setPixelSize(pixels)
    font.setBold(bold)
    return font
