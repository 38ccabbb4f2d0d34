"""Offers, after the start, to go on with trainings that were interrupted or waited when the program ended."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnngui.core.errors import UserError
from cnngui.core.progress import ShouldStop
from cnngui.core.runs.library import ListedRun, Status, list_runs
from cnngui.core.sentences import counted
from cnngui.gui.common.result_strip import Choice, ResultStrip
from cnngui.gui.common.style import SPACE
from cnngui.gui.common.worker import Deliver, LatestTask


class InterruptedStrip(QWidget):
    """Hidden until such runs are found. continue_asked: a ListedRun. show_runs: shows the place where all runs are."""

    continue_asked = Signal(object)

    def __init__(self, runs_dir: Path, show_runs: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs_dir, self._show_runs = runs_dir, show_runs
        self._strip, self._task = ResultStrip(), LatestTask(self)
        self._has_looked = False
        self._runs: tuple[ListedRun, ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 0, 2 * SPACE, 2 * SPACE)
        column.addWidget(self._strip)
        self.hide()

    @Slot()
    def look_once(self) -> None:
        """Look for them beside the window, the first time that this is called."""
        if not self._has_looked:
            self._has_looked = True
            self._look()

    @Slot()
    def look_again(self) -> None:
        """A run was renamed or deleted: look again if any are offered."""
        if self.isVisible():
            self._look()

    @Slot(object)
    def forget(self, run: ListedRun) -> None:
        """This one goes on already: do not offer it."""
        if self.isVisible():
            self._offer(tuple(each for each in self._runs if each.path != run.path))

    def _look(self) -> None:
        folder = self._runs_dir
        self._task.do(lambda _report, should_stop: _left(folder, _report, should_stop), self._offer)

    def stop(self) -> None:
        """Wait until nothing is being read."""
        self._task.stop()

    def _offer(self, runs: tuple[ListedRun, ...]) -> None:
        self._runs = runs
        if not runs:
            self.hide()
            return
        heading = "A training was interrupted" if len(runs) == 1 else f"{len(runs):,} trainings were interrupted"

        def go_on() -> None:
            self.hide()
            for run in reversed(runs):  # in the order in which they were started
                self.continue_asked.emit(run)

        def show() -> None:
            self.hide()
            self._show_runs()

        text = _in_words(runs[0]) if len(runs) == 1 else f"The newest: {_in_words(runs[0])}"
        choices = [
            Choice("Continue" if len(runs) == 1 else "Continue all", go_on),
            Choice("Show", show),
            Choice("Not now", self.hide),
        ]
        self._strip.show_result("stopped", heading, text, choices)
        self.show()


def _left(folder: Path, _report: Deliver, should_stop: ShouldStop) -> tuple[ListedRun, ...]:
    """The runs that can go on, the newest first."""
    try:
        found = list_runs(folder, with_trials=False, should_stop=should_stop)  # a search goes on as a whole
    except UserError:
        return ()  # the list of runs says why
    is_elsewhere = any(run.status == Status.RUNNING for run in found)  # what waits is in that window's queue
    offered = {Status.INTERRUPTED} if is_elsewhere else {Status.INTERRUPTED, Status.WAITING}
    left = [run for run in found if run.status in offered and run.can_continue and not run.notes.archived]
    return tuple(sorted(left, key=lambda run: run.name, reverse=True))


def _in_words(run: ListedRun) -> str:
    epochs = counted(run.recipe.optimization.epochs, "epoch") if run.recipe else "its epochs"
    if run.status == Status.WAITING:
        return f"“{run.name}” was queued for {epochs} and has not begun."
    if not run.has_checkpoint:
        return f"“{run.name}” was interrupted before its first checkpoint. It begins anew."
    return f"“{run.name}” had {len(run.history):,} of {epochs}. It goes on exactly from its newest checkpoint."
