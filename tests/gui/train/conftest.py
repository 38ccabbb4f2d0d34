"""Trainings that take seconds, and stand still where a test wants them to."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cnngui.core.data.datasets import Dataset
from cnngui.core.progress import Report, Reported
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.runs import folder as runs
from cnngui.core.training import job
from cnngui.core.training.train import train as train_really
from cnngui.core.training.trained import Trained
from cnngui.gui.common.strips.result_strip import ResultStrip
from tests.gui.conftest import Driver, whole_box


@pytest.fixture
def trainer(small_article: None, driver: Driver) -> Driver:
    """A window that shows Train, set to the article's recipe for an epoch of six batches."""
    return set_up(driver)


def set_up(driver: Driver) -> Driver:
    """Show Train, and choose the article's recipe for an epoch of six batches."""
    driver.press("Ctrl+3")
    driver.choose(driver.window.train.form.recipe_box, "article")
    driver.enter(whole_box(driver.window.train.form, "epochs"), "1")
    return driver


@dataclass(frozen=True)
class Known:
    """The result of a training that was run to its end, and what it reported."""

    recipe: Recipe
    images: int
    trained: Trained
    reports: tuple[Reported, ...]


@pytest.fixture(scope="session")
def _known() -> list[Known]:
    return []


@pytest.fixture
def trained_at_once(trainer: Driver, _known: list[Known], monkeypatch: pytest.MonkeyPatch) -> Driver:
    """A trainer for tests of what follows a training: one like an earlier one reports and returns the same at once."""

    def train(dataset: Dataset, recipe: Recipe, *, progress: Report, **more: Any) -> Trained:
        for known in _known:
            if (known.recipe, known.images) == (recipe, len(dataset.train)):
                for value in known.reports:
                    progress(value)
                return known.trained
        reports: list[Reported] = []

        def report(value: Reported) -> None:
            reports.append(value)
            progress(value)

        trained = train_really(dataset, recipe, progress=report, **more)
        if not trained.stopped:
            _known.append(Known(recipe, len(dataset.train), trained, tuple(reports)))
        return trained

    monkeypatch.setattr(job, "train", train)
    return trainer


def train_for_long(driver: Driver) -> None:
    """Start a training that would take an hour, and wait for its first batch."""
    driver.enter(whole_box(driver.window.train.form, "batch_size"), "4")
    driver.enter(whole_box(driver.window.train.form, "epochs"), "1000")
    driver.click("Start")
    driver.wait_until(lambda: driver.window.train.plot.is_running)


def outcome(driver: Driver) -> str:
    """How the last training ended, as its strip is styled: "good", "doubtful", "stopped", "failed"; else empty."""
    (strip,) = driver.window.train.findChildren(ResultStrip)
    return str(strip.property("kind")) if strip.isVisible() else ""


def models(driver: Driver) -> list[Path]:
    """The models that were trained."""
    return list(driver.window.train_state.runs_dir.glob(f"*/{runs.MODEL}"))


class Gate:
    """Holds trainings at the first batch of an epoch, and counts all batches."""

    def __init__(self) -> None:
        self.batches = 0
        self._epoch: int | None = None
        self._is_held, self._goes_on = threading.Event(), threading.Event()

    def hold_in(self, epoch: int) -> None:
        """Hold the next training that comes to this epoch, counted from 1."""
        self._is_held.clear()
        self._goes_on.clear()
        self._epoch = epoch

    @property
    def is_held(self) -> bool:
        """Whether a training stands at the gate."""
        return self._is_held.is_set()

    def open(self) -> None:
        """Let it go on."""
        self._epoch = None
        self._goes_on.set()

    def pass_through(self, epoch: int) -> None:
        """A batch of this epoch ends."""
        self.batches += 1
        if epoch == self._epoch:
            self._is_held.set()
            self._goes_on.wait(60)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """Is open until it is told to hold a training."""
    from cnngui.core.training.callbacks import ProgressCallback

    gate, batch_end = Gate(), ProgressCallback.on_train_batch_end

    def end(callback: ProgressCallback, batch: int, logs: dict[str, Any] | None = None) -> None:
        gate.pass_through(callback.epoch + 1)
        batch_end(callback, batch, logs)

    monkeypatch.setattr(ProgressCallback, "on_train_batch_end", end)
    yield gate
    gate.open()
