"""Buttons of which one is down, for a choice among a few."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget


class Switches(QWidget):
    """A button for each choice. The arrow keys move between them. chosen: the number of the new choice."""

    chosen = Signal(int)

    def __init__(self, name: str, titles: Sequence[str], tips: Sequence[str]) -> None:
        """tips: the tooltip of each button."""
        super().__init__()
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for number, (title, tip) in enumerate(zip(titles, tips, strict=True)):
            button = QPushButton(title, flat=True)
            button.setToolTip(tip)
            button.setCheckable(True)
            button.setAccessibleDescription(name)
            button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            self._group.addButton(button, number)
            row.addWidget(button)
        self._group.idToggled.connect(self._toggled)
        self._group.button(0).setChecked(True)

    @property
    def current(self) -> int:
        """The number of the choice."""
        return self._group.checkedId()

    def choose(self, number: int) -> None:
        """Choose this one."""
        self._group.button(number).setChecked(True)

    def button(self, number: int) -> QPushButton:
        """The button of a choice."""
        found = self._group.button(number)
        assert isinstance(found, QPushButton)
        return found

    @Slot(int, bool)
    def _toggled(self, number: int, is_down: bool) -> None:
        # Tab comes to the one that is down; Qt itself sees to that only once any of them has had the focus.
        policy = Qt.FocusPolicy.StrongFocus if is_down else Qt.FocusPolicy.ClickFocus
        self._group.button(number).setFocusPolicy(policy)
        if is_down:
            self.chosen.emit(number)
