"""Runs of each released format stay readable, field by field. Their folders are never written anew."""

import shutil
from pathlib import Path

import numpy as np

from cnngui.core.progress import EpochResult
from cnngui.core.recipes.parts import Augmentation, NetworkSettings, Optimization, Validation
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.recipes.toml_file import read_recipe
from cnngui.core.runs.checkpoint import Checkpoint, CurveState, newest_checkpoint
from cnngui.core.runs.folder import RECIPE
from cnngui.core.runs.history import read_history
from cnngui.core.runs.library import Status, list_runs
from cnngui.core.runs.record import Environment, Notes, Phase, RunRecord, Session, read_notes, read_record
from tests.core.runs.runs import assert_same

FORMAT_1 = Path(__file__).parent / "run_of_format_1"

EPOCHS = (EpochResult(1, 1.5, 0.25, 1.25, 0.5, 60.5), EpochResult(2, 0.75, 0.625, 0.875, 0.75, 121.25))


def test_the_recipe_of_format_1() -> None:
    assert read_recipe(FORMAT_1 / RECIPE) == Recipe(
        name="quick",
        network=NetworkSettings("whitened", width=32),
        optimization=Optimization(
            optimizer="sgd",
            schedule="restarts",
            averaging="cycles",
            epochs=16,
            batch_size=128,
            learning_rate=0.25,
            label_smoothing=0.125,
            weight_decay=0.0078125,
            warm_restarts=1,
        ),
        augmentation=Augmentation(horizontal_flip=True, shift=0, zoom=0.35, colour_jitter=0.2, cutout=0.25, cutmix=0.5),
        validation=Validation(0.0625),
        seed=7,
    )


def test_the_record_of_format_1() -> None:
    versions = {"cnngui": "1.0.0", "keras": "3.15.1", "tensorflow": "2.21.0", "python": "3.11.7"}
    first = Environment(versions, device="CPU, 2 cores", precision="mixed_bfloat16", host="a computer")
    second = Environment(versions, device="GPU NVIDIA", precision="float32", host="a computer")
    assert read_record(FORMAT_1) == RunRecord(
        source="shapes",
        title="Shapes",
        created="2026-11-26T10:00:00+01:00",
        data_dir="/data/cifar-10",
        images={"training": 900, "validation": 60, "test": 0},
        classes=("circle", "Dreieck – groß"),
        content="0123456789abcdef",
        fit=("batch_size", "epochs"),
        phase=Phase.STOPPED,
        reason="a reason",
        sessions=(
            Session("2026-11-26T10:00:01+01:00", 0, first),
            Session("2026-11-27T08:30:00+01:00", 1, second),
        ),
    )


def test_the_notes_of_format_1() -> None:
    assert read_notes(FORMAT_1) == Notes("Überraschend gut", ("baseline", "ä"), archived=True)


def test_the_history_of_format_1() -> None:
    found = read_history(FORMAT_1)
    assert found.epochs == EPOCHS
    assert found.batches.dtype.names == ("epoch", "loss", "accuracy", "learning_rate", "seconds")
    assert found.batches.tolist() == [(0.5, 2.0, 0.125, 0.0625, 1.5), (2.0, 0.5, 0.75, 0.25, 121.0)]


def test_the_checkpoint_of_format_1() -> None:
    assert_same(
        newest_checkpoint(FORMAT_1),
        Checkpoint(
            epoch=2,
            batch=3,
            steps=11,
            seconds=123.456,
            variables=(np.arange(6, dtype=np.float32).reshape(2, 3) / 8, np.array(11, np.int64)),
            metrics=(np.array(0.25, np.float32),),
            ends={1: [np.array([0.5, -0.5], np.float32)]},
            history=EPOCHS,
            curves=CurveState(images=384, mean_loss=0.5, mean_accuracy=0.75, weight=0.25, loss=0.125, accuracy=0.0625),
            rows=2,
        ),
    )


def test_the_list_shows_one_of_format_1(tmp_path: Path) -> None:
    shutil.copytree(FORMAT_1, tmp_path / "run")
    (found,) = list_runs(tmp_path)
    assert (found.status, found.problem, found.data, found.recipe_title) == (
        Status.STOPPED,
        "",
        "Shapes",
        "quick, edited",
    )
    assert (found.device, found.history, found.can_continue) == ("GPU NVIDIA", EPOCHS, True)
    assert found.notes.tags == ("baseline", "ä")
