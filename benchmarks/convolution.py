"""The time of a kernel's gradient: python benchmarks/convolution.py

For the convolutions of the recipe "best", in bfloat16 and batches of 256, prints milliseconds, measured in turn in one
run: oneDNN's gradient with respect to the kernel, with plain images and with images side by side in rows of 16, 32 and
64 pixels; and the convolution itself, which has the same arithmetic.
"""

import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from cnngui.core.tensorflow_start import start_tensorflow

SHAPES = ((15, 128, 128), (15, 128, 320), (7, 320, 320), (3, 320, 320))  # side, channels, filters
ROWS = (16, 32, 64)
BATCH = 256
RUNS = 8


def milliseconds(ways: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """The median time of each way, measured in turn after a warm-up."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(RUNS + 2):
        for name, way in ways.items():
            began = time.perf_counter()
            way()
            times[name].append(1000 * (time.perf_counter() - began))
    return {name: statistics.median(taken[2:]) for name, taken in times.items()}


def main() -> None:
    """Print a line for each shape."""
    start_tensorflow()
    import tensorflow as tf

    from cnngui.core.networks.convolution import side_by_side

    for side, channels, filters in SHAPES:
        images, outer, kernel = (
            tf.cast(tf.random.normal(shape), tf.bfloat16)
            for shape in ((BATCH, side, side, channels), (BATCH, side, side, filters), (3, 3, channels, filters))
        )

        def gradient(beside: int, images: Any = images, outer: Any = outer, shape: Any = kernel.shape) -> Any:
            wide = [side_by_side(part, beside) if beside > 1 else part for part in (images, outer)]
            return tf.raw_ops.Conv2DBackpropFilter(
                input=wide[0], filter_sizes=shape, out_backprop=wide[1], strides=[1, 1, 1, 1], padding="SAME"
            )

        together = {f"rows of {row}": row // (side + 1) for row in ROWS if row // (side + 1) > 1}
        ways: dict[str, Callable[[], Any]] = {
            name: tf.function(partial(gradient, beside)) for name, beside in {"plain": 1, **together}.items()
        }
        ways["convolution"] = partial(tf.function(tf.nn.conv2d), images, kernel, 1, "SAME")
        found = ", ".join(f"{name} {value:.1f}" for name, value in milliseconds(ways).items())
        print(f"{side} × {side}, {channels} to {filters} channels: {found} ms", flush=True)


if __name__ == "__main__":
    main()
