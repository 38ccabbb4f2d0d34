"""What has come of a search, beside the form: in words, as plots and as a table."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from cnngui.core.search.plan import Aim
from cnngui.core.search.trials import Standing
from cnngui.gui.common.actions import Actions, follow
from cnngui.gui.common.labels.elided_label import ElidedLabel
from cnngui.gui.common.saver import Saver
from cnngui.gui.common.settings import Settings
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.common.switches import Switches
from cnngui.gui.train.search.results.chosen import Chosen
from cnngui.gui.train.search.results.commands import ResultCommands, table
from cnngui.gui.train.search.results.importance_page import ImportancePage
from cnngui.gui.train.search.results.plot_page import PlotPage
from cnngui.gui.train.search.results.settings_page import SettingsPage
from cnngui.gui.train.search.results.state import ResultsState
from cnngui.gui.train.search.results.summary import Summary
from cnngui.gui.train.search.results.trials_page import TrialsPage

PROGRESS, FRONT = "Progress", "Front"
TITLES = (PROGRESS, "Trials", "Settings", "Importance")
TIPS = (
    "The best so far against time or, with two aims, the time of an answer against the accuracy",
    "All trials in a table",
    "What the settings of the finished trials do to the accuracy",
    "How much each setting matters",
)


class SearchResults(QWidget):
    """The best trial in words, and four pages of which one is in view. A trial that is chosen is marked in all of them.

    recipe_chosen: the Recipe of the best or the chosen trial. run_chosen: the name of the folder of a trial's run.
    """

    recipe_chosen = Signal(object)
    run_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state, self._saver = ResultsState(self), Saver(Settings(), self)
        self._summary, self._chosen = Summary(self._state), Chosen(self._state)
        self._notice, self._save = ElidedLabel(), QPushButton()
        self._plot, self._trials = PlotPage(self._state), TrialsPage(self._state)
        self._settings, self._importance = SettingsPage(self._state), ImportancePage(self._state)
        self._tabs, self._pages = Switches("Pages", TITLES, TIPS), QStackedWidget()
        rows = self._trials.table
        self._commands = ResultCommands(self._state, lambda: rows.rows.trials, rows.as_text, self._saver, self)
        self._actions = Actions(table(self._commands), self, rows)
        self._lay_out()
        self._connect()

    def show_standing(self, standing: Standing, importances: Mapping[str, float]) -> None:
        """Show how a search stands. importances: the share of each setting, by its path, 0–1; the largest first."""
        self._state.show(standing, importances)

    def clear(self) -> None:
        """Show no search."""
        self._notice.clear()
        self._state.show(None, {})

    def stop(self) -> None:
        """Wait until a file that is being saved is written: the window closes."""
        self._saver.stop()

    @Slot()
    def _show_standing(self) -> None:
        standing = self._state.standing
        is_front = standing is not None and standing.plan.aim == Aim.BOTH
        self._tabs.button(0).setText(FRONT if is_front else PROGRESS)
        self._actions.refresh()

    def _connect(self) -> None:
        self._state.changed.connect(self._show_standing)
        self._state.chosen.connect(self._actions.refresh)
        self._tabs.chosen.connect(self._pages.setCurrentIndex)
        self._commands.recipe_chosen.connect(self.recipe_chosen)
        self._commands.run_chosen.connect(self.run_chosen)
        self._trials.table.used.connect(self._commands.show_run)
        self._plot.asked.connect(self._commands.show_run)
        self._saver.notice.connect(self._notice.setText)

    def _lay_out(self) -> None:
        follow(self._summary.button, self._actions["use best"], text=True)
        follow(self._save, self._actions["save"], text=True)
        self._chosen.use_actions(self._actions)
        mark(self._notice, role="muted")
        self._notice.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for page in (self._plot, self._trials, self._settings, self._importance):
            self._pages.addWidget(page)
        above = QHBoxLayout()
        above.setSpacing(SPACE)
        above.addWidget(self._tabs)
        above.addWidget(self._notice, 1)
        below = QHBoxLayout()  # where there is room for one more button, also in a narrow window
        below.setSpacing(SPACE)
        below.addWidget(self._chosen, 1)
        below.addWidget(self._save, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addWidget(self._summary)
        column.addLayout(above)
        column.addWidget(self._pages, 1)
        column.addLayout(below)
