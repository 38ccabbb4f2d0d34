"""The study of a search in its storage: begun by the first worker, joined by all others."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cnngui.core.errors import UserError
from cnngui.core.json_values import DAMAGE, text
from cnngui.core.recipes.setting import SettingError
from cnngui.core.search import trials
from cnngui.core.search.plan import Aim, Plan, Pruner, Sampler, differences
from cnngui.core.search.storage import Place, told, without_warnings
from cnngui.core.search.trials import STEPS, Standing

if TYPE_CHECKING:
    import optuna
    from optuna.storages import RDBStorage
    from optuna.trial import FrozenTrial

PLAN, CONTENT, DATA = "plan", "content", "data"  # what the storage notes of a study
CREATION_SECONDS = 5.0  # whoever creates a study needs a fraction of it, unless it is killed just then
LOOK_SECONDS = 0.1
STARTUP_TRIALS = 4  # the recipe itself and some at random; 3 to 5 find most in 8 to 30 (benchmarks/sampler_startup.py)
LEAST_COMPARED = 4  # finished trials, before the median prunes
WARM_UP_STEPS = 2  # of the steps of a training, in which the median prunes nothing


class Study:
    """A study that is open. All methods raise UserError if its storage fails."""

    def __init__(self, place: Place, storage: "RDBStorage", name: str) -> None:
        self.place, self.name = place, name
        self._storage = storage
        self._study: optuna.Study | None = None  # one for all readings: it remembers the trials that have ended

    def begin(self, plan: Plan, content: str, data: str) -> None:
        """Begin the study, or join it if another worker has begun it.

        content: the digest of the data. data: its title.
        Raises UserError if it is there and is another search, or one on other data.
        """
        with told(self.place):
            study = self._created(plan)
            if study is not None:
                study.set_user_attr(CONTENT, content)
                study.set_user_attr(DATA, data)
                study.set_user_attr(PLAN, plan.to_dict())  # last: whoever finds it finds the others
                study.enqueue_trial(_own_values(plan))
        self.check(plan, content)

    def _created(self, plan: Plan) -> "optuna.Study | None":
        """The study if this worker is to begin it, else None."""
        import optuna

        directions = [optuna.study.StudyDirection.MAXIMIZE]
        if plan.aim == Aim.BOTH:
            directions.append(optuna.study.StudyDirection.MINIMIZE)
        try:
            return optuna.create_study(study_name=self.name, storage=self._storage, directions=directions)
        except optuna.exceptions.DuplicatedStudyError:
            if self._is_begun():
                return None
        study = self._loaded()
        if study.directions != directions or study.trials:
            raise UserError(self._other("aim"))
        return study

    def _is_begun(self) -> bool:
        """Whether whoever created the study has noted what it is, or does so within some seconds."""
        until = time.monotonic() + CREATION_SECONDS
        while PLAN not in self._attributes():
            if time.monotonic() > until:
                return False
            time.sleep(LOOK_SECONDS)
        return True

    def check(self, plan: Plan, content: str) -> None:
        """Raise UserError unless the study is this search, on this data."""
        other = differences(plan, self.plan())
        if other:
            raise UserError(self._other(other))
        if self._attributes().get(CONTENT) != content:
            raise UserError(
                f"The search “{self.name}” is on other data than these, so this worker does not join it. "
                "Copy the data from where it began, or begin a search of another name."
            )

    def plan(self) -> Plan:
        """The search's plan."""
        attributes = self._attributes()
        if PLAN not in attributes:
            raise UserError(f"“{self.name}” in {self.place.shown} is not a search of cnngui. Choose another name.")
        return Plan.from_dict(attributes[PLAN])

    def standing(self) -> Standing:
        """What has come of it so far."""
        plan = self.plan()
        with _legible(self.place):
            found = trials.shown(self.frozen(), plan)
            return Standing(self.name, plan, text(self._attributes().get(DATA, "")), found)

    def frozen(self) -> "list[FrozenTrial]":
        """All trials as the storage has them, also those that were tried again."""
        with told(self.place), _legible(self.place):
            return self._loaded().get_trials(deepcopy=False)

    def opened(self, plan: Plan, *, is_alone: bool) -> "optuna.Study":
        """The study for a worker. is_alone: whether no other one works on it, so that its values can be repeated."""
        with told(self.place):
            study = self._loaded()
            study.sampler = _sampler(plan, len(self.frozen()) if is_alone else None)
            study.pruner = pruner_of(plan.pruner if plan.prunes else Pruner.NONE)
            return study

    def _loaded(self) -> "optuna.Study":
        """The study. Raises KeyError if there is none of its name."""
        import optuna

        if self._study is None:
            self._study = optuna.load_study(study_name=self.name, storage=self._storage)
        return self._study

    def _attributes(self) -> dict[str, object]:
        with told(self.place), _legible(self.place):
            try:
                return self._loaded().user_attrs
            except KeyError:
                raise UserError(
                    f"There is no search “{self.name}” in {self.place.shown}. Check its name, or begin it."
                ) from None

    def _other(self, what: str) -> str:
        return (
            f"There is already a search “{self.name}” that differs from this one ({what}). "
            "Give the same settings to go on with it, or begin a search of another name."
        )


@dataclass(frozen=True)
class Named:
    """A search in a storage. began: when, in the local time; None if it has no trial yet."""

    name: str
    data: str
    began: datetime | None


def searches(place: Place, storage: "RDBStorage") -> tuple[Named, ...]:
    """The searches in a storage, the latest first. Raises UserError if it fails."""
    import optuna

    with told(place), _legible(place):
        found = optuna.get_all_study_summaries(storage)
    ours = [
        Named(each.study_name, str(each.user_attrs.get(DATA, "")), each.datetime_start)
        for each in found
        if PLAN in each.user_attrs
    ]
    earliest = datetime.fromtimestamp(0, UTC).replace(tzinfo=None)
    return tuple(sorted(ours, key=lambda each: each.began or earliest, reverse=True))


@contextmanager
def _legible(place: Place) -> Iterator[None]:
    """Inside the block, what was read and cannot be a search's is a UserError; a storage may come from anyone."""
    try:
        yield
    except (*DAMAGE, LookupError, SettingError) as error:
        raise UserError(f"The search in {place.shown} is damaged. Begin a new one.") from error


def _own_values(plan: Plan) -> dict[str, object]:
    """The recipe's own values, where the search may try them."""
    from cnngui.core.search.suggestion import contains

    own = {path: plan.recipe.value(path) for path in plan.space}
    return {path: value for path, value in own.items() if contains(plan.space[path], value)}


def _sampler(plan: Plan, seed: int | None) -> "optuna.samplers.BaseSampler":
    from optuna.samplers import RandomSampler, TPESampler

    if seed is not None:
        seed = (plan.recipe.seed + seed) % 2**32
    if plan.sampler == Sampler.RANDOM:
        return RandomSampler(seed)
    with without_warnings():  # of "multivariate", which Optuna calls experimental
        return TPESampler(
            n_startup_trials=STARTUP_TRIALS,
            multivariate=True,
            constant_liar=True,  # so that workers side by side do not try the same
            seed=seed,
        )


def pruner_of(pruner: Pruner) -> "optuna.pruners.BasePruner":
    """Optuna's pruner, for trials that report after each tenth of their epochs."""
    from optuna.pruners import HyperbandPruner, MedianPruner, NopPruner

    match pruner:
        case Pruner.HYPERBAND:
            return HyperbandPruner(min_resource=1, max_resource=STEPS, reduction_factor=3)
        case Pruner.MEDIAN:
            return MedianPruner(n_startup_trials=LEAST_COMPARED, n_warmup_steps=WARM_UP_STEPS)
    return NopPruner()
