"""Trains once more on classes that were mended, and sets the run beside the one before."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from cnngui.core.data.datasets import resolved
from cnngui.core.progress import ShouldStop
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.runs.again import last_run_on, recipe_again, run_before
from cnngui.core.runs.library import list_runs
from cnngui.core.training.job import JobResult
from cnngui.gui.common.strips.offer_strip import Suggestion
from cnngui.gui.common.worker import Deliver, LatestTask
from cnngui.gui.train.phases import Ending
from cnngui.gui.window.ways import Ways


class Again(QObject):
    """suggested: a Suggestion to compare a run that has ended with the one that it began with."""

    suggested = Signal(object)

    def __init__(self, ways: Ways, runs_dir: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._ways, self._runs_dir = ways, runs_dir
        self._task = LatestTask(self)
        self._before: dict[str, Path] = {}  # the model of the run that was mended, by its data

    @Slot(object)
    def train(self, folder: Path) -> None:
        """Prepare a training on this folder that begins with the model of the last run on it, or with a backbone."""
        self._ways.train_on(folder)

        def work(_report: Deliver, should_stop: ShouldStop) -> tuple[Recipe, str, Path | None]:
            run = last_run_on(folder, list_runs(self._runs_dir, with_trials=False, should_stop=should_stop))
            return recipe_again(run), resolved(str(folder)), run.path if run is not None else None

        def take(found: tuple[Recipe, str, Path | None]) -> None:
            recipe, source, before = found
            if before is not None:
                self._before[source] = before
            self._ways.train_with(folder, recipe)

        self._task.do(work, take)

    @Slot(object)
    def offer(self, ending: Ending) -> None:
        """If it was a training once more, or has begun with the model of another run, offer to compare the two."""
        training = ending.card.training if isinstance(ending, JobResult) else None
        before = self._before.pop(training.source, run_before(training.recipe)) if training is not None else None
        if isinstance(ending, JobResult) and before is not None:
            after = ending.path
            text = f"{after.parent.name} follows {before.parent.name}."
            tip = "Show the curves and the settings of both"
            compare = partial(self._ways.compare, (before, after))
            self.suggested.emit(Suggestion(text, "Compare with the run before", tip, compare))

    def stop(self) -> None:
        """Wait until nothing is read: the window closes."""
        self._task.stop()
