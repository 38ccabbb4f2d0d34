"""Trainings on two devices: a process of its own, since TensorFlow divides a processor only before it starts.

    python -m tests.core.training.two_devices FOLDER < a JSON list of trainings

A training is an object: run (its folder in FOLDER; one that is there goes on; "" for none), source (of a run), devices,
settings (of the recipe), stop_after (batches; 0 for never). The answer is a JSON list: losses (of each batch), weights
(of the network at the end, one after the other; none if it was stopped and has no run).
"""

import json
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import tensorflow as tf

from cnngui.core import device
from cnngui.core.data.datasets import Dataset
from cnngui.core.device import Devices
from cnngui.core.errors import Stopped
from cnngui.core.models import file as model_file
from cnngui.core.progress import BatchProgress, Reported
from cnngui.core.recipes.parts import NetworkSettings, Optimization
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.training import callbacks, distribution
from cnngui.core.training.control import Control
from cnngui.core.training.job import Job, continued, run
from cnngui.core.training.train import train
from tests.conftest import CLASSES, easy_split

TINY = Recipe("tiny", NetworkSettings(width=4), Optimization(epochs=2, batch_size=10, learning_rate=0.03))


def trained(folder: Path, asked: dict[str, Any]) -> dict[str, Any]:
    devices, recipe, path = Devices(asked["devices"]), TINY.changed(asked["settings"]), folder / asked["run"]
    losses: list[float] = []
    weights: list[Any] = []

    def report(value: Reported) -> None:
        if isinstance(value, BatchProgress):
            losses.append(value.loss)

    def should_stop() -> bool:
        return 0 < int(asked["stop_after"]) <= len(losses)

    if asked["run"]:
        new = Job(asked["source"], recipe, path / "model.keras")
        job = replace(continued(path) if path.exists() else new, devices=devices)
        weights = model_file.load(run(job, progress=report, should_stop=should_stop).path).network.get_weights()
    else:
        dataset = Dataset("easy", "Easy", CLASSES, easy_split(60, 0), easy_split(17, 1), easy_split(3, 2))
        control = Control()
        control.discard()
        with suppress(Stopped):
            made = train(dataset, recipe, progress=report, should_stop=should_stop, control=control, devices=devices)
            weights = made.network.get_weights()
    return {"losses": losses, "weights": [float(value) for weight in weights for value in np.ravel(weight)]}


def main() -> None:
    processor = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(processor, [tf.config.LogicalDeviceConfiguration()] * 2)
    with tf.device("/cpu:1"), distribution.on(Devices.CPU):
        assert tf.ones(()).device.endswith("CPU:0")
    with (
        patch.object(device, "fastest_precision", lambda: "float32"),
        patch.object(callbacks, "REPORT_SECONDS", 0.0),  # every batch
        patch.object(callbacks._Smoothed, "add", lambda self, loss, accuracy: (loss, accuracy)),  # as it is
    ):
        json.dump([trained(Path(sys.argv[1]), asked) for asked in json.load(sys.stdin)], sys.stdout)


if __name__ == "__main__":
    main()
