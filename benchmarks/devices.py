"""What several devices change: python benchmarks/devices.py

Divides the processor into two devices, which TensorFlow takes for several as it does GPUs, and trains on drawn shapes
for 20 steps on one and on both: each network in float32, with the same batches of 128. Prints the largest difference of
a batch's loss, and the time of the steps after the fifth on both as a multiple of that on one: what the distribution
costs where it gains nothing.
"""

import time
from contextlib import suppress
from unittest.mock import patch

from cnngui.core import device
from cnngui.core.data import datasets
from cnngui.core.data.datasets import Dataset
from cnngui.core.device import Devices
from cnngui.core.errors import Stopped
from cnngui.core.progress import BatchProgress, Reported
from cnngui.core.recipes.parts import NetworkSettings, Optimization
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.tensorflow_start import start_tensorflow

STEPS, WARM_UP = 20, 5


def losses_and_seconds(dataset: Dataset, recipe: Recipe, devices: Devices) -> tuple[list[float], float]:
    """The loss of each batch, and the seconds from the end of the warm-up on."""
    from cnngui.core.training.control import Control
    from cnngui.core.training.train import train

    losses: list[float] = []
    times: list[float] = []

    def report(value: Reported) -> None:
        if isinstance(value, BatchProgress):
            losses.append(value.loss)
            times.append(time.perf_counter())

    control = Control()
    control.discard()
    with suppress(Stopped):
        train(
            dataset,
            recipe,
            progress=report,
            should_stop=lambda: len(losses) >= STEPS,
            control=control,
            devices=devices,
        )
    return losses, times[-1] - times[WARM_UP - 1]


def main() -> None:
    """Print a line for each network."""
    start_tensorflow()
    import tensorflow as tf

    from cnngui.core.training import callbacks

    processor = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(processor, [tf.config.LogicalDeviceConfiguration()] * 2)
    raw = datasets.read("shapes")
    dataset = datasets.divide(raw, validation_fraction=0.1, seed=0)
    with (
        patch.object(device, "fastest_precision", lambda: "float32"),
        patch.object(callbacks, "REPORT_SECONDS", 0.0),
        patch.object(callbacks._Smoothed, "add", lambda self, loss, accuracy: (loss, accuracy)),
    ):
        for shape in ("article", "whitened", "residual"):
            recipe = Recipe(
                shape, NetworkSettings(shape=shape, width=32), Optimization(batch_size=128, learning_rate=0.01)
            )
            one, alone = losses_and_seconds(dataset, recipe, Devices.FIRST)
            two, both = losses_and_seconds(dataset, recipe, Devices.ALL)
            difference = max(abs(a - b) for a, b in zip(one, two, strict=True))
            print(f"{shape}: losses differ by at most {difference:.1e}; time {both / alone:.2f}", flush=True)


if __name__ == "__main__":
    main()
