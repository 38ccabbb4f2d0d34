"""The card below the list of runs: their curves, their settings, and an overview of all runs."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QLabel, QStackedWidget, QVBoxLayout, QWidget

from cnngui.core.runs.library import ListedRun
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.runs.compare.comparison import compare
from cnngui.gui.runs.compare.curves_page import CurvesPage
from cnngui.gui.runs.compare.overview_page import OverviewPage
from cnngui.gui.runs.compare.settings_page import SettingsPage
from cnngui.gui.runs.compare.switches import Switches

EMPTY = "Select runs above to compare them."
CURVES, SETTINGS, OVERVIEW = range(3)


class ComparePanel(QFrame):
    """Compares the selected runs. run_asked: the path of a run's model, when the user clicks it in the overview."""

    run_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, kind="card")
        self._is_empty = True
        self._tabs = Switches("Pages", ("Curves", "Settings", "Overview"))
        self._pages, self._empty = QStackedWidget(), QLabel(EMPTY)
        self.curves, self.settings, self.overview = CurvesPage(), SettingsPage(), OverviewPage()
        self._lay_out()
        self._tabs.chosen.connect(self._show_page)
        self.overview.run_asked.connect(self.run_asked)
        self._show_page()

    def show_runs(self, selected: Sequence[ListedRun], all_runs: Sequence[ListedRun], baseline: Path | None) -> None:
        """Compare the selected runs, with the run at ``baseline`` if there is one, and show all in the overview."""
        comparison = compare(selected, all_runs, baseline)
        self._is_empty = not comparison.runs
        self.curves.show_runs(comparison)
        self.settings.show_runs(comparison)
        self.overview.show_runs(all_runs, [run.path for run in selected])
        self._show_page()

    def stop(self) -> None:
        """Wait until nothing is being read: the window closes."""
        self.curves.stop()

    @Slot()
    def _show_page(self) -> None:
        page = (self.curves, self.settings, self.overview)[self._tabs.current]
        self._pages.setCurrentWidget(self._empty if self._is_empty and page is not self.overview else page)

    def _lay_out(self) -> None:
        mark(self._empty, role="muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for page in (self._empty, self.curves, self.settings, self.overview):
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, SPACE)
        column.setSpacing(SPACE)
        column.addWidget(self._tabs, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._pages, 1)
