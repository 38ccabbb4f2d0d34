"""Searches on disk whose trials are noted, but were never trained."""

import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cnngui.core.recipes.presets import QUICK
from cnngui.core.runs.folder import SEARCH
from cnngui.core.runs.opening import new_record
from cnngui.core.runs.record import Phase, write_record
from cnngui.core.search.folder import SearchRecord, write_search
from cnngui.core.search.plan import Plan
from cnngui.core.search.space import usual
from cnngui.core.search.storage import connect, local
from cnngui.core.search.study import Study
from cnngui.core.search.suggestion import suggested
from cnngui.core.search.trials import RUN, WORKER, Standing

ID = "mine"
PATHS = ("optimization.learning_rate", "network.dropout")
PLAN = Plan(QUICK, {path: usual(path, QUICK) for path in PATHS})


def noted(folder: Path, accuracies: Sequence[float | None], plan: Plan = PLAN, id: str = ID) -> Standing:
    """Note a trial of each validation accuracy in the search in this folder, which is begun if it is not there.

    None is for a trial that is being trained.
    """
    folder.mkdir(parents=True, exist_ok=True)
    place = local(folder)
    with connect(place) as storage:
        study = Study(place, storage, folder.name)
        study.begin(plan, "digest", "Drawn shapes")
        opened = study.opened(plan, is_alone=True)
        for accuracy in accuracies:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # a heart beats only where Optuna itself trains
                trial = opened.ask()
            trial.set_user_attr(WORKER, f"{id}-1")
            trial.set_user_attr(RUN, f"{folder.name}-{trial.number + 1:04}")
            suggested(trial, plan)
            if accuracy is not None:
                opened.tell(trial, accuracy)
        standing = study.standing()
    if not (folder / SEARCH).exists():
        write_search(folder, SearchRecord(id, folder.name, "shapes"))
    return standing


def end_running(folder: Path, accuracy: float) -> Standing:
    """The trial that is being trained in this folder ends with this validation accuracy."""
    from optuna.trial import TrialState

    place = local(folder)
    with connect(place) as storage:
        study = Study(place, storage, folder.name)
        (running,) = (each for each in study.frozen() if each.state == TrialState.RUNNING)
        study.opened(PLAN, is_alone=True).tell(running.number, accuracy)
        return study.standing()


def left(folder: Path, phase: Phase) -> Path:
    """The run of a trial, in this phase."""
    folder.mkdir(parents=True)
    write_record(folder, replace(new_record("shapes", "Drawn shapes", None, ()), phase=phase))
    return folder
