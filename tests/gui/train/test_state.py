"""The phases of a training, with a job that does what the test says."""

import threading
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cnngui.core.data.datasets import RawData
from cnngui.core.device import Devices
from cnngui.core.errors import Stopped, UserError
from cnngui.core.models.card import Card
from cnngui.core.progress import BatchProgress, Progress, Report, ShouldStop
from cnngui.core.recipes.presets import QUICK
from cnngui.core.runs.folder import RECORD
from cnngui.core.runs.record import read_record
from cnngui.core.training import job
from cnngui.core.training.control import Control
from cnngui.core.training.job import Job, JobResult
from cnngui.core.training.saving import NextPlace
from cnngui.gui.train.phases import Broken, Cancelled, Discarded, Ending, Phase
from cnngui.gui.train.requests import Request
from cnngui.gui.train.state import TrainState

PATIENCE = 10_000
BATCH = BatchProgress(1, 1, 1, 1, 1.0, 0.5, 1.0, 1.0, 1.0)
FULL = UserError("The disk is full. Free some space.")


class Network:
    """As Keras' networks, in a reference cycle."""

    def __init__(self) -> None:
        self.layer = self


class FakeJob:
    """A job that trains until it is let go on, and saves where it can."""

    def __init__(self) -> None:
        self.trains, self.goes_on = threading.Event(), threading.Event()
        self.tried: list[Path] = []
        self.full: set[Path] | None = set()  # the places where nothing can be saved; None: all of them
        self.error: Exception | None = None
        self.todo: list[Job] = []
        self.control: Control | None = None  # of the training that has begun last
        self.networks: list[weakref.ref[Network]] = []

    def run(
        self,
        todo: Job,
        _raw: RawData | None,
        *,
        progress: Report,
        should_stop: ShouldStop,
        control: Control,
        next_place: NextPlace,
    ) -> JobResult:
        self.todo.append(todo)
        self.control = control
        self.networks.append(weakref.ref(Network()))
        progress(Progress("Loading"))
        progress(BATCH)
        self.trains.set()
        while not self.goes_on.wait(0.01):
            if should_stop():
                break
        if should_stop() and not control.keeps:
            raise Stopped
        if self.error is not None:
            raise self.error
        path: Path | None = todo.path
        progress(Progress("Saving the model", can_stop=False))
        while path is not None:
            self.tried.append(path)
            if self.full is not None and path not in self.full:
                return JobResult(path, Card(("a", "b")), stopped=should_stop(), left_out=())
            path = next_place(FULL, path)
        raise FULL


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeJob:
    fake = FakeJob()
    monkeypatch.setattr(job, "run", fake.run)
    return fake


@pytest.fixture
def state(qtbot: QtBot, tmp_path: Path) -> Iterator[TrainState]:
    state = TrainState(tmp_path / "runs")
    yield state
    state.hold_queue()
    state.stop()
    state.unsaved.discard()
    state.wait()
    qtbot.waitUntil(lambda: state.phase == Phase.IDLE)


@pytest.fixture
def phases(state: TrainState) -> list[Phase]:
    seen: list[Phase] = []
    state.phase_changed.connect(seen.append)
    return seen


@pytest.fixture
def endings(state: TrainState) -> list[Ending]:
    seen: list[Ending] = []
    state.ended.connect(seen.append)
    return seen


@pytest.fixture
def until(qtbot: QtBot, state: TrainState) -> Callable[[Phase], None]:
    return lambda phase: qtbot.waitUntil(lambda: state.phase == phase, timeout=PATIENCE)


def start(state: TrainState) -> None:
    state.start(QUICK, "shapes", "Drawn shapes", None)


def test_the_chosen_devices_are_those_of_the_trainings_to_come(
    state: TrainState, fake: FakeJob, until: Callable[[Phase], None]
) -> None:
    start(state)
    until(Phase.TRAINING)
    state.devices = Devices.CPU
    start(state)
    fake.goes_on.set()
    until(Phase.IDLE)
    assert [each.devices for each in fake.todo] == [Devices.FIRST, Devices.CPU]


def test_the_phases_of_a_training(
    state: TrainState, fake: FakeJob, phases: list[Phase], endings: list[Ending], until: Callable[[Phase], None]
) -> None:
    start(state)
    assert (state.can_start, state.can_stop) == (False, True)
    until(Phase.TRAINING)
    assert (state.can_start, state.can_stop) == (False, True)
    fake.goes_on.set()
    until(Phase.IDLE)
    assert phases == [Phase.PREPARING, Phase.TRAINING, Phase.SAVING, Phase.IDLE]
    assert (state.can_start, state.can_stop) == (True, False)
    (ending,) = endings
    assert isinstance(ending, JobResult)
    assert ending.path.parent.parent == state.runs_dir


def test_a_stop_saves_and_a_second_one_does_nothing(
    state: TrainState, fake: FakeJob, phases: list[Phase], endings: list[Ending], until: Callable[[Phase], None]
) -> None:
    start(state)
    until(Phase.TRAINING)
    state.stop()
    assert not state.can_stop
    state.stop()
    until(Phase.IDLE)
    assert phases == [Phase.PREPARING, Phase.TRAINING, Phase.STOPPING, Phase.SAVING, Phase.IDLE]
    assert isinstance(endings[0], JobResult)
    assert endings[0].stopped


def test_saving_cannot_be_stopped(
    state: TrainState, fake: FakeJob, endings: list[Ending], until: Callable[[Phase], None]
) -> None:
    refused: list[bool] = []

    def stop_while_saving(phase: Phase) -> None:
        if phase == Phase.SAVING:
            refused.append(not state.can_stop)
            state.stop()
            refused.append(state.phase == Phase.SAVING)

    state.phase_changed.connect(stop_while_saving)
    start(state)
    fake.goes_on.set()
    until(Phase.IDLE)
    assert refused == [True, True]
    assert isinstance(endings[0], JobResult)
    assert not endings[0].stopped


@pytest.mark.parametrize(
    ("error", "ending"),
    [(Stopped(), Cancelled()), (ValueError("a bug"), Broken()), (FULL, FULL)],
)
def test_a_training_without_a_model(
    state: TrainState,
    fake: FakeJob,
    endings: list[Ending],
    until: Callable[[Phase], None],
    error: Exception,
    ending: Ending,
) -> None:
    fake.error = error
    fake.goes_on.set()
    start(state)
    until(Phase.IDLE)
    assert endings == [ending]


def test_a_model_that_cannot_be_saved_waits_for_another_place(
    state: TrainState, fake: FakeJob, endings: list[Ending], until: Callable[[Phase], None], tmp_path: Path
) -> None:
    fake.full = None
    fake.goes_on.set()
    start(state)
    until(Phase.UNSAVED)
    assert (state.is_busy, state.can_start, state.can_stop) == (False, True, False)
    state.unsaved.save_again()
    state.unsaved.save_again()  # while it is being saved: that would answer the next question
    until(Phase.UNSAVED)
    first, second = fake.tried
    assert first == second
    fake.full = {first}
    state.unsaved.save_in(tmp_path / "elsewhere")
    until(Phase.IDLE)
    (ending,) = endings
    assert isinstance(ending, JobResult)
    assert ending.path == tmp_path / "elsewhere" / first.parent.name / first.name


def test_a_new_training_discards_the_unsaved_model(
    state: TrainState, fake: FakeJob, endings: list[Ending], until: Callable[[Phase], None]
) -> None:
    fake.full = None
    fake.goes_on.set()
    start(state)
    until(Phase.UNSAVED)
    fake.full = set()
    start(state)
    until(Phase.IDLE)
    until(Phase.IDLE)
    assert len(endings) == 1
    assert isinstance(endings[0], JobResult)
    assert not state.is_unsaved


def test_nobody_there_to_choose_a_place(
    state: TrainState, fake: FakeJob, endings: list[Ending], until: Callable[[Phase], None]
) -> None:
    start(state)
    until(Phase.TRAINING)
    fake.full = None
    state.unsaved.save_unattended()
    state.stop()
    until(Phase.IDLE)
    assert endings == [FULL]
    assert len(set(fake.tried)) == 2  # its own place and one among the temporary files
    assert fake.tried[1] == state.unsaved.spare_path


# The queue


def waiting(name: str, made: list[Path]) -> Request:
    """A training to come, which notes the path that its job is made for."""

    def make(path: Path) -> Job:
        made.append(path)
        return Job("shapes", QUICK, path)

    return Request(Path(f"/runs/{name}/model.keras"), "Drawn shapes", QUICK, make)


def test_what_waits_follows_its_run(state: TrainState, fake: FakeJob, until: Callable[[Phase], None]) -> None:
    made: list[Path] = []
    start(state)
    for name in ("first", "second", "third"):
        state.ask(waiting(name, made))
    state.model_moved(Path("/runs/first/model.keras"), Path("/runs/renamed/model.keras"))
    state.model_moved(Path("/runs/second/model.keras"), None)
    fake.goes_on.set()
    until(Phase.IDLE)
    until_made = [Path(f"/runs/{name}/model.keras") for name in ("renamed", "third")]
    assert [each.path for each in fake.todo[1:]] == made == until_made  # by the same maker, in the same order


def test_what_waited_when_it_was_deleted_is_back_in_its_place(
    state: TrainState, fake: FakeJob, until: Callable[[Phase], None]
) -> None:
    paths = [Path(f"/runs/{name}/model.keras") for name in ("first", "second", "third")]
    start(state)
    for name in ("first", "second", "third"):
        state.ask(waiting(name, []))
    for path in paths[:2]:
        state.model_moved(path, None)
    new = Path("/runs/second (2)/model.keras")  # its name was taken meanwhile
    state.model_back(paths[1], new)
    state.model_back(paths[0], paths[0])
    assert [each.path for each in state.queue] == [paths[0], new, paths[2]]
    state.model_moved(paths[2], None)
    fake.goes_on.set()
    until(Phase.IDLE)
    state.model_back(paths[2], paths[2])
    assert (state.queue, state.phase) == ((), Phase.IDLE)  # an undo begins no training


def test_what_did_not_wait_when_it_was_deleted_does_not_wait_later(state: TrainState) -> None:
    path = Path("/runs/first/model.keras")
    start(state)
    state.ask(waiting("first", []))
    state.model_moved(path, None)
    state.model_moved(path, None)  # another one of that name
    state.model_back(path, path)
    assert state.queue == ()


def test_an_unsaved_model_that_is_given_up_as_the_window_closes_begins_nothing(
    state: TrainState, fake: FakeJob, endings: list[Ending], until: Callable[[Phase], None]
) -> None:
    start(state)
    state.ask(waiting("next", []))
    fake.full = None
    fake.goes_on.set()
    until(Phase.UNSAVED)
    state.hold_queue()
    state.unsaved.discard()
    until(Phase.IDLE)
    assert endings == [FULL]  # the window waits for it
    assert len(fake.todo) == 1


def test_what_comes_after_the_last_epoch_cannot_be_paused(
    state: TrainState, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, until: Callable[[Phase], None]
) -> None:
    measured = threading.Event()

    def run(todo: Job, _raw: object, *, progress: Report, **_: object) -> JobResult:
        progress(BATCH)
        progress(Progress("Classifying the test images"))
        measured.wait(PATIENCE / 1000)
        return JobResult(todo.path, Card(("a", "b")), stopped=False, left_out=())

    monkeypatch.setattr(job, "run", run)
    start(state)
    until(Phase.FINISHING)
    assert (state.can_pause, state.can_stop, state.is_busy) == (False, True, True)
    measured.set()
    until(Phase.IDLE)


def wait_on_disk(qtbot: QtBot, state: TrainState) -> None:
    """Until all that waits is written."""
    qtbot.waitUntil(lambda: all((each.path.parent / RECORD).exists() for each in state.queue), timeout=PATIENCE)


def test_trainings_wait_in_order_and_one_is_withdrawn(
    state: TrainState, fake: FakeJob, endings: list[Ending], until: Callable[[Phase], None], qtbot: QtBot
) -> None:
    start(state)
    until(Phase.TRAINING)
    for _ in range(3):
        start(state)
    assert state.current is not None
    first, second, third, fourth = state.current, *state.queue
    assert len({each.path for each in (first, second, third, fourth)}) == 4  # all within the same second
    wait_on_disk(qtbot, state)
    state.ask(second)  # it waits already
    assert list(state.queue) == [second, third, fourth]
    state.withdraw(third)
    assert third not in state.queue
    fake.goes_on.set()
    qtbot.waitUntil(lambda: len(endings) == 3, timeout=PATIENCE)
    assert [each.path for each in endings if isinstance(each, JobResult)] == [first.path, second.path, fourth.path]
    assert not state.queue
    record = read_record(third.path.parent)
    assert record is not None
    assert record.phase == "waiting"


def test_a_failed_training_does_not_hold_up_the_queue(
    state: TrainState, fake: FakeJob, endings: list[Ending], until: Callable[[Phase], None], qtbot: QtBot
) -> None:
    start(state)
    until(Phase.TRAINING)
    start(state)
    wait_on_disk(qtbot, state)
    fake.error = UserError("The reason.")
    fake.goes_on.set()
    qtbot.waitUntil(lambda: len(endings) == 2, timeout=PATIENCE)
    assert not state.queue
    assert state.can_start


def test_while_the_window_closes_no_other_training_begins(
    state: TrainState, fake: FakeJob, endings: list[Ending], until: Callable[[Phase], None], qtbot: QtBot
) -> None:
    start(state)
    until(Phase.TRAINING)
    start(state)
    (waiting,) = state.queue
    state.hold_queue()
    state.stop()
    until(Phase.IDLE)
    assert len(endings) == 1
    assert state.queue == (waiting,)
    state.wait()
    assert (waiting.path.parent / RECORD).exists()


def test_a_pause_reaches_the_training_and_a_stop_ends_it(
    state: TrainState, fake: FakeJob, phases: list[Phase], endings: list[Ending], until: Callable[[Phase], None]
) -> None:
    state.pause_or_resume()  # there is nothing to pause
    assert phases == []
    start(state)
    until(Phase.TRAINING)
    assert fake.control is not None
    for is_paused in (True, False, True):
        state.pause_or_resume()
        assert fake.control.is_paused == is_paused
        assert state.can_pause
        assert state.can_stop
    state.stop()
    until(Phase.IDLE)
    assert phases[2:] == [Phase.PAUSED, Phase.TRAINING, Phase.PAUSED, Phase.STOPPING, Phase.SAVING, Phase.IDLE]
    assert isinstance(endings[0], JobResult)


def test_a_discarded_training_says_whose_run_is_to_go(
    state: TrainState, fake: FakeJob, endings: list[Ending], until: Callable[[Phase], None]
) -> None:
    start(state)
    until(Phase.TRAINING)
    assert state.current is not None
    state.discard()
    until(Phase.IDLE)
    assert endings == [Discarded(state.current.path)]
    assert fake.tried == []


def test_more_epochs_reach_the_training(state: TrainState, fake: FakeJob, until: Callable[[Phase], None]) -> None:
    start(state)
    until(Phase.TRAINING)
    assert state.epochs == QUICK.optimization.epochs
    state.train_longer(QUICK.optimization.epochs + 5)
    assert state.epochs == QUICK.optimization.epochs + 5
    assert fake.control is not None
    assert fake.control.epochs == QUICK.optimization.epochs + 5


def test_the_network_of_one_training_is_not_in_memory_beside_the_next(
    state: TrainState, fake: FakeJob, until: Callable[[Phase], None]
) -> None:
    start(state)
    fake.goes_on.set()
    until(Phase.IDLE)
    (network,) = fake.networks
    assert network() is not None
    start(state)
    assert network() is None
