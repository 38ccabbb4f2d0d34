"""Progress of classifying many pictures: how far it is, the time left, and a button to cancel."""

import time

from PySide6.QtWidgets import QGridLayout, QProgressBar, QPushButton, QWidget

from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.common.words import duration

SHOWN_FROM = 20  # pictures: fewer are done before anyone has read it
STEADY_SECONDS = 1.0  # before that, the time left is a guess


class WorkStrip(QWidget):
    """Shows progress while many pictures wait, and is hidden otherwise."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._began: float | None = None
        self._before = 0  # pictures that had their answers before this work began
        self._text, self._bar = PlainLabel(), QProgressBar()
        self._bar.setTextVisible(False)
        mark(self._text, role="muted")
        self.cancel_button = QPushButton("Cancel")
        self.cancel_button.setToolTip("Remove the pictures that still wait")
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE // 2)
        layout.addWidget(self._text, 0, 0, 1, 2)
        layout.addWidget(self._bar, 1, 0)
        layout.addWidget(self.cancel_button, 1, 1)
        layout.setColumnStretch(0, 1)
        self.hide()

    def show_work(self, total: int, waiting: int, *, gathering: bool) -> None:
        """Show that so many of all pictures wait. gathering: whether there may be more to come."""
        if not waiting and not gathering:
            self._began = None
            self.hide()
            return
        if self._began is None:
            self._began = time.monotonic()
            self._before = total - waiting
        self._before = min(self._before, total - waiting)  # some may have been removed, or wait again
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
