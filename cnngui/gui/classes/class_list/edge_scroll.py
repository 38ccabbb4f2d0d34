"""Scrolls a list while something is dragged over its edge."""

from PySide6.QtCore import QObject, QPoint, QTimer, Signal, Slot
from PySide6.QtWidgets import QAbstractScrollArea

EDGE = 24  # pixels, at the top and at the bottom
STEP_MS = 16
STEP = 5  # pixels: 300 in a second


class EdgeScroll(QObject):
    """Goes on while the cursor rests there. Qt's own way asks the system for the cursor, and Wayland does not tell.

    scrolled: the list has moved; what is dragged is over this QPoint of it still.
    """

    scrolled = Signal(QPoint)

    def __init__(self, area: QAbstractScrollArea) -> None:
        super().__init__(area)
        self._area, self._point, self._step = area, QPoint(), 0
        self._timer = QTimer(self, interval=STEP_MS)
        self._timer.timeout.connect(self._scroll)

    def follow(self, point: QPoint) -> None:
        """Something is dragged over this point of the viewport."""
        height = self._area.viewport().height()
        self._point = point
        self._step = -STEP if point.y() < EDGE else STEP if point.y() >= height - EDGE else 0
        if not self._step:
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()

    def stop(self) -> None:
        """Nothing is dragged over the list any more."""
        self._timer.stop()

    @Slot()
    def _scroll(self) -> None:
        bar = self._area.verticalScrollBar()
        bar.setValue(bar.value() + self._step)
        self.scrolled.emit(self._point)
