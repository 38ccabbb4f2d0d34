"""Runs on disk that nobody has trained."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from cnngui.core.models.card import Card, TrainingRecord
from cnngui.core.progress import EpochResult
from cnngui.core.recipes.presets import STANDARD
from cnngui.core.recipes.recipe import Recipe, find
from cnngui.core.recipes.setting import Value
from cnngui.core.recipes.toml_file import write_recipe
from cnngui.core.runs.folder import MODEL, RECIPE
from cnngui.core.runs.history import ROW, write_history
from cnngui.core.runs.library import ListedRun, describe
from cnngui.core.runs.record import Environment, Phase, RunRecord, Session, write_record

IMAGES = {"training": 4500, "validation": 500, "test": 1000}
STARTED = "2026-11-01T10:00:00+00:00"


def results(count: int, best: float = 0.9) -> tuple[EpochResult, ...]:
    """Epochs of ten seconds each, whose accuracy rises to ``best``."""
    return tuple(
        EpochResult(number, 2 / number, best * number / count, 2.2 / number, best * number / count, 10.0 * number)
        for number in range(1, count + 1)
    )


def rows(count: int, each: int = 40) -> "np.ndarray[tuple[int], np.dtype[np.void]]":
    """So many rows for each of ``count`` epochs."""
    made = np.zeros(count * each, ROW)
    made["epoch"] = (np.arange(count * each) + 1) / each
    made["loss"] = 2 / (1 + made["epoch"])
    made["accuracy"] = made["epoch"] / (count + 1)
    made["learning_rate"] = 0.01
    made["seconds"] = 10 * made["epoch"]
    return made


@dataclass(frozen=True)
class Runs:
    """Makes runs in a folder."""

    folder: Path

    def make(
        self, name: str, epochs: int = 4, best: float = 0.9, *, phase: Phase = Phase.FINISHED, **settings: Value
    ) -> ListedRun:
        """A run; a finished one has a card."""
        folder = self.folder / name
        folder.mkdir()
        values = {find(setting): value for setting, value in {"epochs": epochs, **settings}.items()}
        recipe = STANDARD.changed(values)
        environment = Environment({"keras": "3.15.1"}, "a fast one", "float32", "")
        record = RunRecord("shapes", "Drawn shapes", STARTED, images=IMAGES, phase=phase)
        write_record(folder, replace(record, sessions=(Session(STARTED, 0, environment),)))
        write_recipe(recipe, folder / RECIPE)
        write_history(folder, results(epochs, best), rows(epochs))
        if phase == Phase.FINISHED:
            self.write_model(folder / MODEL, recipe, epochs, best)
        return self.listed(name)

    def make_former(self, name: str, epochs: int = 4) -> ListedRun:
        """A model from before there were runs."""
        (self.folder / name).mkdir()
        self.write_model(self.folder / name / MODEL, STANDARD.changed({"optimization.epochs": epochs}), epochs, 0.9)
        return self.listed(name)

    def listed(self, name: str) -> ListedRun:
        """The run as the list has it."""
        found = describe(self.folder / name / MODEL, name, kept=True)
        assert found is not None
        return found

    @staticmethod
    def write_model(path: Path, recipe: Recipe, epochs: int, best: float) -> None:
        path.write_bytes(b"no model")
        training = TrainingRecord(
            "Drawn shapes", "shapes", IMAGES, recipe, results(epochs, best), 0.3, best - 0.02, 10.0 * epochs, "float32"
        )
        path.with_suffix(".json").write_text(Card(("one", "two"), training).to_json(), encoding="utf-8")


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    """Makes runs in a folder of their own."""
    (tmp_path / "runs").mkdir()
    return Runs(tmp_path / "runs")
