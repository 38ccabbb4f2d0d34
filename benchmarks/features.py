"""How much of a network's speed is left where its features are taken from many images.

    python -m benchmarks.features [--seconds S] [--rounds N]

For EfficientNet-Lite0 at 160 pixels and the shipped model at 32, prints images a second: of the network's bare
arithmetic, a graph of the Keras model on the same batch again and again, and of the program's way from images to
features (cnngui.core.training.looked). Both take turns, so that other work on the machine slows both; the medians of
all turns are compared.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from cnngui import paths
from cnngui.core.answers.classifier import IMAGES_PER_CALL, PIXELS_PER_CALL
from cnngui.core.models import file as model_file
from cnngui.core.progress import never_stop, no_report
from cnngui.core.tensorflow_start import start_tensorflow

if TYPE_CHECKING:
    import keras

CLASSES = 10


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=4.0, help="of a turn, about")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    start_tensorflow()
    print("| network | pixels | bare arithmetic, images/s | through the program | ratio |\n|---|---|---|---|---|")
    for name, network in {"EfficientNet-Lite0": lite0(160), "shipped model": shipped()}.items():
        bare, whole = measured(network, options.seconds, options.rounds)
        side = network.input_shape[1]
        print(f"| {name} | {side} | {bare:,.0f} | {whole:,.0f} | {whole / bare:.2f} |", flush=True)


def lite0(side: int) -> "keras.Model":
    """The network that a training begins with."""
    from cnngui.core.networks.backbones import backbones
    from cnngui.core.networks.transferred import with_head

    return with_head(backbones.build("efficientnet_lite0", side), CLASSES, dropout=0.0, name="lite0")


def shipped() -> "keras.Model":
    """The network that a training begins with."""
    from cnngui.core.networks.transferred import body_of, with_head

    network = model_file.load(paths.shipped_model()).network
    return with_head(body_of(network), CLASSES, dropout=0.0, name="shipped")


def measured(network: "keras.Model", seconds: float, rounds: int) -> tuple[float, float]:
    """Images a second of the bare arithmetic, and of the program: the medians of some turns."""
    import tensorflow as tf

    from cnngui.core.models.deployment import traced
    from cnngui.core.training.looked import alone, look

    side = network.input_shape[1]
    batch = max(1, min(IMAGES_PER_CALL, PIXELS_PER_CALL // side**2))
    shape = (side, side, 3)
    constant = tf.constant(np.random.default_rng(0).uniform(0, 255, (batch, *shape)).astype(np.float32))
    graph = tf.function(lambda images: network([images], training=False), autograph=False)
    graph(constant)

    def bare(count: int) -> None:
        for _ in range(count // batch):
            graph(constant).numpy()

    speed = measured_once(bare, 2 * batch)
    count = max(3, round(speed * seconds / batch)) * batch
    # The last batch of the images is a part of one.
    images = np.random.default_rng(0).integers(0, 256, (count - batch // 2, *shape), np.uint8)
    answer = traced(network, precision="float32")

    def whole(_count: int) -> None:
        look(answer, images, alone, text="", progress=no_report, should_stop=never_stop)

    whole(0)
    turns = [(measured_once(bare, count), measured_once(whole, len(images))) for _ in range(rounds)]
    first, second = zip(*turns, strict=True)
    return statistics.median(first), statistics.median(second)


def measured_once(work: Callable[[int], None], images: int) -> float:
    """Images a second."""
    began = time.perf_counter()
    work(images)
    return images / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
