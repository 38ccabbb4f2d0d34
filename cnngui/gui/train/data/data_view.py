"""What was found in the chosen data: its classes, how it is divided, and what is left out."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from cnngui.core.sentences import counted
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.common.words import plain
from cnngui.gui.train.data.class_table import ClassTable
from cnngui.gui.train.data.data_state import DataState

MOST_LEFT_OUT = 20  # pictures in the tooltip


class DataView(QWidget):
    """Shows the state of the data, its progress while it is read, and why it cannot be."""

    def __init__(self, state: DataState) -> None:
        super().__init__()
        self._state = state
        self._text, self._notes = _label(), _label()
        mark(self._notes, role="muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._button = QPushButton("Cancel")
        self._button.clicked.connect(self._press)
        self.classes = ClassTable()
        row = QHBoxLayout()
        row.addWidget(self._bar, 1)
        row.addWidget(self._button)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addWidget(self._text)
        column.addWidget(self._notes)
        column.addLayout(row)
        column.addWidget(self.classes, 1)
        column.addStretch()
        state.changed.connect(self._show)
        self._show()

    @Slot()
    def _press(self) -> None:
        if self._state.is_reading:
            self._state.cancel()
        else:
            self._state.read_again()

    @Slot()
    def _show(self) -> None:
        state = self._state
        self._bar.setVisible(state.is_reading)
        self._button.setVisible(state.is_reading or state.cancelled or state.error is not None)
        self._button.setText("Cancel" if state.is_reading else "Read again")
        self._button.setToolTip("Stop reading the data" if state.is_reading else "Read the data from its files")
        self.classes.setVisible(state.summary is not None)
        if state.progress is not None:
            self._bar.setRange(0, state.progress.total)
            self._bar.setValue(state.progress.done)
            self._tell(f"{state.progress.text} …")
        elif state.cancelled:
            self._tell("The data has not been read. It will be when the training starts.")
        elif state.error is not None:
            self._tell(str(state.error))
        elif state.summary is None:
            self._tell("")
        else:
            self._show_summary()

    def _show_summary(self) -> None:
        summary = self._state.summary
        assert summary is not None
        self.classes.show_summary(summary)
        total = counted(sum(summary.counts), "image")
        self._tell(f"{total} in {counted(len(summary.classes), 'class', 'classes')}. {summary.division}")
        self._notes.setText("\n".join(summary.notes))
        self._notes.setVisible(bool(summary.notes))
        shown = summary.left_out[:MOST_LEFT_OUT]
        more = len(summary.left_out) - len(shown)
        self._notes.setToolTip(plain("\n".join([*shown, *([f"… and {more:,} more"] if more else [])])))

    def _tell(self, text: str) -> None:
        self._text.setText(text)
        self._notes.clear()
        self._notes.hide()


def _label() -> QLabel:
    label = PlainLabel()
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
