"""How many pictures there are: the left of the status bar."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.style import mark
from cnngui.gui.predict.state import PredictState


class PictureCounts(QWidget):
    """The counts, and a link to the unreadable pictures, in one widget that the status bar can hide for a message.

    unreadable_clicked: the user wants to see the unreadable pictures.
    """

    unreadable_clicked = Signal()

    def __init__(self, state: PredictState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._text, self._unreadable = PlainLabel(), QPushButton()
        self._text.setIndent(0)  # it begins where a message does; by default a label with padding indents its text
        mark(self._unreadable, kind="link")
        self._unreadable.setToolTip("Show the unreadable pictures")
        self._unreadable.clicked.connect(self.unreadable_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._text)
        row.addWidget(self._unreadable)
        state.changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        counts = self._state.counts
        self._text.setText(status_of(self._state))
        self._unreadable.setText(f"{counts.unreadable:,} of {counts.total:,} unreadable")
        self._unreadable.setVisible(counts.unreadable > 0)


def status_of(state: PredictState) -> str:
    """The counts in words: "500 pictures  ·  50 shown"; "" without pictures."""
    counts = state.counts
    parts = [f"{counts.total:,} picture{'' if counts.total == 1 else 's'}"] if counts.total else []
    if state.is_gathering and not counts.total:
        parts.append("looking for pictures …")
    if counts.shown < counts.total:
        parts.append(f"{counts.shown:,} shown")
    if counts.waiting:
        parts.append(f"{counts.waiting:,} waiting")
    if counts.cancelled:
        parts.append(f"{counts.cancelled:,} cancelled")
    if counts.trained_on:
        were = "was a training image" if counts.trained_on == 1 else "were training images"
        parts.append(f"{counts.trained_on:,} of these {counts.total:,} {were}")
    return "  ·  ".join(parts)
