"""A worker: it takes one trial of a study after the other, and leaves none behind."""

import math
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from filelock import FileLock, Timeout

from cnngui.core.errors import Stopped, UserError
from cnngui.core.progress import Report, ShouldStop
from cnngui.core.runs.folder import WORKER_LOCKS
from cnngui.core.search.control import SearchControl
from cnngui.core.search.folder import write_best
from cnngui.core.search.objective import Objective, Trials
from cnngui.core.search.storage import LOOK_SECONDS, PATIENCE_SECONDS, retry, told
from cnngui.core.search.study import Study
from cnngui.core.search.trials import COMPUTER, REASON, WORKER, Standing, State, spent

MOST_FAILURES = 3  # of trials one after the other; then the search ends, and says why the last one failed

Changed = Callable[[Standing], None]
"""Gets how a search stands, whenever that has changed."""


def nothing_changed(_standing: Standing) -> None:
    """The ``changed`` of a search that nobody follows."""


@dataclass(frozen=True)
class Budget:
    """When a search ends. seconds: of this folder's work on it, in all. trials: finished or pruned ones, everywhere."""

    seconds: float = math.inf
    trials: float = math.inf


@contextmanager
def slot(folder: Path) -> Iterator[int]:
    """The lowest number, from 1, that no other worker in the folder has during the block."""
    for number in count(1):
        lock = FileLock(folder / WORKER_LOCKS.replace("*", str(number)))
        try:
            lock.acquire(timeout=0)
        except Timeout:
            continue
        try:
            yield number
        finally:
            lock.release()
        return


class Worker:
    """Works on a study, whose data has the digest ``content``. trials: how its trials are trained here."""

    def __init__(self, study: Study, trials: Trials, content: str, budget: Budget, control: SearchControl) -> None:
        self._study, self._trials, self._content = study, trials, content
        self._budget, self._control = budget, control

    def work(self, *, progress: Report, should_stop: ShouldStop, changed: Changed) -> Standing:
        """Take trials until the budget is used up or ``should_stop`` returns true; returns how the search stands.

        Raises UserError as :func:`cnngui.core.search.search.search` does.
        """
        self._give_back()
        folder = self._trials.worker.rpartition("-")[0]
        until = time.monotonic() + self._budget.seconds - spent(self._study.standing().trials, folder)

        def is_over() -> bool:
            return should_stop() or time.monotonic() - self._control.paused_seconds >= until

        patience = PATIENCE_SECONDS if self._study.place.is_shared else 0.0  # no server comes back
        objective = Objective(self._trials, self._control, progress, is_over, lambda: self._show(changed))
        failures, failing_since = 0, math.inf
        while failures < MOST_FAILURES:
            try:
                if is_over() or len(self._study.standing().ended) >= self._budget.trials:
                    return self._study.standing()
                failures = 0 if self._take(objective) else failures + 1
                self._give_back()
                self._tell(changed)
                failing_since = math.inf
            except UserError:  # of the storage or the folder: those of a trial stay with it
                failing_since = min(failing_since, time.monotonic())
                if is_over() or time.monotonic() - failing_since >= patience:
                    raise
                time.sleep(LOOK_SECONDS)
        raise UserError(f"{MOST_FAILURES} trials in a row failed. The last one: {objective.reason}")

    def _take(self, objective: Objective) -> bool:
        """Train one trial, or break it off; whether it did not fail."""
        self._study.check(self._trials.plan, self._content)
        others = any(trial.state == State.RUNNING for trial in self._study.standing().trials)
        is_alone = not others and not self._study.place.is_shared
        objective.reason = ""
        with told(self._study.place), suppress(Stopped), _unless_taken():
            self._study.opened(self._trials.plan, is_alone=is_alone).optimize(objective, n_trials=1, catch=(UserError,))
        return not objective.reason

    def _give_back(self) -> None:
        """Let each trial that this worker has begun and not ended be tried again, by whoever comes first.

        On another computer, a copy of the folder has workers of the same names.
        """
        from optuna.trial import TrialState

        found = self._study.frozen()
        again = {number for trial in found for number in trial.system_attrs.get("retry_history", ())}
        study = self._study.opened(self._trials.plan, is_alone=False)
        mine = self._trials.worker, platform.node()
        for trial in found:
            if (trial.user_attrs.get(WORKER), trial.user_attrs.get(COMPUTER)) != mine or trial.number in again:
                continue
            with told(self._study.place), _unless_taken():
                if trial.state == TrialState.RUNNING:
                    study.tell(trial.number, state=TrialState.FAIL)
                elif trial.state != TrialState.FAIL or REASON in trial.user_attrs:
                    continue
                retry(study, trial)

    def _show(self, changed: Changed) -> None:
        with suppress(UserError):  # of the storage; the next access tells it
            changed(self._study.standing())

    def _tell(self, changed: Changed) -> None:
        standing = self._study.standing()
        if standing.best is not None:
            write_best(self._trials.folder, standing.recipe(standing.best))
        changed(standing)


@contextmanager
def _unless_taken() -> Iterator[None]:
    """Leave a trial to another worker who has taken this one for dead, as after a night in which the computer slept."""
    from optuna.exceptions import UpdateFinishedTrialError

    try:
        yield
    except (UpdateFinishedTrialError, ValueError) as error:
        if isinstance(error, ValueError) and not str(error).startswith("Cannot tell"):  # Optuna's, of an ended trial
            raise
