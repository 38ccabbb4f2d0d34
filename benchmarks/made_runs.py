"""Runs that were never trained, for benchmarks of the window."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from cnngui.core.progress import EpochResult
from cnngui.core.recipes.presets import PRESETS
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.recipes.toml_file import write_recipe
from cnngui.core.runs.folder import MODEL
from cnngui.core.runs.history import ROW, write_history
from cnngui.core.runs.record import Environment, Phase, RunRecord, Session, now, write_record

ROWS = 40  # of batches, an epoch
EPOCHS = 20
LONG_EPOCHS = 1000


def make_runs(folder: Path, count: int) -> Path:
    """Write so many runs of 20 epochs, the last of 1,000; returns the path of the last one's model."""
    rng, presets = np.random.default_rng(0), list(PRESETS.values())
    for number in range(count):
        epochs = LONG_EPOCHS if number == count - 1 else EPOCHS
        rate = float(10 ** rng.uniform(-3, -0.3))
        recipe = replace(presets[number % len(presets)], epochs=epochs, learning_rate=rate)
        _write(folder / f"run {number:03}", recipe, rng)
    return folder / f"run {count - 1:03}" / MODEL


def _write(folder: Path, recipe: Recipe, rng: np.random.Generator) -> None:
    folder.mkdir(parents=True)
    environment = Environment({"cnngui": "0"}, "CPU", "float32", "somewhere")
    images = {"training": 45_000, "validation": 5_000, "test": 10_000}
    sessions = (Session(now(), 0, environment),)
    write_recipe(recipe, folder / "recipe.toml")
    write_record(folder, RunRecord("cifar10", "CIFAR-10", now(), images=images, phase=Phase.STOPPED, sessions=sessions))
    best = rng.uniform(0.6, 0.95)
    epochs = tuple(_epoch(number, best) for number in range(1, recipe.epochs + 1))
    rows = np.zeros(ROWS * recipe.epochs, ROW)
    rows["epoch"] = np.arange(1, len(rows) + 1) / ROWS
    rows["loss"] = 2 * np.exp(-rows["epoch"] / 5) + rng.uniform(0.2, 0.3, len(rows))
    rows["accuracy"] = best * (1 - np.exp(-rows["epoch"] / 4))
    rows["learning_rate"] = recipe.learning_rate * (1 - rows["epoch"] / recipe.epochs)
    rows["seconds"] = 14 * rows["epoch"]
    write_history(folder, epochs, rows)


def _epoch(number: int, best: float) -> EpochResult:
    accuracy = best * (1 - float(np.exp(-number / 3)))
    loss = 0.3 + 2 * float(np.exp(-number / 5))
    return EpochResult(number, loss, accuracy, 1.1 * loss, accuracy, 14.0 * number)
