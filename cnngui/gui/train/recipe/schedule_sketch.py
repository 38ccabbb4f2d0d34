"""Draws the learning rate of the whole training, small, below the settings that decide it."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QSize, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from cnngui.core.recipes.schedule import learning_rates
from cnngui.core.sentences import counted
from cnngui.gui.common.style import SPACE, colors
from cnngui.gui.train.recipe.state import RecipeState

STEPS = 100  # of an epoch, as far as the drawing is concerned
POINTS = 400


class ScheduleSketch(QWidget):
    """The rate over all epochs, from 0 to its peak."""

    def __init__(self, state: RecipeState) -> None:
        super().__init__()
        self._state = state
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        state.changed.connect(self._describe)
        self._describe()

    @property
    def rates(self) -> NDArray[np.float64]:
        """The rates that are drawn, at equal distances; float64 (POINTS,)."""
        recipe = self._state.recipe
        steps = recipe.optimization.epochs * STEPS
        return learning_rates(recipe, np.linspace(0, steps - 1, POINTS), steps)

    def sizeHint(self) -> QSize:
        """As high as two fields and two lines."""
        return QSize(200, 6 * self.fontMetrics().height())

    @Slot()
    def _describe(self) -> None:
        optimization = self._state.recipe.optimization
        epochs, peak = counted(optimization.epochs, "epoch"), f"{optimization.learning_rate:g}"
        text = f"The learning rate over {epochs}, {peak} at its peak"
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the curve, its peak and its epochs."""
        chosen, metrics = colors(), self.fontMetrics()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        optimization = self._state.recipe.optimization
        width, height = self.width(), self.height() - metrics.height()
        painter.setPen(QColor(chosen.muted))
        painter.drawText(QPointF(0, metrics.ascent()), f"Learning rate, at most {optimization.learning_rate:g}")
        painter.setPen(QColor(chosen.border))
        painter.drawLine(QPointF(0, height - 0.5), QPointF(width, height - 0.5))
        painter.setPen(QPen(QColor(chosen.accent), 2))
        rates = self.rates / optimization.learning_rate
        room = height - metrics.height() - SPACE
        painter.drawPolyline(
            QPolygonF(
                [
                    QPointF(1 + (width - 2) * number / (POINTS - 1), height - 1 - room * rate)
                    for number, rate in enumerate(rates.tolist())
                ]
            )
        )
        painter.setPen(QColor(chosen.muted))
        painter.drawText(QPointF(0, self.height() - metrics.descent()), "0")
        last = counted(optimization.epochs, "epoch")
        painter.drawText(QPointF(width - metrics.horizontalAdvance(last), self.height() - metrics.descent()), last)
