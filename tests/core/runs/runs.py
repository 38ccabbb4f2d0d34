"""Small runs for the tests of their files."""

from pathlib import Path
from typing import Any

import numpy as np

from cnngui.core.progress import BatchProgress, EpochResult
from cnngui.core.recipes.presets import STANDARD
from cnngui.core.recipes.toml_file import write_recipe
from cnngui.core.runs.checkpoint import Checkpoint, CurveState
from cnngui.core.runs.folder import RECIPE
from cnngui.core.runs.history import no_batches, row, write_history
from cnngui.core.runs.record import Environment, Phase, RunRecord, Session, write_record

CREATED = "2026-11-26T10:00:00+01:00"


def epoch(number: int) -> EpochResult:
    """A result, different for each epoch."""
    return EpochResult(number, 2 / number, 1 - 1 / (number + 1), 2.1 / number, 1 - 1 / (number + 0.9), 60.5 * number)


def batch(number: int) -> BatchProgress:
    """A report, different for each batch; an epoch has eight."""
    return BatchProgress(
        1 + (number - 1) // 8, 3, 1 + (number - 1) % 8, 8, 2 / number, 0.5, 900.0, 1.5 * number, 60, 0.1
    )


def record(phase: Phase = Phase.TRAINING, host: str = "", **values: Any) -> RunRecord:
    """The record of a run on the shapes; host: "" if it has not begun."""
    environment = Environment({"cnngui": "1", "keras": "3"}, "CPU, 2 cores", "float32", host)
    sessions = (Session(CREATED, 0, environment),) if host else ()
    return RunRecord("shapes", "Shapes", CREATED, phase=phase, sessions=sessions, **values)


def checkpoint(steps: int = 16, *, epochs: int = 2, value: float = 1.0, rows: int = 0) -> Checkpoint:
    """A small checkpoint with arrays of the shapes and dtypes that Keras has."""
    rng = np.random.default_rng(steps)
    return Checkpoint(
        epoch=epochs,
        batch=steps - 8 * epochs,
        steps=steps,
        seconds=12.34567890123,
        variables=(
            np.full((3, 3, 2, 4), value, np.float32),
            rng.normal(size=(5,)).astype(np.float16),
            np.array(steps, np.int64),
            np.zeros((0, 4), np.float32),
            np.array([True, False]),
            rng.integers(0, 2**32, 2, np.uint32),
        ),
        metrics=(np.array(0.25, np.float32), np.array(1 / 3, np.float64)),
        ends={1: [np.full((2, 2), value / 3, np.float32), np.zeros(0, np.float32)], 2: []},
        history=tuple(epoch(number + 1) for number in range(epochs)),
        curves=CurveState(128, 1 / 3, 0.1, 0.2, 0.3, 0.4),
        rows=rows,
    )


def assert_same(found: Checkpoint | None, expected: Checkpoint) -> None:
    """Fail unless all values are the same, bit by bit."""
    assert found is not None
    for name in ("epoch", "batch", "steps", "seconds", "history", "curves", "rows"):
        assert getattr(found, name) == getattr(expected, name), name
    assert list(found.ends) == list(expected.ends)
    pairs = [(found.variables, expected.variables), (found.metrics, expected.metrics)]
    pairs += [(tuple(found.ends[key]), tuple(expected.ends[key])) for key in expected.ends]
    for ours, theirs in pairs:
        assert [(each.dtype, each.shape, each.tobytes()) for each in ours] == [
            (each.dtype, each.shape, each.tobytes()) for each in theirs
        ]


def write_run(folder: Path, written: RunRecord, epochs: int = 2) -> Path:
    """Write a run without a model, and return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    write_recipe(STANDARD, folder / RECIPE)
    write_record(folder, written)
    rows = [row(batch(number + 1)) for number in range(8 * epochs)]
    write_history(folder, [epoch(each + 1) for each in range(epochs)], np.concatenate([no_batches(), *rows]))
    return folder
