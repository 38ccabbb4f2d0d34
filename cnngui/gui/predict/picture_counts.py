"""How many pictures there are, and how many of them could not be read: at the left of the status bar."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from cnngui.gui.common.style import mark


class PictureCounts(QWidget):
    """One widget for both, so that the status bar can hide them together while it shows a message.

    failures_clicked: somebody wants to see what could not be read.
    """

    failures_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._total, self._failures = QLabel(), QPushButton("None could not be read")
        mark(self._failures, kind="link")
        self._failures.setToolTip("Show them, each with its reason")
        self._failures.clicked.connect(self.failures_clicked)
        self._failures.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._total)
        row.addWidget(self._failures)

    @Slot(str)
    def show_total(self, text: str) -> None:
        """How many there are, in words."""
        self._total.setText(text)

    @Slot(str)
    def show_failures(self, text: str) -> None:
        """How many could not be read, in words; "" for none."""
        if text:
            self._failures.setText(text)
        self._failures.setVisible(bool(text))
