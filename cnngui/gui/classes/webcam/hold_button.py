"""A button that is held."""

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QPushButton

RELEASED_MS = 50  # between a release and the next press; nobody taps as fast


class HoldButton(QPushButton):
    """Says when it is pressed, by mouse or by key, and when it is released for good.

    X11 repeats a held key as a release and a press. While the window is busy, Qt takes some of them for real ones.
    """

    began = Signal()
    ended = Signal()

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._released = QTimer(self, singleShot=True, interval=RELEASED_MS)
        self._released.timeout.connect(self.ended)
        self.pressed.connect(self._begin)
        self.released.connect(self._released.start)

    @Slot()
    def _begin(self) -> None:
        if self._released.isActive():
            self._released.stop()
        else:
            self.began.emit()
