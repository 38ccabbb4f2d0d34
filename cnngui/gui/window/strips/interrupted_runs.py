"""Offers, after the start, to go on with trainings that were interrupted or waited when the program ended."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from cnngui.core.errors import UserError
from cnngui.core.progress import ShouldStop
from cnngui.core.runs.library import ListedRun, Status, list_runs
from cnngui.core.sentences import counted
from cnngui.gui.common.strips.result_strip import Choice
from cnngui.gui.window.strips.interrupted_strip import InterruptedStrip


class InterruptedRuns(InterruptedStrip):
    """continue_asked: a ListedRun. show_runs: shows the place where all runs are."""

    def __init__(self, runs_dir: Path, show_runs: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(partial(_left, runs_dir), parent)
        self._show_runs = show_runs
        self._runs: Sequence[ListedRun] = ()

    @Slot()
    def look_again(self) -> None:
        """A run was renamed or deleted: look again if any are offered."""
        if self.isVisible():
            self.look()

    @Slot(object)
    def forget(self, run: ListedRun) -> None:
        """This one goes on already: do not offer it."""
        if self.isVisible():
            self.offer([each for each in self._runs if each.path != run.path])

    def offer(self, found: Sequence[ListedRun]) -> None:
        """Offer all, in the order in which they were started."""
        self._runs = found
        if not found:
            self.hide()
            return
        newest, *others = found
        heading = f"{len(found):,} trainings were interrupted" if others else "A training was interrupted"
        text = f"The newest: {_in_words(newest)}" if others else _in_words(newest)
        go_on = Choice("Continue all" if others else "Continue", lambda: self.go_on_with(found[::-1]))
        self.show_offer(heading, text, [go_on, Choice("Show", self._show)])

    def _show(self) -> None:
        self.hide()
        self._show_runs()


def _left(folder: Path, should_stop: ShouldStop) -> tuple[ListedRun, ...]:
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
