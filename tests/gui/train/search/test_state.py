"""The phases of a search."""

import math
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cnngui.core.errors import Stopped
from cnngui.core.search.following import Seen
from cnngui.core.search.search import Search
from cnngui.core.search.worker import Budget
from cnngui.gui.train.search.endings import NotBegun, SearchBroken, Searched, SearchEnding, SearchPhase, TrialBegan
from cnngui.gui.train.search.state import SearchState
from tests.gui.train.search.conftest import FULL, FakeSearch

PATIENCE = 10_000


@pytest.fixture
def state(qtbot: QtBot) -> Iterator[SearchState]:
    state = SearchState()
    yield state
    state.stop()
    state.wait()
    qtbot.waitUntil(lambda: not state.is_busy)


@pytest.fixture
def until(qtbot: QtBot, state: SearchState) -> Callable[[SearchPhase], None]:
    return lambda phase: qtbot.waitUntil(lambda: state.phase == phase, timeout=PATIENCE)


@pytest.fixture
def endings(state: SearchState) -> list[SearchEnding]:
    seen: list[SearchEnding] = []
    state.ended.connect(seen.append)
    return seen


def start(state: SearchState, folder: Path, budget: Budget | None = None) -> None:
    what = Search(folder, "shapes", budget=budget or Budget())
    state.start(folder, lambda: what)


def test_a_search_is_paused_and_ends(
    state: SearchState,
    fake: FakeSearch,
    tmp_path: Path,
    until: Callable[[SearchPhase], None],
    endings: list[SearchEnding],
) -> None:
    seen: list[Seen] = []
    state.seen.connect(seen.append)
    start(state, tmp_path / "one")
    assert state.can_stop
    assert not state.can_pause
    until(SearchPhase.RUNNING)
    assert state.trial == TrialBegan(
        1, "Drawn shapes", seen[0].standing.recipe(seen[0].standing.trials[0]), tmp_path / "one/one-0001/model.keras"
    )
    state.pause_or_resume()
    assert fake.is_paused()
    until(SearchPhase.PAUSED)
    state.pause_or_resume()
    assert not fake.is_paused()
    fake.goes_on.set()
    until(SearchPhase.IDLE)
    (ending,) = endings
    assert isinstance(ending, Searched)
    assert not ending.is_stopped
    assert ending.standing.best is not None
    assert seen[-1].standing == ending.standing
    assert state.trial is None


def test_a_stopped_search_goes_on_with_the_same_budget(
    state: SearchState,
    fake: FakeSearch,
    tmp_path: Path,
    until: Callable[[SearchPhase], None],
    endings: list[SearchEnding],
) -> None:
    start(state, tmp_path / "one", Budget(trials=5))
    until(SearchPhase.RUNNING)
    state.stop()
    assert state.phase == SearchPhase.STOPPING
    until(SearchPhase.IDLE)
    assert isinstance(endings[0], Searched)
    assert endings[0].is_stopped
    state.start_again()
    until(SearchPhase.RUNNING)
    assert fake.asked[0] == fake.asked[1]
    assert state.budget == Budget(trials=5)


def test_the_time_that_is_left_stands_still_in_a_pause(
    state: SearchState, fake: FakeSearch, tmp_path: Path, until: Callable[[SearchPhase], None]
) -> None:
    start(state, tmp_path / "one", Budget(seconds=100))
    until(SearchPhase.RUNNING)
    state.pause_or_resume()
    left = state.seconds_left
    assert left is not None
    assert 0 < left <= 100
    assert math.isclose(state.seconds_left or 0, left, abs_tol=0.1)
    state.pause_or_resume()


def test_a_failure_and_a_bug_end_a_search(
    state: SearchState,
    fake: FakeSearch,
    tmp_path: Path,
    until: Callable[[SearchPhase], None],
    endings: list[SearchEnding],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fake.error = FULL
    start(state, tmp_path)
    until(SearchPhase.IDLE)
    fake.error = Stopped()
    start(state, tmp_path)
    until(SearchPhase.IDLE)
    monkeypatch.setattr("cnngui.gui.common.bugs.report", lambda _: None)
    fake.error = ValueError("a bug")
    start(state, tmp_path)
    until(SearchPhase.IDLE)
    assert endings == [FULL, NotBegun(), SearchBroken()]
