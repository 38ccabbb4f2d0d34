"""The running training or search below the curves: how far it is, what can be done, and what waits behind it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from cnngui.core.sentences import counted
from cnngui.gui.common.actions import Actions, follow
from cnngui.gui.common.labels.elided_label import ElidedLabel
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.common.words import plain
from cnngui.gui.train.requests import Request

PROGRESS_STEPS = 1000
ACTIONS = ("pause", "longer", "discard")  # of the window's actions, in the order of the buttons


class ProgressBox(QWidget):
    """Hidden unless a training or a search runs. withdraw_asked: a Request that is to wait no more."""

    withdraw_asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._status, self._bar, self._trouble = ElidedLabel(), QProgressBar(), PlainLabel(wordWrap=True)
        self._buttons = {name: QPushButton() for name in ACTIONS}
        self._queue = QVBoxLayout()
        self._lay_out()

    def use_actions(self, actions: Actions) -> None:
        """Let the buttons follow the actions of the window."""
        for name, button in self._buttons.items():
            follow(button, actions[name], text=True)

    def show_search(self, is_search: bool) -> None:
        """Show only what can be done with a search, or with a training."""
        for name in ("longer", "discard"):
            self._buttons[name].setVisible(not is_search)

    def show_status(self, text: str) -> None:
        """Say what is going on."""
        self._status.setText(text)

    def show_trouble(self, text: str) -> None:
        """Say what went wrong without ending the training; "" hides it."""
        self._trouble.setText(text)
        self._trouble.setVisible(bool(text))

    def show_progress(self, done: int, total: int) -> None:
        """Move the bar. total: 0 if it is unknown."""
        self._bar.setRange(0, PROGRESS_STEPS if total else 0)  # without a total the bar moves to and fro
        self._bar.setValue(PROGRESS_STEPS * done // total if total else 0)

    def show_queue(self, queue: tuple[Request, ...]) -> None:
        """Show what waits, each with a button that withdraws it."""
        while (item := self._queue.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for request in queue:
            self._queue.addWidget(self._waiting(request))

    def _waiting(self, request: Request) -> QWidget:
        line, label, button = QWidget(), ElidedLabel(), QPushButton("Remove")
        label.setText(
            f"Queued: {request.recipe.name} on {request.title}, {counted(request.recipe.optimization.epochs, 'epoch')}"
        )
        label.setToolTip(plain(request.path.parent.name))
        mark(label, role="muted")
        button.setAccessibleName(f"Remove {request.path.parent.name} from the queue")
        button.setToolTip("Do not train this; its run can be started later from Runs")
        button.clicked.connect(lambda: self.withdraw_asked.emit(request))
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label, 1)
        row.addWidget(button)
        return line

    def _lay_out(self) -> None:
        mark(self._status, role="muted")
        mark(self._trouble, role="failure")
        self._trouble.hide()
        self._bar.setTextVisible(False)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addWidget(self._bar, 1)
        for button in self._buttons.values():
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE // 2)
        column.addWidget(self._trouble)
        column.addWidget(self._status)
        column.addLayout(row)
        column.addLayout(self._queue)
