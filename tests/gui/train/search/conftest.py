"""A search that does what the test says."""

import threading
from pathlib import Path

import pytest

from cnngui.core.errors import UserError
from cnngui.core.progress import BatchProgress, Report, ShouldStop
from cnngui.core.search import search
from cnngui.core.search.control import SearchControl
from cnngui.core.search.search import Search
from cnngui.core.search.trials import Standing
from cnngui.core.search.worker import Changed
from tests.gui.conftest import Driver
from tests.searches import end_running, noted

BATCH = BatchProgress(1, 2, 1, 1, 1.0, 0.5, 1.0, 1.0, 1.0)


class FakeSearch:
    """Works on a trial until it is let go on or stopped; it ends with an accuracy of 0.7."""

    def __init__(self) -> None:
        self.trains, self.goes_on = threading.Event(), threading.Event()
        self.asked: list[Search] = []
        self.control = SearchControl()
        self.error: Exception | None = None

    def is_paused(self) -> bool:
        return self.control.is_paused

    def run(
        self, what: Search, *, progress: Report, should_stop: ShouldStop, control: SearchControl, changed: Changed
    ) -> Standing:
        self.asked.append(what)
        self.control = control
        if self.error is not None:
            raise self.error
        changed(noted(what.folder, [None]))
        progress(BATCH)
        self.trains.set()
        while not (self.goes_on.wait(0.01) or should_stop()):
            pass
        standing = end_running(what.folder, 0.7)
        changed(standing)
        return standing


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeSearch:
    fake = FakeSearch()
    monkeypatch.setattr(search, "search", fake.run)
    return fake


@pytest.fixture
def searcher(driver: Driver, few_shapes: None) -> Driver:
    """A window that shows Train and asks for a search of the learning rate."""
    driver.press("Ctrl+3")
    driver.choose(driver.window.train.form.recipe_box, "article")
    driver.click("Search")
    driver.click("Vary Learning rate")
    return driver


def begin(driver: Driver) -> Path:
    """Begin the search, wait for its first trial's batch, and return its folder."""
    driver.press("F5")
    driver.wait_until(lambda: driver.window.train.plot.is_running)
    folder = driver.window.search_state.folder
    assert folder is not None
    return folder


FULL = UserError("The disk is full. Free some space.")
