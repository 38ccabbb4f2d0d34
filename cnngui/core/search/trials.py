"""The trials of a search, as they are shown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from cnngui.core import json_values
from cnngui.core.json_values import maybe, share, text
from cnngui.core.recipes.recipe import SETTINGS, Recipe
from cnngui.core.recipes.setting import Value
from cnngui.core.search.plan import Aim, Plan
from cnngui.core.search.suggestion import readable

if TYPE_CHECKING:
    from optuna import Study
    from optuna import Trial as OptunaTrial
    from optuna.trial import FrozenTrial

STEPS = 10  # parts of a training after which its validation accuracy is noted
MOST_MILLISECONDS = 1e7

# What the storage notes of a trial besides its values.
WORKER, COMPUTER, RUN, MILLISECONDS, REASON = "worker", "computer", "run", "milliseconds", "reason"


class State(StrEnum):
    """How far a trial has come."""

    WAITING = "waiting"
    RUNNING = "running"
    FINISHED = "finished"
    PRUNED = "pruned"
    FAILED = "failed"


_RANKS = (State.FAILED, State.WAITING, State.RUNNING, State.PRUNED, State.FINISHED)


@dataclass(frozen=True)
class Trial:
    """A training with some values of the settings that vary.

    number: counted from 1; a trial that is tried again keeps its number.
    values: by the settings' paths, without those that have no effect beside the others.
    accuracy: on the validation images, 0–1, of the trained model or, until there is one, after the last part of its
        epochs; None before that. milliseconds: for the answer for a picture, if the search aims at that, too.
    curve: after which fractions of its epochs it had which accuracy.
    began, ended: in the computer's local time. worker: whose it is, by the worker's own name for itself. computer: the
        name of its computer. run: the name of its run's folder.
    reason: why it failed, or "".
    """

    number: int
    state: State
    values: dict[str, Value]
    accuracy: float | None = None
    milliseconds: float | None = None
    curve: tuple[tuple[float, float], ...] = ()
    began: datetime | None = None
    ended: datetime | None = None
    worker: str = ""
    computer: str = ""
    run: str = ""
    reason: str = ""

    @property
    def seconds(self) -> float | None:
        """How long it took; None before its end."""
        return (self.ended - self.began).total_seconds() if self.began and self.ended else None


@dataclass(frozen=True)
class Standing:
    """What has come of a search so far.

    name: the study's. data: the title of the data. trials: by their numbers.
    """

    name: str
    plan: Plan
    data: str
    trials: tuple[Trial, ...]

    @cached_property
    def finished(self) -> tuple[Trial, ...]:
        """The trials with a model."""
        return tuple(trial for trial in self.trials if trial.state == State.FINISHED and trial.accuracy is not None)

    @property
    def ended(self) -> tuple[Trial, ...]:
        """The trials that count against a budget: finished and pruned ones."""
        return tuple(trial for trial in self.trials if trial.state in (State.FINISHED, State.PRUNED))

    @cached_property
    def best(self) -> Trial | None:
        """The most accurate finished trial, of equal ones the first; None before one has finished."""
        return max(self.finished, key=lambda trial: trial.accuracy or 0.0, default=None)

    @cached_property
    def front(self) -> tuple[Trial, ...]:
        """The trials to choose from, by accuracy: no other one is more accurate and answers faster, too."""
        best = self.best
        if self.plan.aim == Aim.ACCURACY or best is None:
            return (best,) if best is not None else ()
        front: list[Trial] = []
        fastest = float("inf")
        for trial in sorted(self.finished, key=lambda each: (-(each.accuracy or 0), each.milliseconds or 0)):
            if trial.milliseconds is not None and trial.milliseconds < fastest:
                fastest = trial.milliseconds
                front.append(trial)
        return tuple(front)

    @cached_property
    def seconds(self) -> float:
        """For how long trials were trained, side by side or one after the other."""
        return worked(self.trials)

    def recipe(self, trial: Trial) -> Recipe:
        """The trial's recipe."""
        return self.plan.recipe_of(trial.values)

    @cached_property
    def over_time(self) -> tuple[tuple[float, Trial], ...]:
        """The finished trials in the order in which they ended, each after so many seconds of work."""
        moments = sorted((each.ended, each.number, each) for each in self.finished if each.began and each.ended)
        stretches, before, found = iter(_stretches(self.trials)), 0.0, []
        began = ended = datetime.min
        for moment, _, trial in moments:
            while ended < moment:
                before += (ended - began).total_seconds()
                began, ended = next(stretches)
            found.append((before + (moment - began).total_seconds(), trial))
        return tuple(found)

    def best_over_time(self) -> tuple[tuple[float, float], ...]:
        """The seconds of work after which each new best was there, and its accuracy, 0–1."""
        found, best = [], -1.0
        for seconds, trial in self.over_time:
            assert trial.accuracy is not None  # it has finished
            if trial.accuracy > best:
                best = trial.accuracy
                found.append((seconds, best))
        return tuple(found)


def worked(trials: Iterable[Trial]) -> float:
    """The seconds in which at least one of the trials was trained; those that failed do not count."""
    return sum(((ended - began).total_seconds() for began, ended in _stretches(trials)), 0.0)


def _stretches(trials: Iterable[Trial]) -> list[tuple[datetime, datetime]]:
    """The times in which at least one of the trials was trained, in order and apart."""
    found: list[tuple[datetime, datetime]] = []
    for began, ended in sorted(
        (trial.began, trial.ended)
        for trial in trials
        if trial.began and trial.ended and trial.state in (State.FINISHED, State.PRUNED)
    ):
        if found and began <= found[-1][1]:
            found[-1] = found[-1][0], max(ended, found[-1][1])
        else:
            found.append((began, ended))
    return found


def spent(trials: Iterable[Trial], folder: str) -> float:
    """The seconds that the workers of a folder have worked on trials. folder: its id."""
    return worked(trial for trial in trials if trial.worker.rpartition("-")[0] == folder)


def shown(found: "Sequence[FrozenTrial]", plan: Plan) -> tuple[Trial, ...]:
    """The trials of a storage. Of those that were tried again, only the last or best one counts.

    Raises one of :data:`cnngui.core.json_values.DAMAGE` or SettingError if they are not a search's.
    """
    numbers = _numbers(found)
    tries: dict[int, Trial] = {}
    for each in found:
        trial = _trial(each, plan, numbers[_first_try(each)])
        before = tries.get(trial.number)
        if before is None or _RANKS.index(trial.state) >= _RANKS.index(before.state):
            tries[trial.number] = trial
    return tuple(tries[number] for number in sorted(tries))


def shown_number(study: "Study", trial: "OptunaTrial") -> int:
    """The number by which a trial is shown."""
    found = study.get_trials(deepcopy=False)
    return _numbers(found)[_first_try(found[trial.number])]


def run_name(noted: object) -> str:
    """The name of a run's folder as the storage has it; "" if it would lead elsewhere. Raises as :func:`shown`."""
    name = text(noted)
    return name if name == Path(name).name and name != ".." else ""


def _numbers(found: "Sequence[FrozenTrial]") -> dict[int, int]:
    """The number by which each trial is shown, counted from 1, by that of its first try in the storage."""
    return {first: number for number, first in enumerate(sorted(set(map(_first_try, found))), 1)}


def _first_try(found: "FrozenTrial") -> int:
    first = found.system_attrs.get("failed_trial")
    return first if isinstance(first, int) else found.number


def _trial(found: "FrozenTrial", plan: Plan, number: int) -> Trial:
    from optuna.trial import TrialState

    states = {
        TrialState.WAITING: State.WAITING,
        TrialState.RUNNING: State.RUNNING,
        TrialState.COMPLETE: State.FINISHED,
        TrialState.PRUNED: State.PRUNED,
        TrialState.FAIL: State.FAILED,
    }
    curve = tuple((step / STEPS, share(value)) for step, value in sorted(found.intermediate_values.items()))
    accuracy = share(found.values[0]) if found.values else curve[-1][1] if curve else None
    attributes = found.user_attrs
    return Trial(
        number=number,
        state=states[found.state],
        values={
            path: readable(setting.checked(found.params[path], path), plan.space[path])
            for path, setting in SETTINGS.items()
            if path in plan.space and path in found.params
        },
        accuracy=accuracy,
        milliseconds=maybe(attributes.get(MILLISECONDS), lambda value: json_values.number(value, 0, MOST_MILLISECONDS)),
        curve=curve,
        began=found.datetime_start,
        ended=found.datetime_complete,
        worker=text(attributes.get(WORKER, "")),
        computer=text(attributes.get(COMPUTER, "")),
        run=run_name(attributes.get(RUN, "")),
        reason=text(attributes.get(REASON, ""), 10_000),
    )
