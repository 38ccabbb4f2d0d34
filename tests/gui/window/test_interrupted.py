"""What the window offers at its start: trainings that were interrupted, or waited when the program ended."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from cnngui.core.progress import EpochResult
from cnngui.core.recipes.presets import ARTICLE
from cnngui.core.runs.checkpoint import checkpoints
from cnngui.core.runs.folder import MODEL
from cnngui.core.runs.history import read_epochs
from cnngui.core.runs.opening import new_record, queue_run
from cnngui.core.runs.record import Notes, Phase, read_record, write_notes
from cnngui.core.training.job import Job, run
from cnngui.gui.common import questions
from tests.conftest import training_record
from tests.gui.conftest import Driver, Opener, whole_box
from tests.gui.train.conftest import set_up, train_for_long

RECIPE = ARTICLE.changed({"optimization.epochs": 2})

pytestmark = pytest.mark.usefixtures("few_shapes", "small_article")


class Killed(BaseException):
    """What no training catches."""


def interrupt(folder: Path) -> Path:
    """Train in this folder, and end the program, as it were, after the first of two epochs."""

    def kill(value: Any) -> None:
        if isinstance(value, EpochResult):
            raise Killed

    with pytest.raises(Killed):
        run(Job("shapes", RECIPE, folder / MODEL), progress=kill)
    assert phase(folder) == Phase.TRAINING
    return folder


def leave_waiting(folder: Path) -> Path:
    """A run that waits for its turn."""
    queue_run(folder, RECIPE.changed({"optimization.epochs": 1}), new_record("shapes", "Drawn shapes", None, ()))
    return folder


def phase(folder: Path) -> Phase | None:
    record = read_record(folder)
    return record.phase if record else None


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    return tmp_path / "runs"


@pytest.fixture
def _may_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "may_stop_training", lambda _: True)


def is_offered(driver: Driver) -> bool:
    return driver.window.strips.interrupted_runs.isVisible()


def looked(driver: Driver) -> Driver:
    """The window, once it has looked for such runs."""
    driver.wait_until(lambda: not driver.window.strips.interrupted_runs._task.is_running)
    return driver


def test_an_interrupted_training_is_continued_with_a_click(open_window: Opener, runs: Path) -> None:
    folder = interrupt(runs / "first")
    driver = open_window()
    driver.wait_for("A training was interrupted")
    driver.click("Continue")
    assert not is_offered(driver)
    assert driver.window.train.isVisible()
    driver.wait_for_rest()
    assert phase(folder) == Phase.FINISHED
    assert [each.epoch for each in read_epochs(folder)] == [1, 2]
    assert training_record(folder / MODEL).history == read_epochs(folder)


def test_what_is_offered_is_described(open_window: Opener, runs: Path) -> None:
    waiting = leave_waiting(runs / "queued")
    driver = open_window()
    driver.wait_for("A training was interrupted")
    assert driver.sees("“queued” was queued for 1 epoch and has not begun.")
    driver.close()
    assert phase(waiting) == Phase.WAITING


def test_several_go_on_one_after_the_other(open_window: Opener, runs: Path) -> None:
    folders = [interrupt(runs / "a"), leave_waiting(runs / "b"), leave_waiting(runs / "c")]
    driver = open_window()
    driver.wait_for("3 trainings were interrupted")
    assert driver.sees("The newest: “c” was queued for 1 epoch and has not begun.")
    order: list[str] = []
    driver.window.train_state.ended.connect(lambda ending: order.append(ending.path.parent.name))
    driver.click("Continue all")
    for count in (1, 2, 3):
        driver.wait_until(lambda count=count: len(order) >= count)  # type: ignore[misc]
    driver.wait_for_rest()
    assert order == ["a", "b", "c"]  # in which they were asked for
    assert [phase(each) for each in folders] == [Phase.FINISHED] * 3


@pytest.mark.parametrize("choice", ["Show", "Not now"])
def test_it_can_be_looked_at_or_put_off(open_window: Opener, runs: Path, choice: str) -> None:
    folder = leave_waiting(runs / "first")
    driver = open_window()
    driver.wait_for("A training was interrupted")
    driver.click(choice)
    assert not is_offered(driver)
    assert not driver.window.train_state.is_busy
    assert driver.window.runs.isVisible() == (choice == "Show")
    assert phase(folder) == Phase.WAITING
    driver.close()
    again = open_window()
    again.wait_for("A training was interrupted")


def test_archived_runs_are_not_offered(open_window: Opener, runs: Path) -> None:
    write_notes(leave_waiting(runs / "old"), Notes(archived=True))
    leave_waiting(runs / "new")
    driver = open_window()
    driver.wait_for("A training was interrupted")
    assert driver.sees("“new” was queued")
    driver.close()
    write_notes(runs / "new", Notes(archived=True))
    assert not is_offered(looked(open_window()))


def test_nothing_is_offered_without_such_runs(open_window: Opener, runs: Path) -> None:
    assert not is_offered(looked(open_window()))
    driver = set_up(open_window())
    driver.click("Start")
    driver.wait_for_rest()
    driver.close()
    assert len(list(runs.glob(f"*/{MODEL}"))) == 1
    assert not is_offered(looked(open_window()))


@pytest.mark.usefixtures("_may_stop")
def test_what_waits_when_the_window_closes_is_offered_by_the_next_one(open_window: Opener, runs: Path) -> None:
    driver = set_up(open_window())
    train_for_long(driver)
    driver.enter(whole_box(driver.window.train.form, "epochs"), "1")
    driver.click("Queue")
    driver.close()
    driver.wait_until(lambda: not driver.window.isVisible())
    stopped, waiting = sorted(runs.iterdir())
    assert (phase(stopped), phase(waiting)) == (Phase.STOPPED, Phase.WAITING)
    assert not checkpoints(waiting)
    again = open_window()
    again.wait_for("A training was interrupted")  # the other one was stopped on purpose
    assert again.sees(f"“{waiting.name}” was queued for 1 epoch and has not begun.")
    again.click("Continue")
    again.wait_for_rest()
    assert phase(waiting) == Phase.FINISHED


def test_what_is_gone_or_renamed_meanwhile_is_not_offered(open_window: Opener, runs: Path) -> None:
    first, second = leave_waiting(runs / "a"), leave_waiting(runs / "b")
    driver = open_window()
    driver.wait_for("2 trainings were interrupted")
    second.rename(runs / "c")
    driver.window._model.moved(second / MODEL, runs / "c" / MODEL)
    driver.wait_for("The newest: “c” was queued for 1 epoch and has not begun.")
    shutil.rmtree(runs / "c")
    driver.window._model.moved(runs / "c" / MODEL, None)
    driver.wait_for("“a” was queued for 1 epoch and has not begun.")
    shutil.rmtree(first)
    driver.window._model.moved(first / MODEL, None)
    driver.wait_until(lambda: not is_offered(driver))
