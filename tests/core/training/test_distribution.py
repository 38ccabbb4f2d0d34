"""Trainings on several devices: here, on the two halves of a processor."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from cnngui.core import device
from cnngui.core.data.batches import least_batch
from cnngui.core.data.datasets import Dataset
from cnngui.core.device import Devices
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.training import distribution
from cnngui.core.training.train import precision_of

ROOT = Path(__file__).parents[3]


@pytest.fixture
def train(easy_folder: Path, tmp_path: Path) -> Any:
    """Trains on 60 images in a process with two devices, one training after the other."""

    def train(*trainings: dict[str, Any]) -> list[dict[str, Any]]:
        usual = {"run": "", "source": str(easy_folder), "stop_after": 0, "settings": {}}
        answer = subprocess.run(
            [sys.executable, "-m", "tests.core.training.two_devices", str(tmp_path)],
            input=json.dumps([usual | training for training in trainings]).encode(),
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            check=True,
            timeout=110,
        )
        found: list[dict[str, Any]] = json.loads(answer.stdout.decode().splitlines()[-1])
        return found

    return train


@pytest.mark.parametrize("shape", ["whitened", "residual", "article"])
def test_two_devices_learn_what_one_does(shape: str, train: Any) -> None:
    settings = {"network.shape": shape, "optimization.epochs": 4}
    one, two = train(*({"devices": each, "settings": settings, "stop_after": 20} for each in ("first", "all")))
    assert len(one["losses"]) == 20
    assert np.abs(np.subtract(one["losses"], two["losses"])).max() < 1e-3
    assert one["losses"] != two["losses"]  # they were two


def test_parts_of_different_size_averaged_weights_and_clipped_gradients(train: Any) -> None:
    """Of 15 images one device has eight, the other seven."""
    settings = {
        "network.shape": "article",
        "optimization.batch_size": 15,
        "optimization.gradient_clipping": 0.5,
        "optimization.averaging": "moving",
        "optimization.averaging_decay": 0.5,
    }
    one, two = train({"devices": "first", "settings": settings}, {"devices": "all", "settings": settings})
    assert np.abs(np.subtract(one["weights"], two["weights"])).max() < 1e-4


def test_one_training_after_the_other(train: Any) -> None:
    """By default, TensorFlow's operations between devices have keys that stay in the process."""
    narrow, wide = ({"network.shape": "article", "network.width": width} for width in (4, 8))
    found = train(*({"devices": "all", "settings": each, "stop_after": 1} for each in (narrow, wide)))
    assert [len(each["losses"]) for each in found] == [1, 1]


def test_a_run_of_two_devices_goes_on_with_one(train: Any) -> None:
    whole, begun, ended = train(
        {"run": "whole", "devices": "first"},
        {"run": "run", "devices": "all", "stop_after": 7},
        {"run": "run", "devices": "first"},
    )
    assert np.abs(np.subtract(whole["losses"], begun["losses"] + ended["losses"])).max() < 1e-3
    # The statistics of Keras' layer are divided by n, not by n - 1.
    assert np.allclose(whole["weights"], ended["weights"], atol=0.05)


def test_small_batches_keep_to_fewer_devices(easy: Dataset, tiny: Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    cpu = tf.config.list_logical_devices("CPU")
    monkeypatch.setattr(tf.config, "list_logical_devices", lambda kind: cpu * 8 if kind == "GPU" else cpu)

    def used(images: int, **settings: Any) -> int:
        recipe = tiny.changed({f"network.{name}": value for name, value in settings.items()})
        return len(distribution.used(Devices.ALL, easy, recipe.changed({"optimization.batch_size": images})))

    assert used(60) == 7  # the validation has 48 images
    assert used(16) == 4
    assert used(2) == 2
    assert used(1) == 0
    assert used(60, begin="shipped", trainable="head") == 0
    assert distribution.used(Devices.FIRST, easy, tiny) == []


def test_the_smallest_batch() -> None:
    assert least_batch(100, 40) == 20
    assert least_batch(81, 40) == 40  # the last image joins the batch before
    assert least_batch(3, 40) == 3


def test_the_processor_although_there_is_a_gpu(tiny: Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    gpus = [tf.config.PhysicalDevice(f"/physical_device:GPU:{number}", "GPU") for number in range(2)]
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: gpus)
    details = {"device_name": "Tester", "compute_capability": (8, 0)}
    monkeypatch.setattr(tf.config.experimental, "get_device_details", lambda gpu: details)
    monkeypatch.setattr(device, "_cpu_flags", lambda: set())
    assert device.describe() == "GPU Tester, the first of 2"
    assert device.describe(Devices.ALL, 2) == "2 × GPU Tester"
    assert device.describe(Devices.CPU).startswith("CPU, ")
    assert precision_of(tiny) == "mixed_bfloat16"
    assert precision_of(tiny, Devices.CPU) == "float32"
