"""What the list says of runs: their state, and what of them cannot be read."""

import json
import os
import platform
import re
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from cnngui.core.errors import UserError
from cnngui.core.models.card import card_path
from cnngui.core.recipes.presets import STANDARD
from cnngui.core.runs import library
from cnngui.core.runs.checkpoint import write_checkpoint
from cnngui.core.runs.deleted import put_aside
from cnngui.core.runs.folder import BATCHES, HISTORY, MODEL, NOTES, RECIPE, RECORD
from cnngui.core.runs.library import SILENT_SECONDS, ListedRun, Status, list_runs
from cnngui.core.runs.lock import writing
from cnngui.core.runs.record import Notes, Phase, read_record, write_notes, write_record
from tests.core.runs.runs import checkpoint, epoch, record, write_run
from tests.core.runs.test_lock import held_elsewhere

HERE = platform.node()


def only(parent: Path) -> ListedRun:
    """The one run that is listed."""
    (found,) = list_runs(parent)
    return found


def with_model(folder: Path, model: Path) -> Path:
    """Put the trained model and its card into a run's folder."""
    folder.mkdir(exist_ok=True)
    shutil.copy(model, folder / MODEL)
    shutil.copy(card_path(model), card_path(folder / MODEL))
    return folder


def written(folder: Path, seconds_ago: float) -> None:
    """Let all files of the folder have been written so long ago."""
    moment = time.time() - seconds_ago
    for path in folder.iterdir():
        os.utime(path, (moment, moment))


# States


def test_a_waiting_run(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", record(Phase.WAITING), epochs=0)
    (run / HISTORY).unlink()
    (run / BATCHES).unlink()
    found = only(tmp_path)
    assert (found.status, found.problem, found.has_curves) == (Status.WAITING, "", False)
    assert (found.can_continue, found.can_train_longer) == (True, False)


def test_one_that_another_process_trains_until_it_is_killed(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", record(host=HERE))
    with held_elsewhere(run) as process:
        found = only(tmp_path)
        assert (found.status, found.problem, found.can_continue) == (Status.RUNNING, "", False)
        with pytest.raises(UserError, match=r"^“run” is being trained\. "):
            library.rename(found.path, "other")
        with pytest.raises(UserError, match=r"^“run” is being trained\. "):
            put_aside(found.folder)
        process.kill()
        process.wait()
        found = only(tmp_path)
        assert (found.status, found.problem, found.can_continue) == (Status.INTERRUPTED, "", True)
    put_aside(library.rename(found.path, "other").parent)
    assert library.list_runs(tmp_path) == []


def test_what_is_known_of_an_interrupted_one(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", record(host=HERE), epochs=3)
    write_checkpoint(run, checkpoint())
    write_notes(run, Notes("a note", ("tag",), archived=True))
    found = only(tmp_path)
    assert (found.name, found.kept, found.folder, found.has_model) == ("run", True, run, False)
    assert (found.data, found.recipe, found.recipe_title, found.device) == (
        "Shapes",
        STANDARD,
        "standard",
        "CPU, 2 cores",
    )
    assert (found.history, found.most_accurate_epoch, found.seconds) == (
        tuple(map(epoch, (1, 2, 3))),
        epoch(3),
        60.5 * 3,
    )
    assert (found.notes, found.has_checkpoint) == (Notes("a note", ("tag",), archived=True), True)
    assert (found.card, found.score, found.training, found.has_curves) == (None, None, None, True)


@pytest.mark.parametrize(
    ("phase", "status", "continues", "longer"),
    [
        (Phase.STOPPED, Status.STOPPED, True, False),
        (Phase.FINISHED, Status.FINISHED, False, True),
        (Phase.FAILED, Status.FAILED, True, False),
    ],
)
def test_one_that_has_ended(
    phase: Phase, status: Status, continues: bool, longer: bool, model: Path, tmp_path: Path
) -> None:
    run = with_model(write_run(tmp_path / "run", record(phase, host=HERE)), model)
    write_checkpoint(run, checkpoint())
    found = only(tmp_path)
    assert (found.status, found.problem) == (status, "")
    assert (found.can_continue, found.can_train_longer) == (continues, longer)
    assert found.score is not None


def test_one_on_another_computer_runs_until_it_is_silent(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", record(host="another computer"))
    found = read_record(run)
    assert found is not None
    for seconds_ago, status in ((0, Status.RUNNING), (SILENT_SECONDS - 60, Status.RUNNING), (-60, Status.RUNNING)):
        written(run, seconds_ago)
        assert only(tmp_path).status == status
        assert library.is_trained_elsewhere(run, found)
    written(run, SILENT_SECONDS + 60)
    assert only(tmp_path).status == Status.INTERRUPTED
    assert not library.is_trained_elsewhere(run, found)
    assert not library.is_trained_elsewhere(run, record(host=HERE))
    assert not library.is_trained_elsewhere(run, record(Phase.FINISHED, host="another computer"))


def test_a_model_of_before_there_were_runs(model: Path, tmp_path: Path) -> None:
    with_model(tmp_path / "old", model)
    found = only(tmp_path)
    assert (found.status, found.problem, found.record) == (Status.FINISHED, "", None)
    assert (found.data, found.recipe_title) == ("Easy colours", "tiny")
    assert len(found.history) == 2
    assert (found.can_continue, found.can_train_longer, found.has_curves) == (False, False, True)


def test_what_is_no_run_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    (tmp_path / "notes only").mkdir()
    write_notes(tmp_path / "notes only", Notes("x"))
    (tmp_path / "curves only").mkdir()
    (tmp_path / "curves only" / HISTORY).touch()
    (tmp_path / "names only").mkdir()
    for name in (RECORD, RECIPE, MODEL):
        (tmp_path / "names only" / name).mkdir()
    assert list_runs(tmp_path) == []


# What cannot be read


def newer(path: Path) -> None:
    if path.suffix == ".toml":
        path.write_text(re.sub("format = .", "format = 99", path.read_text()))
    else:
        path.write_text(json.dumps({"format": 99}) + "\n")


def foreign(path: Path) -> None:
    path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\n")


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:40])


DAMAGES: dict[str, Callable[[Path], None]] = {
    "missing": Path.unlink,
    "truncated": truncated,
    "foreign": foreign,
    "newer": newer,
}


def ended(tmp_path: Path, model: Path) -> Path:
    run = with_model(write_run(tmp_path / "run", record(Phase.FINISHED, host=HERE)), model)
    write_notes(run, Notes("a note"))
    return run


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        (name, damage)
        for name in (RECIPE, RECORD, HISTORY, NOTES)
        for damage in DAMAGES
        if (name, damage) not in {(NOTES, "missing"), (HISTORY, "truncated")}  # nothing is wrong then
    ],
)
def test_the_row_stays_and_names_the_file(name: str, damage: str, model: Path, tmp_path: Path) -> None:
    run = ended(tmp_path, model)
    DAMAGES[damage](run / name)
    found = only(tmp_path)
    assert found.name == "run"
    assert name in found.problem
    assert found.problem.count("\n") == 0
    assert found.problem.endswith(".")
    assert "cnngui to read it." in found.problem if damage == "newer" else "again." in found.problem
    assert found.score is not None  # the rest is there


def test_a_history_without_its_beginning_is_that_of_the_card(model: Path, tmp_path: Path) -> None:
    run = ended(tmp_path, model)
    foreign(run / HISTORY)
    assert len(only(tmp_path).history) == 2


def test_several_are_all_named(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", record(host=HERE))
    for name in (RECIPE, RECORD, HISTORY):
        foreign(run / name)
    found = only(tmp_path)
    assert all(name in found.problem for name in (RECIPE, RECORD, HISTORY))
    assert (found.record, found.recipe, found.history, found.status) == (None, None, (), Status.INTERRUPTED)
    assert not found.can_continue


def test_one_whose_model_is_gone_says_so(model: Path, tmp_path: Path) -> None:
    run = ended(tmp_path, model)
    (run / MODEL).unlink()
    found = only(tmp_path)
    assert (found.has_model, found.status) == (False, Status.FINISHED)
    assert MODEL in found.problem


@pytest.mark.parametrize("names", [(RECORD,), (RECIPE,), (RECIPE, RECORD)])
def test_one_that_begins_at_this_moment_lacks_nothing(names: tuple[str, ...], tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", replace(record(), sessions=()))
    for path in run.iterdir():
        if path.name not in names:
            path.unlink()
    with writing(run):
        assert only(tmp_path).problem == ""


def test_others_are_listed_beside_a_damaged_one(model: Path, tmp_path: Path) -> None:
    foreign(ended(tmp_path, model) / RECORD)
    write_run(tmp_path / "sound", record(host=HERE))
    assert {each.name: bool(each.problem) for each in list_runs(tmp_path)} == {"run": True, "sound": False}


def test_a_failed_one_tells_why(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", record(host=HERE))
    write_record(run, record(Phase.FAILED, host=HERE, reason="The training diverged."))
    found = only(tmp_path)
    assert found.record is not None
    assert (found.status, found.record.reason) == (Status.FAILED, "The training diverged.")


def test_one_whose_model_was_saved_elsewhere_says_where(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", record(host=HERE))
    write_record(run, record(Phase.FINISHED, host=HERE, model="/spare/model.keras"))
    found = only(tmp_path)
    assert (found.status, found.has_model) == (Status.FINISHED, False)
    assert found.problem == "Its model could not be saved here, so it was saved as /spare/model.keras"
