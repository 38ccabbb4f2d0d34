"""Runs that nobody has trained, for benchmarks of the window: as many and as long as they need to be."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnngui.core.models.card import Card, TrainingRecord, card_path, versions
from cnngui.core.progress import Earlier, EpochResult
from cnngui.core.recipes.presets import STANDARD
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.recipes.toml_file import write_recipe
from cnngui.core.runs.folder import MODEL, RECIPE
from cnngui.core.runs.history import ROW, read_history, write_history
from cnngui.core.runs.record import Environment, Phase, RunRecord, Session, write_record
from cnngui.core.runs.writer import EARLIER_ROWS

EPOCHS, ROWS = 20, 20  # of a run, and of each of its epochs
LONG_EPOCHS, LONG_ROWS = 1000, 40
SECONDS = 30.0  # an epoch takes
CLASSES = tuple(f"class {number}" for number in range(10))
IMAGES = {"training": 45_000, "validation": 5_000, "test": 10_000}


def make_runs(folder: Path, number: int) -> list[Path]:
    """Make so many finished runs of different settings, the first of them a long one. Returns their models' paths."""
    rng = np.random.default_rng(0)
    made = []
    for each in range(number):
        recipe = STANDARD.changed(
            {
                "optimization.epochs": EPOCHS if each else LONG_EPOCHS,
                "network.width": int(rng.choice((32, 64, 128))),
                "optimization.batch_size": int(rng.choice((128, 256, 512))),
                "optimization.learning_rate": round(float(rng.uniform(1, 20)), 2),
                "optimization.weight_decay": round(float(rng.uniform(0, 0.01)), 4),
                "seed": each,
            }
        )
        made.append(_make(folder / f"2026-01-01 10.{each // 60:02}.{each % 60:02} standard CIFAR-10", recipe, rng))
    return made


def earlier(folder: Path) -> Earlier:
    """What a training reports first if it goes on from all of this run."""
    history = read_history(folder)
    rows = history.batches[:: len(history.batches) // EARLIER_ROWS + 1][["epoch", "loss", "accuracy"]]
    return Earlier(history.epochs, tuple(rows.tolist()))


def _make(folder: Path, recipe: Recipe, rng: np.random.Generator) -> Path:
    folder.mkdir(parents=True)
    rows = _rows(recipe, ROWS if recipe.optimization.epochs == EPOCHS else LONG_ROWS, rng)
    epochs = _epochs(recipe.optimization.epochs, rows)
    started = "2026-01-01T10:00:00+00:00"
    session = Session(started, 0, Environment(versions(), "a processor", "float32", ""))
    record = RunRecord("cifar10", "CIFAR-10", started, images=IMAGES, classes=CLASSES, phase=Phase.FINISHED)
    write_recipe(recipe, folder / RECIPE)
    write_record(folder, replace(record, sessions=(session,)))
    write_history(folder, epochs, rows)
    last = epochs[-1]
    training = TrainingRecord(
        data="CIFAR-10",
        source="cifar10",
        images=IMAGES,
        recipe=recipe,
        history=epochs,
        test_loss=last.val_loss,
        test_accuracy=last.val_accuracy,
        seconds=last.seconds,
        precision="float32",
        ended=started,
    )
    path = folder / MODEL
    path.write_bytes(b"no model")  # nobody opens it
    card_path(path).write_text(Card(CLASSES, training).to_json(), encoding="utf-8")
    return path


def _rows(recipe: Recipe, in_epoch: int, rng: np.random.Generator) -> NDArray[np.void]:
    """A loss that falls, and an accuracy that rises, both with noise."""
    rows = np.zeros(recipe.optimization.epochs * in_epoch, ROW)
    part = (np.arange(len(rows)) + 1) / len(rows)
    rows["epoch"] = part * recipe.optimization.epochs
    rows["loss"] = 2.3 * np.exp(-4 * part) + 0.1 + rng.normal(0, 0.03, len(rows))
    rows["accuracy"] = 0.95 - 0.85 * np.exp(-4 * part) + rng.normal(0, 0.01, len(rows))
    rows["learning_rate"] = recipe.optimization.learning_rate * (1 - part)
    rows["seconds"] = part * recipe.optimization.epochs * SECONDS
    return rows


def _epochs(number: int, rows: NDArray[np.void]) -> tuple[EpochResult, ...]:
    """The last row of each epoch, and a validation that is a little worse."""
    last = rows[len(rows) // number - 1 :: len(rows) // number]
    return tuple(
        EpochResult(each, loss, accuracy, loss + 0.2, accuracy - 0.05, each * SECONDS)
        for each, (_, loss, accuracy, _, _) in enumerate(last.tolist(), 1)
    )
