"""The card below the list of runs: their curves, their settings, and an overview of all runs."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from cnngui import paths
from cnngui.core.runs.library import ListedRun
from cnngui.core.sentences import counted
from cnngui.gui.common.labels.elided_label import ElidedLabel
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.common.switches import Switches
from cnngui.gui.runs.compare.comparison import Comparison, compare
from cnngui.gui.runs.compare.curves.curves_page import CurvesPage
from cnngui.gui.runs.compare.looks import MOST
from cnngui.gui.runs.compare.overview.overview_page import OverviewPage
from cnngui.gui.runs.compare.settings_page import SettingsPage

PAGES = ("Curves", "Settings", "Overview")
TIPS = ("The curves of the selected runs", "Their settings and results", "The settings of all runs and their accuracy")
EMPTY = "Select runs above to compare them."


class ComparePanel(QFrame):
    """Compares the selected runs. run_asked: the path of a run's model, when the user clicks it in the overview."""

    run_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, kind="card")
        self._comparison = Comparison()
        self._selected: Sequence[ListedRun] = ()
        self._all: Sequence[ListedRun] = ()
        self._tabs = Switches("Pages", PAGES, TIPS)
        self._pages, self._empty, self._left_out = QStackedWidget(), PlainLabel(EMPTY), ElidedLabel()
        self.curves, self.settings, self.overview = CurvesPage(), SettingsPage(), OverviewPage()
        self._lay_out()
        self._tabs.chosen.connect(self._show_page)
        self.overview.run_asked.connect(self.run_asked)
        self._show_page()

    def show_runs(self, selected: Sequence[ListedRun], all_runs: Sequence[ListedRun], baseline: Path | None) -> None:
        """Compare the selected runs, with the run at ``baseline`` if there is one, and show all in the overview."""
        self._selected = tuple(selected)
        # Nobody here has tried the shipped one. Of the trials of searches, which may be thousands, Train has plots.
        shipped = paths.shipped_model()
        self._all = tuple(run for run in all_runs if run.path != shipped and not run.search)
        self._comparison = compare(selected, all_runs, baseline)
        left = counted(self._comparison.left_out, "more run is", "more runs are")
        self._left_out.setText(f"{left} selected; only {MOST} can be told apart." if self._comparison.left_out else "")
        self._show_page()

    def stop(self) -> None:
        """Wait until nothing is being read: the window closes."""
        self.curves.stop()

    @Slot()
    def _show_page(self) -> None:
        """Show the chosen page; the others learn of the runs when they are shown."""
        page: QWidget = (self.curves, self.settings, self.overview)[self._tabs.current]
        if page is self.overview:
            self.overview.show_runs(self._all, [run.path for run in self._selected])
        elif not self._comparison.runs:
            page = self._empty
        elif page is self.settings:
            self.settings.show_runs(self._comparison)
        else:
            self.curves.show_runs(self._comparison)
        self._pages.setCurrentWidget(page)

    def _lay_out(self) -> None:
        for label in (self._empty, self._left_out):
            mark(label, role="muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._left_out.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for page in (self._empty, self.curves, self.settings, self.overview):
            self._pages.addWidget(page)
        top = QHBoxLayout()
        top.addWidget(self._tabs)
        top.addWidget(self._left_out, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, SPACE)
        column.setSpacing(SPACE)
        column.addLayout(top)
        column.addWidget(self._pages, 1)
