import json
import os
import platform
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import pytest

from cnngui.core.answers.classifier import Classifier
from cnngui.core.errors import Diverged, Stopped, UserError
from cnngui.core.models.card import read_card
from cnngui.core.progress import BatchProgress, EpochResult, Reported
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.recipes.setting import Range
from cnngui.core.recipes.toml_file import read_recipe
from cnngui.core.runs.checkpoint import checkpoints
from cnngui.core.runs.folder import MODEL
from cnngui.core.runs.history import read_epochs
from cnngui.core.runs.lock import writing
from cnngui.core.runs.record import Phase, read_record
from cnngui.core.search import objective, worker
from cnngui.core.search.control import SearchControl
from cnngui.core.search.folder import BEST, read_search
from cnngui.core.search.plan import Aim, Pruner, Request
from cnngui.core.search.search import Search, search
from cnngui.core.search.space import Choice
from cnngui.core.search.storage import connect, local, told
from cnngui.core.search.study import Study
from cnngui.core.search.trials import Standing, State
from cnngui.core.search.worker import Budget
from cnngui.core.training.job import Job, JobResult
from tests.searches import noted


def standing(what: Search) -> Standing:
    """How the search in a folder stands."""
    place = local(what.folder)
    with connect(place) as storage:
        return Study(place, storage, what.folder.name).standing()


def vary(what: Search, **others: object) -> Search:
    """The search with another request."""
    assert what.request is not None
    return replace(what, request=replace(what.request, **others))  # type: ignore[arg-type]


def test_its_trials_are_runs_with_models_that_have_not_seen_the_test(small: Search, tiny: Recipe) -> None:
    seen: list[Standing] = []
    found = search(small, changed=seen.append)
    assert [trial.state for trial in found.trials] == [State.FINISHED] * 2
    first, second = found.trials
    assert first.values == {"optimization.learning_rate": 0.3}  # the recipe itself
    assert second.values != first.values
    for trial in found.trials:
        folder = small.folder / trial.run
        record, card = read_record(folder), read_card(folder / MODEL)
        assert record is not None
        assert record.phase == Phase.FINISHED
        assert card is not None
        assert card.training is not None
        assert card.training.test_accuracy is None
        assert card.training.validation_accuracy == trial.accuracy
        assert card.training.recipe == tiny.changed(trial.values)
        assert len(read_epochs(folder)) == 2
    assert found.best is not None
    assert read_recipe(small.folder / BEST) == found.recipe(found.best)
    assert [sum(trial.state == State.RUNNING for trial in each.trials) for each in seen] == [1, 0, 1, 0]
    noted = read_search(small.folder)
    assert noted is not None
    assert (noted.name, noted.storage) == ("a search", "")


def test_the_same_search_has_nothing_left_to_do_and_more_trials_go_on(
    small: Search, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(objective, "run", _trained_to(lambda recipe: 0.5))
    found = search(small)
    assert search(small) == found
    more = search(replace(small, request=None, budget=Budget(trials=3)))
    assert more.trials[:2] == found.trials
    assert len(more.trials) == 3


def _trained_to(accuracy: Callable[[Recipe], float]) -> Callable[..., JobResult]:
    """A ``run`` that has an accuracy at once, and says so after each of ten epochs."""

    def run(
        job: Job,
        *_: object,
        progress: Callable[[Reported], None],
        should_stop: Callable[[], bool],
        **__: object,
    ) -> JobResult:
        for epoch in range(1, job.recipe.optimization.epochs + 1):
            if should_stop():
                raise Stopped
            progress(EpochResult(epoch, 1.0, 0.5, 1.0, accuracy(job.recipe), 1.0))
        training = _Training(accuracy(job.recipe))
        return JobResult(job.path, _Card(training), stopped=False, left_out=())  # type: ignore[arg-type]

    return run


class _Training:
    def __init__(self, accuracy: float) -> None:
        self.validation_accuracy = accuracy


class _Card:
    def __init__(self, training: _Training) -> None:
        self.training = training


def _by_dropout(recipe: Recipe) -> float:
    return 0.9 - recipe.network.dropout


@pytest.fixture
def dropout(small: Search, tiny: Recipe, monkeypatch: pytest.MonkeyPatch) -> Search:
    """Twenty trials, the better the less dropout they have."""
    monkeypatch.setattr(objective, "run", _trained_to(_by_dropout))
    longer = tiny.changed({"optimization.epochs": 10})
    request = Request(longer, {"network.dropout": Range(0.0, 0.8)}, fit=())
    return replace(small, request=request, budget=Budget(trials=20))


def test_it_finds_what_is_better_and_prunes_what_is_worse(dropout: Search) -> None:
    found = search(dropout)
    pruned = [trial for trial in found.trials if trial.state == State.PRUNED]
    assert found.best is not None
    assert found.best.values["network.dropout"] == 0
    assert len(pruned) >= 5
    finished = [trial.accuracy or 0 for trial in found.finished]
    assert sum(trial.accuracy or 0 for trial in pruned) / len(pruned) < sum(finished) / len(finished)
    assert all(trial.curve[-1][0] < 1 for trial in pruned)


@pytest.mark.parametrize(("pruner", "prunes"), [(Pruner.NONE, False), (Pruner.HYPERBAND, True)])
def test_pruners(dropout: Search, pruner: Pruner, prunes: bool) -> None:
    found = search(vary(dropout, pruner=pruner))
    assert any(trial.state == State.PRUNED for trial in found.trials) == prunes


def test_two_aims_are_measured_and_prune_nothing(dropout: Search, monkeypatch: pytest.MonkeyPatch) -> None:
    # In this module alone: a model that another opens meanwhile may be kept for all tests that follow.
    monkeypatch.setattr(objective, "Classifier", Mock())
    monkeypatch.setattr(objective, "answer_milliseconds", lambda _: 2.5)
    found = search(replace(vary(dropout, aim=Aim.BOTH), budget=Budget(trials=3)))
    assert [trial.milliseconds for trial in found.trials] == [2.5] * 3
    assert found.front == (found.best,)


def test_the_time_of_an_answer_is_measured(classifier: Classifier) -> None:
    assert 0.01 < objective.answer_milliseconds(classifier) < 1000


def test_a_pruned_training_keeps_its_curves_and_has_no_model(
    small: Search, tiny: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    from optuna import Trial

    monkeypatch.setattr(Trial, "should_prune", lambda self: True)
    calibrated: list[object] = []
    monkeypatch.setattr("cnngui.core.training.trained.Finishing.look", lambda *_: calibrated.append(1))
    found = search(replace(small, budget=Budget(trials=1)))
    folder = small.folder / found.trials[0].run
    record = read_record(folder)
    assert found.trials[0].state == State.PRUNED
    assert record is not None
    assert record.phase == Phase.PRUNED
    assert len(read_epochs(folder)) == 1
    assert len(checkpoints(folder)) == 1
    assert not (folder / MODEL).exists()
    assert not calibrated


def test_stopped_it_keeps_the_trial_and_goes_on_with_it(small: Search) -> None:
    heard: list[Reported] = []

    def is_in_second_epoch() -> bool:
        return any(isinstance(value, BatchProgress) and value.epoch == 2 for value in heard)

    broken = search(small, progress=heard.append, should_stop=is_in_second_epoch)
    assert [trial.state for trial in broken.trials] == [State.WAITING]
    folder = small.folder / broken.trials[0].run
    assert len(read_epochs(folder)) == 1
    batches: list[Reported] = []
    found = search(small, progress=batches.append)
    assert [trial.number for trial in found.trials] == [1, 2]
    assert [trial.state for trial in found.trials] == [State.FINISHED] * 2
    assert found.trials[0].run == folder.name
    first = next(value for value in batches if isinstance(value, BatchProgress))
    assert first.epoch == 2  # from its checkpoint
    assert {path.name for path in small.folder.iterdir() if path.is_dir()} == {trial.run for trial in found.trials}


def test_a_trial_that_another_worker_has_taken_ends_here(small: Search) -> None:
    """As after a night in which the computer slept."""
    import optuna

    place, heard = local(small.folder), []

    def take(value: Reported) -> None:
        heard.append(value)
        if isinstance(value, BatchProgress) and len(heard) > 3 and not taken:
            with connect(place) as storage:
                study = optuna.load_study(study_name="a search", storage=storage)
                taken.append(study.tell(0, state=optuna.trial.TrialState.FAIL))
                study.enqueue_trial({"optimization.learning_rate": 0.25})

    taken: list[object] = []
    found = search(replace(small, budget=Budget(trials=1)), progress=take)
    assert taken
    assert not any(isinstance(value, EpochResult) and value.epoch == 3 for value in heard)
    assert [trial.values["optimization.learning_rate"] for trial in found.ended] == [0.25]


def test_a_copy_of_the_folder_on_another_computer_leaves_its_trial_alone(
    dropout: Search, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def killed(*_: object, **__: object) -> JobResult:
        raise Killed

    with monkeypatch.context() as context:
        context.setattr(objective, "run", killed)
        with pytest.raises(Killed):
            search(dropout)
    one = replace(dropout, budget=Budget(trials=1))
    with monkeypatch.context() as context:
        context.setattr(platform, "node", lambda: "another")
        assert [trial.state for trial in search(one).trials] == [State.RUNNING, State.FINISHED]
    assert [trial.state for trial in search(one).trials] == [State.WAITING, State.FINISHED]


def test_a_run_that_a_suspended_worker_holds_is_left_to_it(dropout: Search) -> None:
    held = dropout.folder / "a search-0001"
    held.mkdir(parents=True)
    with writing(held):
        (trial,) = search(replace(dropout, budget=Budget(trials=1))).trials
    assert trial.state == State.FINISHED
    assert trial.run == "a search-0001-0"


def test_the_time_is_up_in_the_midst_of_a_trial(small: Search) -> None:
    found = search(replace(small, budget=Budget(seconds=1e-6)))
    assert found.trials[0].state in (State.WAITING, State.RUNNING)
    assert not found.ended


def test_a_paused_search_waits_and_its_budget_does_not_run(dropout: Search, monkeypatch: pytest.MonkeyPatch) -> None:
    control = SearchControl()
    control.pause()
    looks: list[int] = []

    def resume_after_some_looks() -> bool:
        looks.append(1)
        if len(looks) == 5:
            control.resume()
        return False

    found = search(replace(dropout, budget=Budget(trials=1)), control=control, should_stop=resume_after_some_looks)
    assert len(found.ended) == 1
    assert control.paused_seconds > 0


def test_what_diverges_is_not_tried_again_and_ends_nothing(dropout: Search, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*_: object, **__: object) -> None:
        raise Diverged("The training diverged.")

    monkeypatch.setattr(objective, "run", run)
    found = search(replace(dropout, budget=Budget(trials=5)))
    assert [trial.state for trial in found.trials] == [State.PRUNED] * 5
    assert {trial.reason for trial in found.trials} == {"The training diverged."}


def test_three_failures_in_a_row_end_it_with_the_reason(dropout: Search, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*_: object, **__: object) -> None:
        raise UserError("The disk is full. Free some space.")

    monkeypatch.setattr(objective, "run", run)
    with pytest.raises(UserError, match=r"3 trials in a row .* The disk is full\. Free some space\."):
        search(dropout)
    found = standing(dropout)
    assert [trial.state for trial in found.trials] == [State.FAILED] * 3
    assert {trial.reason for trial in found.trials} == {"The disk is full. Free some space."}


def test_a_full_disk_ends_it_at_once(dropout: Search, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> Path:
        raise UserError("The disk is full. Free some space.")

    monkeypatch.setattr(worker, "write_best", fails)
    monkeypatch.setattr(worker, "LOOK_SECONDS", 100.0)
    with pytest.raises(UserError, match="disk is full"):
        search(dropout)
    assert len(standing(dropout).trials) == 1


def test_a_file_that_cannot_grow_is_told(tmp_path: Path) -> None:
    noted(tmp_path, [0.5])
    place = local(tmp_path)
    with connect(place) as storage:
        with storage.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1")  # of this connection, which goes back to the pool

        def note_much() -> None:
            for number in range(200):
                storage.set_study_user_attr(1, str(number), "x" * 1000)

        with pytest.raises(UserError, match="the disk is full"), told(place):
            note_much()


def test_it_does_not_go_on_as_another_search(dropout: Search, easy_folder: Path, tmp_path: Path) -> None:
    search(replace(dropout, budget=Budget(trials=1)))
    with pytest.raises(UserError, match=r"differs from this one \(network\.dropout\)"):
        search(vary(dropout, space={"network.dropout": Range(0.0, 0.7)}))
    with pytest.raises(UserError, match=r"differs from this one \(aim\)"):
        search(vary(dropout, aim=Aim.BOTH))
    with pytest.raises(UserError, match="holds the search “a search”"):
        search(replace(dropout, name="another"))
    with pytest.raises(UserError, match="other data"):
        search(replace(dropout, source="shapes"))
    assert len(standing(dropout).trials) == 1


def test_nothing_is_left_where_nothing_can_begin(small: Search, tmp_path: Path) -> None:
    before = set(tmp_path.iterdir())
    with pytest.raises(UserError, match="There is no data"):
        search(replace(small, source=str(tmp_path / "nowhere")))
    with pytest.raises(UserError, match="Nothing varies"):
        search(vary(small, space={}))
    with pytest.raises(Stopped):
        search(small, should_stop=lambda: True)
    assert set(tmp_path.iterdir()) == before


def test_in_a_renamed_folder_it_goes_on(dropout: Search) -> None:
    search(replace(dropout, budget=Budget(trials=1)))
    renamed = replace(dropout, folder=dropout.folder.rename(dropout.folder.with_name("another name")))
    assert len(search(replace(renamed, budget=Budget(trials=2))).trials) == 2


def test_the_best_recipe_is_there_although_another_computer_has_found_it(dropout: Search, tmp_path: Path) -> None:
    one = replace(dropout, budget=Budget(trials=1))
    search(one)
    joining = tmp_path / "another computer"
    found = search(replace(one, folder=joining, place=local(dropout.folder), name="a search"))
    assert found.best is not None
    assert read_recipe(joining / BEST) == found.recipe(found.best)


def test_a_trial_that_cannot_be_is_told(small: Search) -> None:
    layers = vary(small, space={"network.shape": Choice(("whitened", "layers"))})
    found = search(replace(layers, budget=Budget(trials=1)))
    assert found.trials[0].state == State.FINISHED


@pytest.mark.parametrize("damage", [b"", b"not a database at all, but long enough to look like one" * 20])
def test_a_damaged_file_is_a_sentence(dropout: Search, damage: bytes) -> None:
    search(replace(dropout, budget=Budget(trials=1)))
    (dropout.folder / "search.db").write_bytes(damage)
    if damage:
        with pytest.raises(UserError, match="damaged or from another program"):
            search(dropout)
    else:  # which SQLite takes for a new one
        with pytest.raises(UserError, match="There is no search"):
            search(replace(dropout, request=None))


def test_a_record_from_elsewhere_is_a_sentence(dropout: Search) -> None:
    search(replace(dropout, budget=Budget(trials=1)))
    path = dropout.folder / "search.json"
    good = json.loads(path.read_text())
    for bad in ("{}", "[", json.dumps(good | {"name": 3}), json.dumps(good | {"format": 99})):
        path.write_text(bad)
        with pytest.raises(UserError, match=r"\.$"):
            search(dropout)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="everyone may write here")
def test_a_folder_that_cannot_be_written_is_a_sentence(small: Search, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(UserError, match="Nothing can be written"):
        search(small)
    tmp_path.chmod(0o700)
