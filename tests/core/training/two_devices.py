"""Trainings on two devices: a process of its own, since TensorFlow divides a processor only before it starts.

    python -m tests.core.training.two_devices FOLDER < a JSON list of trainings

A training is an object: name (of its run's folder in FOLDER), source, devices, settings (of the recipe), stop_after
(batches; 0 for never). A run that is there goes on. The answer is a JSON list: losses (of each batch), weights (of the
saved network, one after the other).
"""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import tensorflow as tf

from cnngui.core import device
from cnngui.core.device import Devices
from cnngui.core.models import file as model_file
from cnngui.core.progress import BatchProgress, Reported
from cnngui.core.recipes.parts import NetworkSettings, Optimization
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.training import callbacks, distribution
from cnngui.core.training.job import Job, continued, run

TINY = Recipe("tiny", NetworkSettings(width=4), Optimization(epochs=2, batch_size=10, learning_rate=0.03))


def trained(folder: Path, asked: dict[str, Any]) -> dict[str, Any]:
    path = folder / asked["name"] / "model.keras"
    new = Job(asked["source"], TINY.changed(asked["settings"]), path)
    job = continued(path.parent) if path.parent.exists() else new
    losses: list[float] = []

    def report(value: Reported) -> None:
        if isinstance(value, BatchProgress):
            losses.append(value.loss)

    result = run(
        replace(job, devices=Devices(asked["devices"])),
        progress=report,
        should_stop=lambda: 0 < asked["stop_after"] <= len(losses),
    )
    network = model_file.load(result.path).network
    weights = np.concatenate([weight.ravel() for weight in network.get_weights()])
    return {"losses": losses, "weights": weights.tolist()}


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
