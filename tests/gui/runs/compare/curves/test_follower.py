import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cnngui.core.runs.folder import BATCHES, HISTORY
from cnngui.core.runs.history import History, append_batches, append_epoch, read_history
from cnngui.core.runs.library import ListedRun, Status
from cnngui.gui.runs.compare.curves import follower as module
from cnngui.gui.runs.compare.curves.follower import SILENT_SECONDS, CurveFollower, read
from tests.gui.runs.compare.conftest import Runs, results, rows


class Clock:
    """A clock that only moves when told to."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def follower(qtbot: QtBot, clock: Clock) -> Iterator[CurveFollower]:
    made = CurveFollower(clock=clock)
    yield made
    made.stop()


def live(run: ListedRun) -> ListedRun:
    """The run as if it were being trained."""
    return replace(run, status=Status.RUNNING)


def epochs(follower: CurveFollower, run: ListedRun) -> float:
    found = follower.curves(run.path)
    return found.epochs if found else 0.0


def look(follower: CurveFollower, bot: QtBot) -> None:
    """Look once, and wait for the answer."""
    with bot.waitSignals([follower.told] * 2, timeout=10_000):
        follower.look()


def test_a_run_that_grows_is_read_again(follower: CurveFollower, runs: Runs, qtbot: QtBot) -> None:
    run, ended = live(runs.make("one", 2)), runs.make("two", 3)
    with qtbot.waitSignal(follower.changed):
        follower.follow([run, ended])
    assert (epochs(follower, run), epochs(follower, ended)) == (2, 3)
    kept = follower.curves(ended.path)
    append_epoch(run.folder, results(3)[2])
    append_batches(run.folder, [rows(3)[80:]])
    look(follower, qtbot)
    assert epochs(follower, run) == 3
    assert follower.curves(ended.path) is kept


def test_a_reader_that_broke_is_asked_again(
    follower: CurveFollower, runs: Runs, qtbot: QtBot, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = live(runs.make("one", 2))

    def slip(*_: object) -> None:
        raise ValueError("a mistake")

    with monkeypatch.context() as patch, qtbot.waitSignal(follower.told):
        patch.setattr(module, "read_all", slip)
        follower.follow([run])
    clock.now += 2 * SILENT_SECONDS
    assert follower.trouble(run.path) == ""  # its place can be reached
    with qtbot.waitSignal(follower.changed):
        follower.look()
    assert epochs(follower, run) == 2


def test_what_has_not_changed_is_not_read_again(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    run = runs.make("one")
    first = read(run, None)
    monkeypatch.setattr(module, "read_history", lambda _folder: pytest.fail("read again"))
    assert read(run, first.signature).curves is None


def test_old_curves_stay_while_a_folder_is_gone_and_it_recovers(
    follower: CurveFollower, runs: Runs, qtbot: QtBot, clock: Clock
) -> None:
    run = live(runs.make("one", 2))
    with qtbot.waitSignal(follower.changed):
        follower.follow([run])
    away = run.folder.with_name("away")
    run.folder.rename(away)
    clock.now += 12
    look(follower, qtbot)
    assert follower.trouble(run.path) == "cannot be reached; last read 12 s ago"
    assert epochs(follower, run) == 2
    run.folder.mkdir()  # the folder is there, but what was mounted in it is not
    look(follower, qtbot)
    assert follower.trouble(run.path) == "cannot be reached; last read 12 s ago"
    run.folder.rmdir()
    away.rename(run.folder)
    append_batches(run.folder, [rows(3)[80:]])
    look(follower, qtbot)
    assert follower.trouble(run.path) == ""
    assert epochs(follower, run) == 3


def test_a_run_that_was_never_reached_is_tried_again(follower: CurveFollower, runs: Runs, qtbot: QtBot) -> None:
    run = runs.make("one", 2)
    away = run.folder.with_name("away")
    run.folder.rename(away)
    with qtbot.waitSignal(follower.told):
        follower.follow([run])
    assert follower.trouble(run.path) == "cannot be reached"
    away.rename(run.folder)
    look(follower, qtbot)
    assert epochs(follower, run) == 2


def test_a_place_that_does_not_answer_holds_up_no_other(
    follower: CurveFollower, runs: Runs, tmp_path: Path, qtbot: QtBot, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = live(runs.make("one", 2))
    (tmp_path / "far").mkdir()
    far = live(Runs(tmp_path / "far").make("two", 3))
    answer = threading.Event()

    def slow(folder: Path) -> History:
        if folder == far.folder:
            answer.wait(60)
        return read_history(folder)

    monkeypatch.setattr(module, "read_history", slow)
    try:
        with qtbot.waitSignal(follower.changed):
            follower.follow([here, far])
        assert (epochs(follower, here), epochs(follower, far)) == (2, 0)
        clock.now += SILENT_SECONDS + 1
        assert follower.trouble(far.path) == "cannot be reached"
        assert follower.trouble(here.path) == ""
        append_batches(here.folder, [rows(3)[80:]])
        with qtbot.waitSignal(follower.changed):
            follower.look()
        assert epochs(follower, here) == 3
    finally:
        with qtbot.waitSignal(follower.changed):
            answer.set()
    assert epochs(follower, far) == 3
    assert follower.trouble(far.path) == ""


@pytest.mark.parametrize("name", [HISTORY, BATCHES])
def test_a_damaged_file_is_named(follower: CurveFollower, runs: Runs, qtbot: QtBot, name: str) -> None:
    run = runs.make("one")
    (run.folder / name).write_bytes(b"something else\nand more of it\n")
    with qtbot.waitSignal(follower.told):
        follower.follow([run])
    assert name in follower.trouble(run.path)
    assert follower.curves(run.path) is None


def test_a_model_from_before_there_were_runs_has_curves(follower: CurveFollower, runs: Runs, qtbot: QtBot) -> None:
    run = runs.make_former("old", 5)
    with qtbot.waitSignal(follower.changed):
        follower.follow([run])
    assert epochs(follower, run) == 5
    assert follower.trouble(run.path) == ""


def test_nothing_is_read_after_a_stop(follower: CurveFollower, runs: Runs) -> None:
    run = runs.make("one")
    follower.stop()
    follower.follow([run])
    follower.look()
    assert follower.curves(run.path) is None
    shutil.rmtree(run.folder)
