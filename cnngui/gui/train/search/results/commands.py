"""What the user can do with the trials of a search."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeySequence

from cnngui.core.names import as_name
from cnngui.core.runs.folder import MOST_LETTERS
from cnngui.core.search.trials import Trial
from cnngui.core.tables import write_table
from cnngui.gui.common.actions import Action
from cnngui.gui.common.saver import Saver
from cnngui.gui.train.search.results.columns import columns, file_rows
from cnngui.gui.train.search.results.state import ResultsState


class ResultCommands(QObject):
    """The commands, and when each of them is possible.

    recipe_chosen: the Recipe of a trial. run_chosen: the name of a trial's run.
    """

    recipe_chosen = Signal(object)
    run_chosen = Signal(str)

    def __init__(
        self,
        state: ResultsState,
        shown: Callable[[], Sequence[Trial]],
        as_text: Callable[[], str],
        saver: Saver,
        parent: QObject,
    ) -> None:
        """shown: the trials in the order of the table. as_text: those of them that are to be copied."""
        super().__init__(parent)
        self._state, self._shown, self._as_text, self._saver = state, shown, as_text, saver

    def use(self, trial: Trial | None) -> None:
        """Choose a trial's recipe."""
        if trial is not None and self._state.standing is not None:
            self.recipe_chosen.emit(self._state.standing.recipe(trial))

    def use_best(self) -> None:
        """Choose the best recipe."""
        self.use(self._state.best)

    def use_chosen(self) -> None:
        """Choose the recipe of the chosen trial."""
        self.use(self._state.trial)

    @Slot()
    def show_run(self) -> None:
        """Ask for the run of the chosen trial."""
        if self.has_run():
            assert self._state.trial is not None
            self.run_chosen.emit(self._state.trial.run)

    def copy(self) -> None:
        """Copy the selected trials, or all, as text."""
        QGuiApplication.clipboard().setText(self._as_text())

    def save(self) -> None:
        """Save all trials as a table, in their order on the screen."""
        standing = self._state.standing
        if standing is not None:
            rows = file_rows(columns(standing), self._shown())
            title, kind = "Save the trials", "Table (*.csv)"
            file = f"{as_name(standing.name, MOST_LETTERS)}-trials.csv"
            self._saver.save(title, file, kind, lambda path: write_table(rows, path))

    # Conditions

    def has_best(self) -> bool:
        """Whether a trial has finished."""
        return self._state.best is not None

    def has_chosen(self) -> bool:
        """Whether a trial is chosen."""
        return self._state.trial is not None

    def has_run(self) -> bool:
        """Whether a trial is chosen that has a run."""
        return self._state.trial is not None and bool(self._state.trial.run)

    def has_trials(self) -> bool:
        """Whether there are any trials."""
        return self._state.standing is not None and bool(self._state.standing.trials)


def table(commands: ResultCommands) -> list[Action]:
    """The actions, in the order of the table's menu."""
    return [
        Action(
            "use best",
            "Use as &recipe",
            commands.use_best,
            tip="Fill the form with the best trial’s recipe",
            enabled=commands.has_best,
        ),
        Action(
            "use",
            "Use its r&ecipe",
            commands.use_chosen,
            key="Ctrl+Return",
            other_keys=("Ctrl+Enter",),
            tip="Fill the form with this trial’s recipe",
            enabled=commands.has_chosen,
        ),
        Action(
            "show run",
            "Show its r&un",
            commands.show_run,
            key="Enter",
            other_keys=("Return",),
            tip="Show this trial among the runs",
            enabled=commands.has_run,
        ),
        Action(
            "copy",
            "&Copy",
            commands.copy,
            key=QKeySequence.StandardKey.Copy,
            tip="Copy the selected trials, or all, as text",
            enabled=commands.has_trials,
            separated=True,
        ),
        Action(
            "save",
            "&Save as CSV …",
            commands.save,
            tip="Save all trials as a table for spreadsheets",
            enabled=commands.has_trials,
        ),
    ]
