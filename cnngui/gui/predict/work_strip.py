"""How far the classifying of many pictures is, how long it will take, and a way to end it."""

import time

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QProgressBar, QPushButton, QWidget

from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.common.words import duration

SHOWN_FROM = 20  # pictures: fewer are done before anyone has read it
STEADY_SECONDS = 1.0  # before that nothing can be said about the time that is left


class WorkStrip(QWidget):
    """Hidden unless there is much to do. cancelled: somebody wants no more of it."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._began: float | None = None
        self._before = 0  # pictures in the list that had their answers before
        self._text, self._bar = QLabel(), QProgressBar()
        self._bar.setTextVisible(False)
        mark(self._text, role="muted")
        cancel = QPushButton("Cancel")
        cancel.setToolTip("Take out the pictures that still wait (Esc)")
        cancel.clicked.connect(self.cancelled)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE // 2)
        layout.addWidget(self._text, 0, 0, 1, 2)
        layout.addWidget(self._bar, 1, 0)
        layout.addWidget(cancel, 1, 1)
        layout.setColumnStretch(0, 1)
        self.hide()

    def show_work(self, total: int, waiting: int, *, gathering: bool) -> None:
        """Of so many pictures in the list so many wait, and perhaps more are being looked for."""
        if not waiting and not gathering:
            self._began = None
            self.hide()
            return
        if self._began is None:
            self._began = time.monotonic()
            self._before = total - waiting
        self._before = min(self._before, total - waiting)  # some may have been taken out, or wait again
        done, todo = max(0, total - waiting - self._before), total - self._before
        self.setVisible(todo >= SHOWN_FROM)
        self._bar.setRange(0, max(1, todo))
        self._bar.setValue(done)
        text = f"{done:,} of {todo:,}"
        seconds = time.monotonic() - self._began
        if gathering:
            text += "  ·  looking for more"
        elif done and seconds > STEADY_SECONDS:
            text += f"  ·  {duration(seconds / done * waiting)} left"
        self._text.setText(text)
