"""What the one writer of a run leaves in its folder, whatever happens to the folder."""

import errno
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnngui.core import files
from cnngui.core.errors import UserError
from cnngui.core.files import replacing
from cnngui.core.progress import Progress, Reported, Trouble
from cnngui.core.recipes.presets import QUICK, STANDARD
from cnngui.core.recipes.toml_file import read_recipe
from cnngui.core.runs import lock, writer
from cnngui.core.runs.checkpoint import Checkpoint, checkpoints, newest_checkpoint, write_checkpoint
from cnngui.core.runs.folder import BATCHES, HISTORY, LOCK, MODEL, NOTES, RECIPE, RECORD
from cnngui.core.runs.history import append_epoch, read_batches, read_epochs
from cnngui.core.runs.library import is_trained_elsewhere
from cnngui.core.runs.lock import is_written, writing
from cnngui.core.runs.opening import open_run
from cnngui.core.runs.record import Notes, Phase, read_record, write_notes
from cnngui.core.runs.writer import BATCHES_SECONDS, CHECKPOINT_SECONDS, CHECKPOINT_SHARE, RunWriter
from tests.core.runs.runs import assert_same, batch, checkpoint, epoch, record, write_run
from tests.core.runs.test_lock import held_elsewhere

FILES = sorted([RECIPE, RECORD, HISTORY, BATCHES])


class Clock:
    """A monotonic clock that only goes on when it is told to."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "monotonic", clock)
    return clock


@pytest.fixture
def told() -> list[Reported]:
    """What the writer has reported."""
    return []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "run"


@pytest.fixture
def run(folder: Path, told: list[Reported]) -> Iterator[RunWriter]:
    """The writer of a new run."""
    with open_run(folder, STANDARD, record(), told.append, resume=False) as run:
        yield run


def resumed(folder: Path) -> RunWriter:
    """What another program that goes on has read from the folder."""
    with open_run(folder, STANDARD, record(), lambda _value: None, resume=True) as run:
        run.begin(run.record, run.recipe)
        return run


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != LOCK)


def train(run: RunWriter, epochs: range) -> None:
    """Report these epochs with their eight batches each."""
    for number in epochs:
        for step in range(8 * (number - 1), 8 * number):
            run.add(batch(step + 1))
        run.add(epoch(number))


def save(run: RunWriter, epochs: int) -> Checkpoint:
    """Write the checkpoint at the end of so many epochs."""
    made = checkpoint(8 * epochs, epochs=epochs, rows=run.rows)
    run.save(lambda: made)
    return made


def sentences(told: list[Reported]) -> list[str]:
    return [value.sentence for value in told if isinstance(value, Trouble)]


@contextmanager
def failing(folder: Path, number: int) -> Iterator[None]:
    """Nothing can be written below the folder; the system says so with this error."""
    real_open, real_mkstemp = Path.open, tempfile.mkstemp

    def fail(path: Any) -> None:
        if Path(path).is_relative_to(folder):
            raise OSError(number, os.strerror(number), str(path))

    def opened(path: Path, mode: str = "r", *arguments: Any, **options: Any) -> Any:
        if set(mode) & set("wax+"):
            fail(path)
        return real_open(path, mode, *arguments, **options)

    def made(**options: Any) -> Any:
        fail(options["dir"])
        return real_mkstemp(**options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "open", opened)
        patch.setattr(tempfile, "mkstemp", made)
        yield


# An ordinary run


def test_it_is_a_run_from_its_first_second(run: RunWriter, folder: Path) -> None:
    assert names(folder) == FILES
    found = read_record(folder)
    assert found is not None
    assert (found.phase, found.title) == (Phase.TRAINING, "Shapes")
    assert read_recipe(folder / RECIPE) == STANDARD
    assert read_epochs(folder) == ()


def test_the_history_grows_as_it_ends(run: RunWriter, folder: Path) -> None:
    train(run, range(1, 3))
    assert read_epochs(folder) == (epoch(1), epoch(2))
    assert len(read_batches(folder)) == run.rows == 16


def test_rows_are_written_once_a_second(run: RunWriter, folder: Path, clock: Clock) -> None:
    run.flush()
    for number in range(1, 5):
        run.add(batch(number))
    assert len(read_batches(folder)) == 0
    clock.seconds += BATCHES_SECONDS
    run.add(batch(5))
    assert len(read_batches(folder)) == 5


def test_other_reports_are_a_sign_of_life_at_most_once_a_second(run: RunWriter, folder: Path, clock: Clock) -> None:
    run.flush()
    os.utime(folder / BATCHES, (0, 0))
    run.add(Progress("Validating"))
    assert (folder / BATCHES).stat().st_mtime == 0
    clock.seconds += BATCHES_SECONDS
    run.add(Progress("Validating"))
    assert (folder / BATCHES).stat().st_mtime > 0


def test_its_end_is_its_phase_and_one_checkpoint(folder: Path) -> None:
    for phase, kept in ((Phase.FINISHED, 1), (Phase.STOPPED, 1), (Phase.FAILED, 2)):
        with open_run(folder, STANDARD, record(), lambda _value: None, resume=False) as run:
            run.begin(run.record, run.recipe)
            for number in (1, 2):
                train(run, range(number, number + 1))
                save(run, number)
            run.add(batch(17))
            run.end(phase, "because")
        found = read_record(folder)
        assert found is not None
        assert (found.phase, found.reason) == (phase, "because")
        assert (len(checkpoints(folder)), len(read_batches(folder))) == (kept, 17)
        assert not (folder / LOCK).exists()


def test_a_fitted_recipe_and_its_data_are_told(run: RunWriter, folder: Path) -> None:
    run.describe(record(content="ab", classes=("a",)), QUICK)
    run.begin_session(record(host="here").sessions[0])
    found = read_record(folder)
    assert found is not None
    assert (found.content, found.classes, found.host) == ("ab", ("a",), "here")
    assert read_recipe(folder / RECIPE) == QUICK


def test_what_learnt_nothing_leaves_nothing(folder: Path) -> None:
    with open_run(folder, STANDARD, record(), lambda _value: None, resume=False) as run:
        (folder / ".model-cnngui-halfhalf.keras").touch()
        run.remove()
    assert not folder.exists()


def test_what_others_keep_there_stays(folder: Path) -> None:
    folder.mkdir()
    (folder / "mine.txt").touch()
    with open_run(folder, STANDARD, record(), lambda _value: None, resume=False) as run:
        run.remove()
    assert names(folder) == ["mine.txt"]


# Going on


def test_it_goes_on_from_the_newest_checkpoint(folder: Path, run: RunWriter) -> None:
    for number in (1, 2):
        train(run, range(number, number + 1))
        made = save(run, number)
    train(run, range(3, 4))  # lost
    run.add(batch(25))
    other = RunWriter(folder, STANDARD, record())
    other.open(resume=True)
    other.begin(other.record, other.recipe)
    assert_same(other.checkpoint, made)
    assert read_epochs(folder) == (epoch(1), epoch(2))
    assert len(read_batches(folder)) == other.rows == 16
    train(other, range(3, 4))
    assert read_epochs(folder) == (epoch(1), epoch(2), epoch(3))
    assert [float(each["seconds"]) for each in read_batches(folder)] == [1.5 * number for number in range(1, 25)]


def test_a_damaged_one_is_passed_over(folder: Path) -> None:
    with open_run(folder, STANDARD, record(), lambda _value: None, resume=False) as run:
        for number in (1, 2):
            train(run, range(number, number + 1))
            save(run, number)
    newest = checkpoints(folder)[0]
    newest.write_bytes(newest.read_bytes()[:-50])
    found = resumed(folder)
    assert found.checkpoint is not None
    assert (found.checkpoint.epoch, found.rows) == (1, 8)
    assert read_epochs(folder) == (epoch(1),)


def test_until_it_begins_everything_stays(folder: Path) -> None:
    write_run(folder, record(Phase.STOPPED, reason="x"))
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with open_run(folder, QUICK, record(), lambda _value: None, resume=True) as run:
        assert not run.has_begun
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_another_rate_goes_on_from_the_end_of_an_epoch(folder: Path) -> None:
    folder.mkdir()
    write_checkpoint(folder, checkpoint(16))
    write_checkpoint(folder, checkpoint(20))
    for at_epoch_end, steps in ((False, 20), (True, 16)):
        run = RunWriter(folder, STANDARD, record())
        run.open(resume=True, at_epoch_end=at_epoch_end)
        assert run.checkpoint is not None
        assert run.checkpoint.steps == steps


def test_without_a_checkpoint_it_begins_anew(folder: Path) -> None:
    write_run(folder, record())
    found = resumed(folder)
    assert (found.checkpoint, found.rows) == (None, 0)
    assert read_epochs(folder) == ()


def test_damaged_rows_cost_only_themselves(folder: Path) -> None:
    with open_run(folder, STANDARD, record(), lambda _value: None, resume=False) as run:
        train(run, range(1, 2))
        save(run, 1)
    (folder / BATCHES).write_bytes(b"something else")
    found = resumed(folder)
    assert found.checkpoint is not None
    assert (found.checkpoint.epoch, found.rows) == (1, 0)
    assert read_epochs(folder) == (epoch(1),)


def test_a_new_run_in_the_same_folder_keeps_the_notes(folder: Path) -> None:
    write_run(folder, record(Phase.FINISHED))
    write_checkpoint(folder, checkpoint())
    write_notes(folder, Notes("mine"))
    with open_run(folder, STANDARD, record(), lambda _value: None, resume=False) as run:
        assert run.checkpoint is None
        run.begin(run.record, run.recipe)
    assert checkpoints(folder) == []
    assert (folder / NOTES).exists()


def test_a_run_that_is_to_be_replaced_stays_until_the_new_one_begins(folder: Path) -> None:
    write_run(folder, record(Phase.FINISHED))
    write_checkpoint(folder, checkpoint())
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with open_run(folder, QUICK, record(), lambda _value: None, resume=False) as run:
        run.remove()  # its data could not be read
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_later_checkpoint_of_another_rate_goes_as_soon_as_it_goes_on(folder: Path) -> None:
    write_run(folder, record())
    write_checkpoint(folder, checkpoint(16))
    write_checkpoint(folder, checkpoint(20))
    with open_run(folder, STANDARD, record(), lambda _value: None, resume=True, at_epoch_end=True) as run:
        run.begin(run.record, run.recipe)
    found = newest_checkpoint(folder)  # of a program that was killed before its first checkpoint
    assert found is not None
    assert found.steps == 16


@pytest.mark.skipif(sys.platform == "win32", reason="Windows locks no file for this")
def test_a_file_that_another_writes_right_now_stays(folder: Path) -> None:
    """Such as the record of a run that is queued: that takes no lock of the run's."""
    folder.mkdir()
    with replacing(folder / RECORD) as new:
        new.write_text("whole")
        with open_run(folder, QUICK, record(), lambda _value: None, resume=False):
            assert new.exists()
    assert (folder / RECORD).read_text() == "whole"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows locks no file for this")
def test_half_written_files_go_where_the_drive_locks_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run's own lock says that nobody writes them."""
    half = folder / ".checkpoint-000000064-cnngui-abcd1234.npz"
    folder.mkdir()
    half.touch()

    def flock(_file: int, _how: int) -> None:
        raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))

    monkeypatch.setattr("fcntl.flock", flock)
    files.remove_unfinished(folder, writer.UNFINISHED)
    assert half.exists()
    files.remove_unfinished(folder, writer.UNFINISHED, nobody_writes=True)
    assert not half.exists()


def test_half_written_files_of_a_killed_program_go(folder: Path) -> None:
    write_run(folder, record())
    half = [
        ".checkpoint-000000008-cnngui-abcd_123.npz",
        ".model-cnngui-abcd_123.keras",
        ".model-cnngui-abcd_123.json",
        ".model.images-cnngui-abcd_123.npy",
        ".run-cnngui-abcd_123.json",
    ]
    theirs = [".run-cnngui-away.json", ".model-of-mine.keras", ".checkpoint-1-cnngui-abcd_123.npz"]
    theirs += [".history-cnngui-abcd_123.txt", ".model-abcd_123.json"]
    half += [
        ".recipe-cnngui-abcd_123.toml",
        ".history-cnngui-abcd_123.jsonl",
        ".batches-cnngui-abcd_123.bin",
        ".model.test-cnngui-abcd_123.npz",
    ]
    for name in [*half, *theirs, ".mine", "checkpoint.txt", MODEL]:
        (folder / name).touch()
    resumed(folder)
    assert names(folder) == sorted([*FILES, *theirs, ".mine", "checkpoint.txt", MODEL])


def test_a_reason_to_have_failed_is_forgotten(folder: Path) -> None:
    failed = record(Phase.FAILED, reason="Diverged.")
    with open_run(folder, STANDARD, failed, lambda _value: None, resume=True) as run:
        run.begin(run.record, run.recipe)
        found = read_record(folder)
    assert found is not None
    assert (found.phase, found.reason) == (Phase.TRAINING, "")


def test_numbers_that_are_not_finite_are_not_kept(run: RunWriter, folder: Path) -> None:
    train(run, range(1, 2))
    made = save(run, 1)
    run.save(lambda: checkpoint(16, value=float("nan")))
    assert run.checkpoint is made
    assert_same(newest_checkpoint(folder), made)


# Trouble


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EIO, errno.ESTALE])
def test_a_folder_that_cannot_be_written_is_told_once(
    number: int, run: RunWriter, folder: Path, told: list[Reported]
) -> None:
    train(run, range(1, 2))
    save(run, 1)
    with failing(folder, number):
        for each in (2, 3):
            train(run, range(each, each + 1))
            run.flush()
            save(run, each)
            run.describe(record(content="new"), QUICK)
    assert sentences(told) == [
        f"Nothing can be written in {folder} ({os.strerror(number)}). The training goes on, but it cannot be continued "
        "if it is interrupted. Free some space there."
    ]
    assert read_epochs(folder) == (epoch(1),)
    assert [path.name for path in checkpoints(folder)] == ["checkpoint-000000008.npz"]
    train(run, range(4, 5))
    made = save(run, 4)  # everything is written anew
    assert read_epochs(folder) == tuple(epoch(each) for each in (1, 2, 3, 4))
    assert len(read_batches(folder)) == 32
    assert read_recipe(folder / RECIPE) == QUICK
    found = read_record(folder)
    assert found is not None
    assert found.content == "new"
    assert_same(newest_checkpoint(folder), made)
    train(run, range(5, 6))
    assert len(read_epochs(folder)) == 5
    assert len(sentences(told)) == 1


def test_each_reason_is_told_once(run: RunWriter, folder: Path, told: list[Reported]) -> None:
    for number in (errno.ENOSPC, errno.EROFS, errno.ENOSPC):
        with failing(folder, number):
            save(run, 1)
        save(run, 1)
    assert [os.strerror(errno.ENOSPC) in each for each in sentences(told)] == [True, False]


def test_at_its_end_what_was_missing_is_written(run: RunWriter, folder: Path) -> None:
    with failing(folder, errno.ENOSPC):
        train(run, range(1, 3))
    run.end(Phase.FINISHED)
    assert read_epochs(folder) == (epoch(1), epoch(2))
    assert len(read_batches(folder)) == 16


def test_a_line_that_was_cut_by_a_full_disk_is_mended(
    run: RunWriter, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(folder: Path, value: Any) -> None:
        append_epoch(folder, value)
        whole = (folder / HISTORY).read_bytes()
        (folder / HISTORY).write_bytes(whole[:-20])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    train(run, range(1, 2))
    with monkeypatch.context() as patch:
        patch.setattr(writer, "append_epoch", half)
        train(run, range(2, 3))
    train(run, range(3, 4))
    assert read_epochs(folder) == (epoch(1),)
    save(run, 3)
    assert read_epochs(folder) == (epoch(1), epoch(2), epoch(3))


def test_a_removed_folder_comes_back_with_the_next_checkpoint(
    run: RunWriter, folder: Path, told: list[Reported]
) -> None:
    train(run, range(1, 2))
    shutil.rmtree(folder)
    train(run, range(2, 4))
    assert sentences(told) == [
        f"The run’s folder is gone ({folder}). The training goes on, and its model is saved there."
    ]
    made = save(run, 3)
    assert read_epochs(folder) == (epoch(1), epoch(2), epoch(3))
    assert len(read_batches(folder)) == 24
    assert_same(newest_checkpoint(folder), made)
    train(run, range(4, 5))
    assert (len(read_epochs(folder)), len(read_batches(folder))) == (4, 32)
    assert len(sentences(told)) == 1


def test_a_folder_of_which_nothing_can_be_known_ends_no_training(
    run: RunWriter, folder: Path, told: list[Reported], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a mounted folder whose server is gone."""

    def unknown(path: Path, *_arguments: Any, **_options: Any) -> Any:
        raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))

    with failing(folder, errno.EIO), monkeypatch.context() as patch:
        patch.setattr(Path, "stat", unknown)
        train(run, range(1, 3))
        save(run, 2)
    assert len(sentences(told)) == 1


# Opening


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_run_that_cannot_begin_says_so(number: int, folder: Path) -> None:
    with (
        failing(folder, number),
        pytest.raises(UserError, match=rf"^Nothing can be written in .*run \({os.strerror(number)}\)\."),
        open_run(folder, STANDARD, record(), lambda _value: None, resume=False),
    ):
        pass
    assert not folder.exists()


def test_a_file_in_its_place_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "run"):
        with (
            pytest.raises(UserError, match=r"^Nothing can be written in .*choose another folder\.$"),
            open_run(folder, STANDARD, record(), lambda _value: None, resume=False),
        ):
            pass


@pytest.mark.parametrize("resume", [True, False])
def test_what_another_writes_is_left_alone(resume: bool, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "PATIENCE", 0.01)
    write_run(folder, record())
    write_checkpoint(folder, checkpoint())
    (folder / ".checkpoint-half.npz").touch()
    before = names(folder)
    with (
        writing(folder),
        pytest.raises(UserError, match="is being trained by another window"),
        open_run(folder, QUICK, record(), lambda _value: None, resume=resume),
    ):
        pass
    assert names(folder) == before
    assert read_recipe(folder / RECIPE) == STANDARD


# How often


def paced(run: RunWriter, clock: Clock, cost: float) -> Callable[[], None]:
    """A function that writes a checkpoint which takes ``cost`` seconds."""

    def make() -> Checkpoint:
        clock.seconds += cost
        return checkpoint(8, epochs=1)

    return lambda: run.save(make)


@pytest.mark.parametrize(("cost", "epoch_seconds"), [(0.05, 1.0), (0.5, 10.0), (3.0, 10.0), (0.05, 60.0)])
def test_checkpoints_take_a_hundredth_of_the_time(
    cost: float, epoch_seconds: float, clock: Clock, folder: Path
) -> None:
    folder.mkdir()
    run = RunWriter(folder, STANDARD, record())
    run.open(resume=False)
    began, count = clock.seconds, 0
    for _ in range(400):
        clock.seconds += epoch_seconds
        if run.is_due(at_epoch_end=True):
            paced(run, clock, cost)()
            count += 1
    elapsed = clock.seconds - began
    assert count * cost <= CHECKPOINT_SHARE * elapsed + cost  # the first is free
    assert count >= min(400, 0.9 * CHECKPOINT_SHARE * elapsed / cost)


def test_within_an_epoch_they_are_due_every_two_minutes(clock: Clock, folder: Path) -> None:
    folder.mkdir()
    run = RunWriter(folder, STANDARD, record())
    run.open(resume=False)
    times = []
    for _ in range(1000):
        clock.seconds += 1
        if run.is_due(at_epoch_end=False):
            times.append(clock.seconds)
            paced(run, clock, 0.0)()
    assert list(np.diff(times)) == [CHECKPOINT_SECONDS] * (len(times) - 1)
    assert len(times) == 8


@pytest.mark.parametrize("leap", [-10 * 365 * 86400.0, 10 * 365 * 86400.0])
def test_a_clock_that_is_set_changes_nothing(
    leap: float, clock: Clock, run: RunWriter, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(run, range(1, 2))
    present = time.time()
    monkeypatch.setattr(time, "time", lambda: present + leap)
    assert not run.is_due(at_epoch_end=False)
    clock.seconds += CHECKPOINT_SECONDS
    assert run.is_due(at_epoch_end=False)
    made = save(run, 1)
    run.add(batch(9))
    clock.seconds += BATCHES_SECONDS
    run.add(batch(10))
    assert len(read_batches(folder)) == 10
    other = RunWriter(folder, STANDARD, replace(record(), created=record().created))
    other.open(resume=True)
    other.begin(other.record, other.recipe)
    assert_same(other.checkpoint, made)


def test_the_last_epoch_end_stays_though_two_are_within_the_next(folder: Path) -> None:
    with open_run(folder, STANDARD, record(), lambda _value: None, resume=False) as run:
        run.begin(run.record, run.recipe)
        run.save(lambda: replace(checkpoint(8), batch=0))
        for steps in (12, 14, 15):
            run.save(lambda steps=steps: replace(checkpoint(steps), batch=steps - 8))  # type: ignore[misc]
    assert [path.name for path in checkpoints(folder)] == [
        f"checkpoint-0000000{steps}.npz" for steps in ("15", "14", "08")
    ]
    with open_run(folder, STANDARD, record(), lambda _value: None, resume=True, at_epoch_end=True) as run:
        assert run.checkpoint is not None
        assert run.checkpoint.steps == 8


# Another program


def test_a_folder_that_comes_back_is_locked_again(run: RunWriter, folder: Path) -> None:
    for write in (lambda: save(run, 1), lambda: run.describe(run.record, QUICK)):
        shutil.rmtree(folder)
        write()
        assert is_written(folder)


def test_a_run_that_another_has_begun_there_meanwhile_is_left_alone(
    run: RunWriter, folder: Path, told: list[Reported], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "PATIENCE", 0.01)
    train(run, range(1, 2))
    shutil.rmtree(folder)
    write_run(folder, record(host="theirs"))
    write_checkpoint(folder, checkpoint(16))
    with held_elsewhere(folder):
        before = {path.name: path.read_bytes() for path in folder.iterdir() if path.name != LOCK}
        train(run, range(2, 3))
        save(run, 3)
        run.end(Phase.FINISHED)
        run.remove()
        with pytest.raises(UserError, match="Save the model of this training elsewhere"):
            run.claim()
        assert {path.name: path.read_bytes() for path in folder.iterdir() if path.name != LOCK} == before
    save(run, 4)  # although the other one has ended
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.name != LOCK} == before
    assert sentences(told) == [
        f"Another window or command trains a run in {folder} by now. Save the model of this training elsewhere."
    ]


# Until it begins, and back


def test_until_it_begins_it_gives_no_sign_of_life(folder: Path, clock: Clock) -> None:
    """Otherwise another computer takes it for trained where it was trained before, and refuses to continue it."""
    write_run(folder, record(host="elsewhere"))
    write_checkpoint(folder, checkpoint(16))
    for path in folder.iterdir():
        os.utime(path, (0, 0))
    with open_run(folder, STANDARD, record(host="elsewhere"), lambda _value: None, resume=True) as run:
        clock.seconds += BATCHES_SECONDS
        run.add(Progress("Reading"))
        assert (folder / BATCHES).stat().st_mtime == 0
    assert not is_trained_elsewhere(folder, record(host="elsewhere"))


def test_what_went_on_can_go_back(folder: Path) -> None:
    write_run(folder, record(Phase.STOPPED, host="here"))
    write_checkpoint(folder, checkpoint(16))
    write_checkpoint(folder, checkpoint(20))
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with open_run(folder, QUICK, record(Phase.STOPPED, host="here"), lambda _value: None, resume=True) as run:
        run.begin(run.record, run.recipe)
        for number in (3, 4, 5, 6):
            train(run, range(number, number + 1))
            save(run, number)
        assert run.go_back()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_what_is_new_cannot_go_back(run: RunWriter) -> None:
    run.begin(run.record, run.recipe)
    save(run, 1)
    assert not run.go_back()
