"""One trial: a training like all others, which ends early where it is no better than the others were by then."""

import platform
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cnngui.core.answers.classifier import Classifier
from cnngui.core.data.datasets import RawData
from cnngui.core.device import Devices
from cnngui.core.errors import Diverged, Stopped, UserError
from cnngui.core.names import as_name
from cnngui.core.progress import DataNotes, EpochResult, LeftOut, Report, Reported, ShouldStop
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.runs.folder import MODEL, RECORD
from cnngui.core.runs.lock import is_written
from cnngui.core.runs.record import Phase
from cnngui.core.search.control import SearchControl
from cnngui.core.search.plan import Aim, Plan
from cnngui.core.search.suggestion import suggested
from cnngui.core.search.trials import COMPUTER, MILLISECONDS, REASON, RUN, STEPS, WORKER, run_name, shown_number
from cnngui.core.training.control import Control
from cnngui.core.training.job import Job, JobResult, continued, run

if TYPE_CHECKING:
    from optuna import Trial

ANSWERS = 50  # pictures that are answered, one by one, to measure the time of an answer
MOST_NAME = 100  # letters of the name of the search, in those of the runs


@dataclass(frozen=True, eq=False)
class Trials:
    """What all trials of a search have in common where they are trained.

    folder: the search's. name: of the study. source, data_dir: the data, as in ``Job``; raw: the same, read.
    worker: the name by which the worker finds its own trials again. devices: what to compute on.
    """

    plan: Plan
    folder: Path
    name: str
    source: str
    data_dir: Path | None
    raw: RawData
    worker: str
    devices: Devices


class Objective:
    """Trains a trial, and gives its validation accuracy, 0–1, and the milliseconds of an answer if the plan wants them.

    begun: is called when the trial's values are known. reason: why the last trial failed, or "".
    """

    def __init__(
        self,
        trials: Trials,
        control: SearchControl,
        progress: Report,
        should_stop: ShouldStop,
        begun: Callable[[], None],
    ) -> None:
        self._trials, self._control, self._progress = trials, control, progress
        self._should_stop, self._begun = should_stop, begun
        self.reason = ""

    def __call__(self, trial: "Trial") -> float | tuple[float, float]:
        """Train it. Raises TrialPruned, Stopped, UserError if it fails, and what the storage raises."""
        from optuna import TrialPruned

        trial.set_user_attr(COMPUTER, platform.node())
        trial.set_user_attr(WORKER, self._trials.worker)
        control = self._control.begin(self._should_stop)
        if self._should_stop():
            raise Stopped
        try:
            job = self._job(trial, suggested(trial, self._trials.plan))
            self._begun()
            watch = _Watch(trial, job.recipe, self._trials.plan.prunes, self._should_stop, control)
            result = run(
                job,
                self._trials.raw,
                progress=lambda value: self._report(value, watch),
                should_stop=watch.should_stop,
                control=control,
            )
        except Stopped:
            if watch.is_pruned:
                raise TrialPruned from None
            raise
        except UserError as error:
            trial.set_user_attr(REASON, str(error))
            if isinstance(error, Diverged):  # what leads there is not worth another try
                raise TrialPruned from error
            self.reason = str(error)
            raise
        return self._values(trial, result)

    def _report(self, value: Reported, watch: "_Watch") -> None:
        if not isinstance(value, DataNotes | LeftOut):  # the same for all trials
            self._progress(value)
        if isinstance(value, EpochResult):
            watch.see(value)

    def _job(self, trial: "Trial", recipe: Recipe) -> Job:
        """The trial's training, from its checkpoint on if this folder has it.

        A worker that was suspended for so long that others took it for dead still holds its run: that stays as it is.
        """
        here, begun = self._trials, run_name(trial.user_attrs.get(RUN, ""))
        if begun and (here.folder / begun / RECORD).exists() and not is_written(here.folder / begun):
            with suppress(UserError):  # otherwise it begins anew
                job = continued(here.folder / begun, source=here.source, data_dir=here.data_dir)
                if job.recipe == recipe:
                    return replace(job, tests=False, devices=here.devices)
        number = shown_number(trial.study, trial)
        name = f"{as_name(here.name, MOST_NAME)}-{number:04}"
        if is_written(here.folder / name):
            name += f"-{trial.number}"
        trial.set_user_attr(RUN, name)
        return Job(here.source, recipe, here.folder / name / MODEL, here.data_dir, tests=False, devices=here.devices)

    def _values(self, trial: "Trial", result: JobResult) -> float | tuple[float, float]:
        training = result.card.training
        assert training is not None  # it was just trained
        accuracy = training.validation_accuracy
        accuracy = training.history[-1].val_accuracy if accuracy is None else accuracy
        if self._trials.plan.aim == Aim.ACCURACY:
            return accuracy
        milliseconds = answer_milliseconds(Classifier.load(result.path))
        trial.set_user_attr(MILLISECONDS, milliseconds)
        return accuracy, milliseconds


class _Watch:
    """Tells the trial how accurate its training is, and ends it where it is to be pruned.

    is_pruned: whether it is. control: the training's.
    """

    def __init__(self, trial: "Trial", recipe: Recipe, prunes: bool, should_stop: ShouldStop, control: Control) -> None:
        self._trial, self._recipe, self._prunes, self._should_stop = trial, recipe, prunes, should_stop
        self._step = 0
        self._is_taken = False  # by another worker, who has taken this one for dead
        self.control = control
        self.is_pruned = False
        control.leave(Phase.STOPPED)  # to be continued

    def should_stop(self) -> bool:
        """Whether the training is to end."""
        return self.is_pruned or self._is_taken or self._should_stop()

    def see(self, result: EpochResult) -> None:
        """Report the epoch if it completes another tenth of the training.

        Trainings of different lengths are compared after the same fraction of their epochs.
        """
        from optuna.exceptions import UpdateFinishedTrialError

        epochs = self._recipe.optimization.epochs
        step = STEPS * result.epoch // epochs
        if step <= self._step or len(self._trial.study.directions) > 1:  # Optuna notes nothing then
            return
        self._step = step
        try:
            self._trial.report(result.val_accuracy, step)
        except UpdateFinishedTrialError:
            self._is_taken = True
            return
        if self._prunes and result.epoch < epochs and self._trial.should_prune():
            self.is_pruned = True
            self.control.leave(Phase.PRUNED)


def answer_milliseconds(classifier: Classifier) -> float:
    """The median time of the answer for one picture, in milliseconds."""
    picture = np.zeros((1, *classifier.image_size, 3), np.uint8)
    classifier.look(picture)
    seconds = []
    for _ in range(ANSWERS):
        began = time.perf_counter()
        classifier.look(picture)
        seconds.append(time.perf_counter() - began)
    return 1000 * float(np.median(seconds))
