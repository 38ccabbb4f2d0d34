"""A list of runs that is read again: of those that have ended, only what has changed."""

import os
from pathlib import Path

import pytest

from cnngui.core.runs.folder import MODEL, RECORD
from cnngui.core.runs.known import KnownRuns
from cnngui.core.runs.library import Status, list_runs
from cnngui.core.runs.lock import writing
from cnngui.core.runs.record import Notes, Phase, write_notes
from tests.core.runs.runs import record, write_run


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A stopped run, an hour after its end."""
    return age(write_run(tmp_path / "run", record(Phase.STOPPED)))


def age(folder: Path) -> Path:
    """Let an hour pass since the folder was changed."""
    moment = folder.stat().st_mtime - 3600
    os.utime(folder, (moment, moment))
    return folder


def damage_unseen(folder: Path) -> None:
    """Damage the record in place, which no time of the folder tells."""
    (folder / RECORD).write_bytes(b"{")


def status(known: KnownRuns, folder: Path) -> tuple[Status, str]:
    found = known.describe(folder / MODEL, folder.name, kept=True)
    assert found is not None
    return found.status, found.problem


def test_what_has_ended_is_read_once(run: Path) -> None:
    known = KnownRuns()
    first = known.describe(run / MODEL, "run", kept=True)
    damage_unseen(run)
    assert known.describe(run / MODEL, "run", kept=True) is first
    (listed,) = list_runs(run.parent, describe=known.describe)
    assert listed is first


def test_what_has_changed_is_read_again(run: Path) -> None:
    known = KnownRuns()
    status(known, run)
    write_notes(run, Notes("better", ()))
    found = known.describe(run / MODEL, "run", kept=True)
    assert found is not None
    assert found.notes.note == "better"


@pytest.mark.parametrize("phase", [Phase.TRAINING, Phase.WAITING])
def test_what_has_not_ended_is_read_each_time(tmp_path: Path, phase: Phase) -> None:
    folder = age(write_run(tmp_path / "run", record(phase)))
    known = KnownRuns()
    assert status(known, folder)[1] == ""
    damage_unseen(folder)
    assert "damaged" in status(known, folder)[1]


def test_what_has_just_ended_is_read_again(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", record(Phase.STOPPED))
    known = KnownRuns()
    status(known, folder)
    damage_unseen(folder)
    assert "damaged" in status(known, folder)[1]


def test_one_that_goes_on_is_seen(run: Path) -> None:
    known = KnownRuns()
    assert status(known, run)[0] == Status.STOPPED
    with writing(run):
        assert status(known, run)[0] == Status.RUNNING


def test_one_that_is_gone_is_no_longer_there(run: Path) -> None:
    known = KnownRuns()
    status(known, run)
    for file in run.iterdir():
        file.unlink()
    run.rmdir()
    assert known.describe(run / MODEL, "run", kept=True) is None
