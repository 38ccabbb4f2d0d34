"""What the strips above the status line have in common."""

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnngui.gui.common.strips.result_strip import Choice, Kind, ResultStrip
from cnngui.gui.common.style import SPACE


class PaddedStrip(QWidget):
    """A result strip with room around it. Hidden until there is something to show."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strip = ResultStrip()
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 0, 2 * SPACE, 2 * SPACE)
        column.addWidget(self._strip)
        self.hide()

    def show_result(self, kind: Kind, heading: str, text: str, choices: Sequence[Choice]) -> None:
        """Show a heading, a sentence and a button for each choice."""
        self._strip.show_result(kind, heading, text, choices)
        self.show()
