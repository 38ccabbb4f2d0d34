"""The lines of parallel coordinates on a picture that is kept: many take too long to draw each time the mouse moves."""

import time
from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from cnngui.gui.common.parallel.levels import by_level
from cnngui.gui.common.style import colors

SLICE_SECONDS = 0.006  # of drawing at a time: 2,000 lines take a tenth of a second
THIN, THICK = 1.0, 3.0  # pixels


class Lines:
    """A line for each training, the more accurate ones above the others, and the thick ones above all.

    picture: what is drawn so far, transparent elsewhere.
    """

    def __init__(
        self, spots: NDArray[np.float64], levels: Sequence[float], thick: Collection[int], size: QSize, ratio: float
    ) -> None:
        """spots: the corners of each line in pixels, (lines, axes, 2). levels: their accuracies, 0–1.

        size: of the picture. ratio: the device's pixels for each of them.
        """
        self._spots, self._levels, self._thick = spots, levels, thick
        self._waiting = sorted(range(len(levels)), key=lambda number: (number in thick, levels[number]), reverse=True)
        self.picture = QPixmap(size * ratio)
        self.picture.setDevicePixelRatio(ratio)
        self.picture.fill(Qt.GlobalColor.transparent)

    @property
    def are_complete(self) -> bool:
        """Whether all are drawn."""
        return not self._waiting

    def draw_some(self) -> None:
        """Draw as many more as a few milliseconds allow."""
        until = time.perf_counter() + SLICE_SECONDS
        painter = QPainter(self.picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        while self._waiting and time.perf_counter() < until:
            number = self._waiting.pop()
            if number in self._thick:  # seen among thousands, too
                self._draw(painter, number, THICK + 4, colors().surface)
            self.draw(painter, number, THICK if number in self._thick else THIN)
        painter.end()

    def draw(self, painter: QPainter, number: int, width: float) -> None:
        """Draw one of them in its colour."""
        self._draw(painter, number, width, by_level(self._levels[number], colors()))

    def _draw(self, painter: QPainter, number: int, width: float, color: str) -> None:
        painter.setPen(QPen(QColor(color), width))
        painter.drawPolyline([QPointF(x, y) for x, y in self._spots[number].tolist()])
