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


SLOW = bool(os.environ.get("SLOW_TESTS"))  # each training on two devices takes some seconds to prepare
SHAPES = ("whitened", "residual", "article") if SLOW else ("whitened",)
UNEQUAL = {
    "network.shape": "article",
    "optimization.batch_size": 15,
    "optimization.gradient_clipping": 0.5,
    "optimization.averaging": "moving",
    "optimization.averaging_decay": 0.5,
}


def _trainings(shape: str) -> dict[str, dict[str, Any]]:
    settings = {"network.shape": shape, "optimization.epochs": 6}
    return {
        f"{shape}, {devices}": {"run": f"{shape} {devices}", "devices": devices, "settings": settings, "stop_after": 20}
        for devices in ("first", "all")
    }


TRAININGS: dict[str, dict[str, Any]] = {
    **{name: training for shape in SHAPES for name, training in _trainings(shape).items()},
    "begun on one": {"run": "whitened first", "devices": "first"},
    "begun on two": {"run": "whitened all", "devices": "first"},
    **(
        {f"unequal, {devices}": {"devices": devices, "settings": UNEQUAL} for devices in ("first", "all")}
        if SLOW
        else {}
    ),
}

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def found(easy_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What comes of each training on 60 images, one after the other in a process with two devices.

    By default, TensorFlow's operations between devices have keys that stay in the process: then the second one fails.
    """
    usual = {"run": "", "source": str(easy_folder), "stop_after": 0, "settings": {}}
    answer = subprocess.run(
        [sys.executable, "-m", "tests.core.training.two_devices", str(tmp_path_factory.mktemp("devices"))],
        input=json.dumps([usual | training for training in TRAININGS.values()]).encode(),
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=True,
        timeout=280,
    )
    return dict(zip(TRAININGS, json.loads(answer.stdout.decode().splitlines()[-1]), strict=True))


@pytest.mark.parametrize("shape", SHAPES)
def test_two_devices_learn_what_one_does(shape: str, found: dict[str, dict[str, Any]]) -> None:
    one, two = (found[f"{shape}, {devices}"]["losses"] for devices in ("first", "all"))
    assert len(one) == 20
    assert np.abs(np.subtract(one, two)).max() < 1e-3
    assert one != two  # they were two


@pytest.mark.skipif(not SLOW, reason="takes long: SLOW_TESTS=1 tests it")
def test_parts_of_different_size_averaged_weights_and_clipped_gradients(found: dict[str, dict[str, Any]]) -> None:
    """Of 15 images one device has eight, the other seven."""
    one, two = (found[f"unequal, {devices}"]["weights"] for devices in ("first", "all"))
    assert np.abs(np.subtract(one, two)).max() < 1e-4


def test_a_run_of_two_devices_goes_on_with_one(found: dict[str, dict[str, Any]]) -> None:
    one, two = (found[f"begun on {number}"] for number in ("one", "two"))
    assert one["losses"]
    assert np.abs(np.subtract(one["losses"], two["losses"])).max() < 1e-3
    # The statistics of Keras' layer are divided by n, not by n - 1.
    assert np.allclose(one["weights"], two["weights"], atol=0.05)


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


def test_the_processor_although_there_is_a_gpu(whitened: Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    gpus = [tf.config.PhysicalDevice(f"/physical_device:GPU:{number}", "GPU") for number in range(2)]
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: gpus)
    details = {"device_name": "Tester", "compute_capability": (8, 0)}
    monkeypatch.setattr(tf.config.experimental, "get_device_details", lambda gpu: details)
    monkeypatch.setattr(device, "_cpu_flags", lambda: set())
    assert device.describe() == "GPU Tester, the first of 2"
    assert device.describe(Devices.ALL, 2) == "2 × GPU Tester"
    assert device.describe(Devices.CPU).startswith("CPU, ")
    assert precision_of(whitened) == "mixed_bfloat16"
    assert precision_of(whitened, Devices.CPU) == "float32"
