"""The page with the table of settings."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.runs.compare.comparison import Comparison
from cnngui.gui.runs.compare.settings_table import SettingsTable


class SettingsPage(QWidget):
    """The table, and a switch for the rows in which all runs are alike."""

    def __init__(self) -> None:
        super().__init__()
        self._comparison = Comparison()
        self.table = SettingsTable()
        self._only = QCheckBox("Only what differs")
        self._hint = PlainLabel("Ctrl+C copies the table")
        mark(self._hint, role="muted")
        self._only.setChecked(True)
        self._only.toggled.connect(self._show)
        row = QHBoxLayout()
        row.addWidget(self._only)
        row.addStretch()
        row.addWidget(self._hint)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addLayout(row)
        column.addWidget(self.table, 1)

    def show_runs(self, comparison: Comparison) -> None:
        """Compare these runs."""
        self._comparison = comparison
        self._only.setEnabled(len(comparison.runs) > 1)
        self._show()

    @Slot()
    def _show(self) -> None:
        is_several = len(self._comparison.runs) > 1
        self.table.show_runs(self._comparison, only_different=is_several and self._only.isChecked())
