"""Trainings that are left and gone on with: the result is that of the unbroken one, bit for bit."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnngui.core import device
from cnngui.core.errors import Diverged, Stopped, UserError
from cnngui.core.models import file as model_file
from cnngui.core.progress import BatchProgress, Earlier, EpochResult, Progress, Trouble
from cnngui.core.recipes.recipe import Recipe, find
from cnngui.core.recipes.toml_file import read_recipe
from cnngui.core.runs import writer
from cnngui.core.runs.checkpoint import checkpoints, newest_checkpoint
from cnngui.core.runs.folder import BATCHES as BATCHES_FILE
from cnngui.core.runs.folder import RECIPE
from cnngui.core.runs.history import read_batches, read_epochs
from cnngui.core.runs.record import Phase, read_record
from cnngui.core.training import callbacks
from cnngui.core.training.control import Control
from cnngui.core.training.job import Job, continued, run

BATCHES = 3  # an epoch's, in jobs of the fixture


@pytest.fixture(autouse=True)
def _every_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports every batch, and trains in float32 on any processor."""
    monkeypatch.setattr(device, "fastest_precision", lambda: "float32")
    monkeypatch.setattr(callbacks, "REPORT_SECONDS", 0.0)


@pytest.fixture
def make(easy_folder: Path, tiny: Recipe, tmp_path: Path) -> Callable[..., Job]:
    """Makes jobs that train on 54 images for two epochs, under a name and with other settings."""

    def make(name: str, **settings: Any) -> Job:
        usual = {"batch_size": 18, "cutout": 0.25, "cutmix": 0.5}
        recipe = tiny.changed({find(setting): value for setting, value in (usual | settings).items()})
        return Job(str(easy_folder), recipe, tmp_path / "runs" / name / "model.keras")

    return make


@pytest.fixture(scope="module")
def _trained() -> list[Job]:
    return []


@pytest.fixture
def whole(make: Callable[..., Job], _trained: list[Job], tmp_path_factory: pytest.TempPathFactory) -> Job:
    """A job of the usual settings that has run without a break, once for all tests."""
    if not _trained:
        job = replace(make("whole"), path=tmp_path_factory.mktemp("runs") / "whole" / "model.keras")
        run(job)
        _trained.append(job)
    return _trained[0]


class Watch:
    """Counts the reports of a training."""

    def __init__(self) -> None:
        self.seen: list[Any] = []

    def count(self, kind: type) -> int:
        return sum(isinstance(value, kind) for value in self.seen)


def weights(path: Path) -> list[Any]:
    return list(model_file.load(path)[0].get_weights())


def history(folder: Path) -> list[EpochResult]:
    return [replace(result, seconds=0.0) for result in read_epochs(folder)]


def assert_same(first: Job, second: Job) -> None:
    for a, b in zip(weights(first.path), weights(second.path), strict=True):
        np.testing.assert_array_equal(a, b)
    assert history(first.folder) == history(second.folder)
    ours, theirs = (
        read_batches(each.folder)[["epoch", "loss", "accuracy", "learning_rate"]] for each in (first, second)
    )
    np.testing.assert_array_equal(ours, theirs)


def stop_at(todo: Job, where: Callable[[Watch], bool]) -> None:
    watch = Watch()
    assert run(todo, progress=watch.seen.append, should_stop=lambda: where(watch)).stopped


# Each takes five trainings; SLOW_TESTS=1 tests the others, too.
SETTINGS: list[dict[str, Any]] = [
    {},
    {
        "shape": "whitened",
        "optimizer": "adamw",
        "averaging": "moving",
        "averaging_decay": 0.8,
        "dropout": 0.3,
        "learning_rate": 0.001,
    },
    {"epochs": 8, "schedule": "restarts", "warm_restarts": 1, "averaging": "cycles"},
    {"shape": "article", "optimizer": "adam", "schedule": "constant", "learning_rate": 0.001},
    {"epochs": 4, "patience": 1, "learning_rate": 2.0, "schedule": "one_cycle", "gradient_clipping": 1.0},
]


@pytest.mark.parametrize("settings", SETTINGS if os.environ.get("SLOW_TESTS") else SETTINGS[1:2])
def test_continued_it_ends_as_if_it_had_never_been_broken_off(
    make: Callable[..., Job], whole: Job, settings: dict[str, Any]
) -> None:
    unbroken, broken = make("whole", **settings) if settings else whole, make("broken", **settings)
    if settings:
        run(unbroken)
    stop_at(broken, lambda watch: watch.count(BatchProgress) == 1)  # in the first epoch
    stop_at(continued(broken.folder), lambda watch: watch.count(BatchProgress) == 2)  # at its last batch
    stop_at(continued(broken.folder), lambda watch: watch.count(EpochResult) == 1)
    assert not run(continued(broken.folder)).stopped
    assert_same(unbroken, broken)
    record = read_record(broken.folder)
    assert record is not None
    assert (record.phase, len(record.sessions)) == (Phase.FINISHED, 4)


def test_broken_off_in_its_validation(make: Callable[..., Job], whole: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = make("broken")
    stops: list[bool] = []
    begin = callbacks.ProgressCallback.on_test_begin

    def stop(callback: Any, logs: Any = None) -> None:
        begin(callback, logs)
        stops.append(True)

    monkeypatch.setattr(callbacks.ProgressCallback, "on_test_begin", stop)
    run(broken, should_stop=lambda: bool(stops))
    monkeypatch.undo()
    monkeypatch.setattr(device, "fastest_precision", lambda: "float32")
    monkeypatch.setattr(callbacks, "REPORT_SECONDS", 0.0)
    kept = newest_checkpoint(broken.folder)
    assert kept is not None
    assert (kept.epoch, kept.batch) == (0, BATCHES)
    run(continued(broken.folder))
    assert_same(whole, broken)


def test_broken_off_after_its_last_epoch(make: Callable[..., Job], whole: Job) -> None:
    broken = make("broken")
    stop_at(broken, lambda watch: watch.count(EpochResult) == 2)
    watch = Watch()
    run(continued(broken.folder), progress=watch.seen.append)
    assert watch.count(BatchProgress) == 0
    assert_same(whole, broken)


def test_a_damaged_checkpoint_is_passed_over(make: Callable[..., Job], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "CHECKPOINT_SHARE", 1.0)
    whole, broken = make("whole", epochs=4), make("broken", epochs=4)
    run(whole)

    class Killed(BaseException):
        pass

    watch = Watch()

    def kill(value: Any) -> None:
        watch.seen.append(value)
        if watch.count(EpochResult) == 2 and isinstance(value, BatchProgress) and value.epoch == 3:
            raise Killed

    with pytest.raises(Killed):
        run(broken, progress=kill)
    newest, before = checkpoints(broken.folder)
    newest.write_bytes(newest.read_bytes()[:-100])
    watch = Watch()
    run(continued(broken.folder), progress=watch.seen.append)
    (earlier,) = [value for value in watch.seen if isinstance(value, Earlier)]
    assert len(earlier.epochs) == 1
    assert [value.sentence for value in watch.seen if isinstance(value, Trouble)] == [
        f"{newest.name} is damaged. The run goes on from the checkpoint before it, after epoch 1."
    ]
    assert not before.exists()  # the end has its own
    assert_same(whole, broken)


def test_a_pause_writes_a_checkpoint_and_changes_nothing(make: Callable[..., Job], whole: Job) -> None:
    paused = make("paused")
    control, watch, found = Control(), Watch(), []

    def report(value: Any) -> None:
        watch.seen.append(value)
        if isinstance(value, BatchProgress) and watch.count(BatchProgress) == 2:
            control.pause()

    def go_on() -> bool:
        if control.is_paused and checkpoints(paused.folder):
            found.append(newest_checkpoint(paused.folder))
            control.resume()
        return False

    run(paused, progress=report, should_stop=go_on, control=control)
    assert [(each.epoch, each.batch) for each in found if each] == [(0, 2)]
    assert_same(whole, paused)


def test_a_paused_run_gives_a_sign_of_life(make: Callable[..., Job], monkeypatch: pytest.MonkeyPatch) -> None:
    """Another computer takes a run for interrupted that has been silent for ten minutes."""
    monkeypatch.setattr(writer, "BATCHES_SECONDS", 0.0)
    control, todo, signs = Control(), make("paused"), list[Path]()

    def sign(path: Path) -> None:
        signs.append(path)
        if len(signs) > 3:
            control.resume()

    def pause(value: Any) -> None:
        if isinstance(value, BatchProgress) and (value.epoch, value.batch) == (1, 1):
            signs.clear()
            control.pause()

    monkeypatch.setattr(os, "utime", sign)
    run(todo, progress=pause, control=control)
    assert signs[-1] == todo.folder / BATCHES_FILE


def test_a_paused_training_can_be_stopped(make: Callable[..., Job]) -> None:
    control, todo = Control(), make("paused")
    control.pause()
    assert run(todo, should_stop=lambda: bool(checkpoints(todo.folder)), control=control).stopped


def test_trained_longer_while_it_runs_or_after_its_end_it_is_the_same(make: Callable[..., Job]) -> None:
    """Nothing else decides the result: a longer schedule from the same epoch on."""
    first, second = make("first", cutmix=0.0), make("second", cutmix=0.0)
    control = Control()

    def lengthen(value: Any) -> None:
        if isinstance(value, EpochResult) and value.epoch == 2:
            control.train_longer(4)

    run(first, progress=lengthen, control=control)
    run(second)
    assert len(history(second.folder)) == 2
    run(continued(second.folder, epochs=4))
    assert read_recipe(first.folder / RECIPE).optimization.epochs == 4
    assert_same(first, second)


def test_killed_after_it_was_lengthened_it_goes_on_from_there(
    make: Callable[..., Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "CHECKPOINT_SHARE", 0.0)  # only the first epoch gets a checkpoint
    control, todo, kept = Control(), make("first", epochs=4), list[int]()

    def lengthen(value: Any) -> None:
        if isinstance(value, EpochResult) and value.epoch == 2:
            control.train_longer(6)
        if isinstance(value, BatchProgress) and value.epochs == 6:
            newest = newest_checkpoint(todo.folder)
            kept.append(newest.epoch if newest is not None else 0)

    run(todo, progress=lengthen, control=control)
    assert kept[0] == 2


def test_what_has_a_model_but_no_checkpoint_is_not_begun_anew(make: Callable[..., Job]) -> None:
    todo = make("first", epochs=1)
    run(todo)
    for path in checkpoints(todo.folder):
        path.unlink()
    with pytest.raises(UserError, match="“first” has a model but no checkpoint"):
        continued(todo.folder, epochs=4)


def test_a_discarded_training_makes_no_model_and_keeps_its_checkpoint(make: Callable[..., Job]) -> None:
    control, watch, todo = Control(), Watch(), make("discarded")
    control.discard()
    with pytest.raises(Stopped) as caught:
        run(todo, progress=watch.seen.append, should_stop=lambda: watch.count(BatchProgress) == 2, control=control)
    assert not todo.path.exists()
    assert not any(isinstance(value, Progress) and value.text.startswith("Calibrating") for value in watch.seen)
    record = read_record(todo.folder)
    assert record is not None
    assert record.phase == Phase.STOPPED
    assert not caught.value.run_stays
    assert len(checkpoints(todo.folder)) == 1


def test_a_discarded_continuation_leaves_the_run_as_it_was(make: Callable[..., Job]) -> None:
    todo = make("first", epochs=1)
    run(todo)
    before = {path.name: path.read_bytes() for path in todo.folder.iterdir()}
    for batches in (0, 2 * BATCHES + 1):  # before it goes on, and after that
        control, watch = Control(), Watch()
        control.discard()
        with pytest.raises(Stopped) as caught:
            run(
                continued(todo.folder, epochs=5),
                progress=watch.seen.append,
                should_stop=lambda watch=watch, batches=batches: watch.count(BatchProgress) == batches,  # type: ignore[misc]
                control=control,
            )
        assert caught.value.run_stays
        assert {path.name: path.read_bytes() for path in todo.folder.iterdir()} == before


def test_exhausted_memory_is_told_while_the_checkpoint_is_read(
    make: Callable[..., Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    todo = make("first")
    stop_at(todo, lambda watch: watch.count(BatchProgress) == 1)
    before = {path.name: path.read_bytes() for path in todo.folder.iterdir()}

    def exhaust(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(np, "load", exhaust)
    with pytest.raises(UserError, match="not enough memory to read the run’s checkpoint"):
        run(continued(todo.folder))
    assert {path.name: path.read_bytes() for path in todo.folder.iterdir()} == before


def test_diverged_it_goes_back_to_the_last_good_epoch_at_a_lower_rate(
    make: Callable[..., Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    todo = make("wild", epochs=3)
    end = callbacks.ProgressCallback.on_train_batch_end

    def diverge(callback: Any, batch: int, logs: dict[str, Any] | None = None) -> None:
        wild = {callbacks.CROSS_ENTROPY: float("nan")} if callback.epoch == 1 else {}
        end(callback, batch, {**(logs or {}), **wild})

    monkeypatch.setattr(callbacks.ProgressCallback, "on_train_batch_end", diverge)
    with pytest.raises(Diverged) as caught:
        run(todo)
    assert caught.value.good_epochs == 1
    record = read_record(todo.folder)
    assert record is not None
    assert (record.phase, record.reason) == (Phase.FAILED, str(caught.value))

    monkeypatch.setattr(callbacks.ProgressCallback, "on_train_batch_end", end)
    watch = Watch()
    lower = todo.recipe.optimization.learning_rate / 10
    result = run(continued(todo.folder, learning_rate=lower), progress=watch.seen.append)
    assert not result.stopped
    assert [value.epoch for value in watch.seen if isinstance(value, EpochResult)] == [2, 3]
    assert max(value.learning_rate for value in watch.seen if isinstance(value, BatchProgress)) <= lower
    assert read_recipe(todo.folder / RECIPE).optimization.learning_rate == pytest.approx(lower)


def test_other_data_is_refused_and_the_run_stays(make: Callable[..., Job], easy_folder: Path, tmp_path: Path) -> None:
    todo = make("first")
    stop_at(todo, lambda watch: watch.count(BatchProgress) == 1)
    before = {path.name: path.read_bytes() for path in todo.folder.iterdir()}
    with pytest.raises(UserError, match="The data of “first” has changed"):
        run(continued(todo.folder, source="shapes"))
    assert {path.name: path.read_bytes() for path in todo.folder.iterdir()} == before


def test_what_cannot_be_continued(make: Callable[..., Job], tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no run in"):
        continued(tmp_path)
    todo = make("first", epochs=1)
    run(todo)
    with pytest.raises(UserError, match="has 1 epoch"):
        continued(todo.folder, epochs=-1)
    (todo.folder / RECIPE).write_text("epochs = ")
    with pytest.raises(UserError, match=r"recipe\.toml is not a TOML file"):
        continued(todo.folder)


def test_exhausted_memory_is_told_and_the_run_can_be_continued(
    make: Callable[..., Job], whole: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    todo = make("first")

    import tensorflow as tf

    def exhaust(value: Any) -> None:
        if isinstance(value, BatchProgress) and value.epoch == 2:
            raise tf.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor")

    with pytest.raises(
        UserError, match=r"not enough memory .* continue the run, which goes on after epoch 1, or .* below"
    ):
        run(todo, progress=exhaust)
    found = read_record(todo.folder)
    assert found is not None
    assert found.phase == Phase.FAILED
    assert "not enough memory" in found.reason
    run(continued(todo.folder))
    assert_same(whole, todo)


def test_two_trainings_of_one_run(make: Callable[..., Job]) -> None:
    todo, refused = make("first", epochs=1), []

    def second(value: Any) -> None:
        if isinstance(value, EpochResult):
            with pytest.raises(UserError, match="is being trained by another window or command") as caught:
                run(continued(todo.folder))
            refused.append(caught.value)

    run(todo, progress=second)
    assert refused


def test_early_stopping_keeps_the_best_epochs_weights(make: Callable[..., Job]) -> None:
    todo = make("early", epochs=40, patience=2, learning_rate=3.0)
    run(todo)
    losses = [result.val_loss for result in history(todo.folder)]
    best = losses.index(min(losses))
    assert len(losses) == best + 3 < 40
    card = model_file.load(todo.path)[1]
    assert card.training is not None
    kept = newest_checkpoint(todo.folder)
    assert kept is not None
    assert list(kept.best) == [best + 1]


def test_ended_early_it_is_trained_longer_on_request(make: Callable[..., Job]) -> None:
    todo = make("early", epochs=40, patience=1, learning_rate=3.0)
    run(todo)
    before = len(history(todo.folder))
    assert before < 40
    run(continued(todo.folder, epochs=41))
    assert len(history(todo.folder)) > before


def test_the_moving_average_is_the_model(make: Callable[..., Job]) -> None:
    still = make("still", averaging="moving", averaging_decay=0.999999, label_smoothing=0.0)
    last = make("last", averaging="moving", averaging_decay=0.0, label_smoothing=0.0)
    plain = make("plain", averaging="none", label_smoothing=0.0)
    for todo in (still, last, plain):
        run(todo)
    kernels = [weights(todo.path)[2] for todo in (still, last, plain)]  # after the whitening layer's
    assert not np.allclose(kernels[0], kernels[2], atol=1e-3)
    assert [result.val_loss for result in history(still.folder)] == [
        result.val_loss for result in history(plain.folder)
    ]  # the training itself is the same
