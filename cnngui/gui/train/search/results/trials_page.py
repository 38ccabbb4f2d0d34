"""All trials as a table."""

from PySide6.QtWidgets import QVBoxLayout

from cnngui.gui.train.search.results.page import Page
from cnngui.gui.train.search.results.state import ResultsState
from cnngui.gui.train.search.results.table import TrialTable


class TrialsPage(Page):
    """The table."""

    def __init__(self, state: ResultsState) -> None:
        super().__init__(state)
        self.table = TrialTable(state)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)

    def _update(self) -> None:
        self.table.show_standing()
