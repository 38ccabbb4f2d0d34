"""The buttons that answer a question."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cnngui.gui.classes.audit.question import EXCLUDE, KEEP, MEND
from cnngui.gui.classes.audit.state import MOST_NUMBERED
from cnngui.gui.common.actions import Actions, follow
from cnngui.gui.common.style import SPACE, mark

OTHER, ALL = "other", "all"
COLUMNS = 3  # of those with numbers


def action_name(answer: str) -> str:
    """The name of the action that gives this answer, such as "mend", or "1" for one with a number."""
    return f"answer {answer}"


class AnswerButtons(QWidget):
    """A button for each answer that the question in view has. They follow the actions of the window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._numbered = {str(number): QPushButton() for number in range(1, MOST_NUMBERED + 1)}
        self._others = {name: QPushButton() for name in (ALL, OTHER, EXCLUDE, KEEP, MEND)}
        mark(self._others[MEND], kind="primary")
        grid = QGridLayout()
        grid.setSpacing(SPACE)
        for number, button in enumerate(self._numbered.values()):
            grid.addWidget(button, *divmod(number, COLUMNS))
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addStretch(1)
        for button in self._others.values():
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addLayout(grid)
        column.addLayout(row)

    def use_actions(self, actions: Actions) -> None:
        """Do what the window's actions do."""
        for name, button in (self._numbered | self._others).items():
            action = actions[action_name(name)]
            follow(button, action, text=True)
            action.changed.connect(self._show_possible)
        self._show_possible()

    @Slot()
    def _show_possible(self) -> None:
        """Hide the answers that the question does not have."""
        for button in (self._numbered | self._others).values():
            button.setVisible(button.isEnabledTo(self))
