"""The plot as a drawing for files: with its whole title and legend, in any format."""

import re
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPen, QPicture

from cnngui.core.errors import UserError
from cnngui.core.files import replacing
from cnngui.gui.common.pictures.image_view import write_png
from cnngui.gui.common.style import SPACE, Colors, colors
from cnngui.gui.train.plot.live_plot import LivePlot

SCALE = 2  # pixels of a PNG for each of the window
MARGIN = SPACE  # around everything


@dataclass(frozen=True)
class Drawing:
    """What was drawn, to be drawn again anywhere. size: in the window's pixels."""

    picture: QPicture
    size: QSize
    background: str


def draw(plot: LivePlot) -> Drawing:
    """Draw the plot as it is shown now, below its title."""
    chosen, curves, caption = colors(), plot.curves, plot.caption
    picture = QPicture()
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    y = MARGIN
    if caption is not None:
        y = _draw_text(painter, caption.name, y, curves.width(), _font(15, bold=True), chosen.text)
        y = _draw_text(painter, caption.text, y, curves.width(), _font(13), chosen.muted)
    y = _draw_legend(painter, plot.training_title, y + SPACE // 2, chosen)
    # Without a target, it would fill the device.
    curves.render(painter, QRectF(MARGIN, y, curves.width(), curves.height()), curves.rect())
    painter.end()
    return Drawing(picture, QSize(curves.width() + 2 * MARGIN, y + curves.height() + MARGIN), chosen.surface)


def _draw_text(painter: QPainter, text: str, y: int, width: int, font: QFont, color: str) -> int:
    """Draw the whole text from y downwards, on as many lines as it takes; returns where the next one begins."""
    metrics = QFontMetrics(font)
    fits = all(metrics.horizontalAdvance(word) <= width for word in text.split())
    wrap = int(Qt.TextFlag.TextWordWrap if fits else Qt.TextFlag.TextWrapAnywhere)
    height = metrics.boundingRect(QRect(0, 0, width, 10_000), wrap, text).height()
    painter.setFont(font)
    painter.setPen(QColor(color))
    painter.drawText(QRectF(MARGIN, y, width, height), wrap, text)
    return y + height + SPACE // 2


def _draw_legend(painter: QPainter, training: str, y: int, chosen: Colors) -> int:
    """Draw the marks of both curves with their names, from y downwards; returns where the legend ends."""
    font = _font(13)
    metrics = QFontMetrics(font)
    middle, x = y + metrics.height() / 2, MARGIN
    painter.setFont(font)
    for text, color, is_line in ((training, chosen.training, True), ("validation", chosen.validation, False)):
        if is_line:
            painter.setPen(QPen(QColor(color), 2))
            painter.drawLine(QPointF(x, middle), QPointF(x + 2 * SPACE, middle))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(color))
            painter.drawEllipse(QPointF(x + SPACE, middle), 4, 4)
        painter.setPen(QColor(chosen.text))
        painter.drawText(QPointF(x + 3 * SPACE, y + metrics.ascent()), text)
        x += 6 * SPACE + metrics.horizontalAdvance(text)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    return y + metrics.height() + SPACE


def _font(pixels: int, *, bold: bool = False) -> QFont:
    font = QFont()
    font.setPixelSize(pixels)
    font.setBold(bold)
    return font


def write_drawing(drawing: Drawing, path: Path) -> None:
    """Write a PNG or an SVG file, as its ending says; a file is replaced only by a whole one. Safe in any thread.

    Raises OSError, and UserError for another ending.
    """
    match path.suffix.lower():
        case ".png":
            write_png(image(drawing), path)
        case ".svg":
            with replacing(path) as new:
                new.write_bytes(_svg(drawing))
        case _:
            raise UserError(f"{path.name} has to end in .png or .svg. Choose one of these.")


def image(drawing: Drawing) -> QImage:
    """The drawing as pixels, at twice the window's size."""
    made = QImage(drawing.size * SCALE, QImage.Format.Format_RGB32)
    made.fill(QColor(drawing.background))
    painter = QPainter(made)
    painter.scale(SCALE, SCALE)
    painter.drawPicture(0, 0, drawing.picture)
    painter.end()
    return made


def _svg(drawing: Drawing) -> bytes:
    from PySide6.QtSvg import QSvgGenerator

    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(drawing.size)
    generator.setViewBox(QRect(0, 0, drawing.size.width(), drawing.size.height()))
    generator.setResolution(96)
    painter = QPainter(generator)
    painter.fillRect(QRect(0, 0, drawing.size.width(), drawing.size.height()), QColor(drawing.background))
    painter.drawPicture(0, 0, drawing.picture)
    painter.end()
    # Where the window's font is missing, another without serifs is as good.
    return re.sub(rb'font-family="([^"]*)"', rb'font-family="\1, sans-serif"', data.data())
