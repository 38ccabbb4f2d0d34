"""Do the heat maps show what matters? python benchmarks/explanation.py [--model FILE] [--images N]

Needs CIFAR-10, see CNNGUI_DATA_DIR. Takes validation images that the model classifies correctly (200 by default),
covers the tenth of each where a heat map is highest, and prints how far the probability of its class falls on average.
Compares occlusion, which the program uses, with squares of several sizes; Grad-CAM half-way through the network
(Selvaraju et al., 2017); random pixels and a random square. Then prints how long the explanation of a photograph (four
views) takes.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from cnngui import paths
from cnngui.core.answers import explanation
from cnngui.core.answers.classifier import Classifier
from cnngui.core.answers.explanation import explain
from cnngui.core.data import datasets
from cnngui.core.data.augmentation import GREY
from cnngui.core.data.sources import CIFAR10
from cnngui.core.models import file as model_file
from cnngui.core.networks.layers import HALF_WAY

SHARE = 0.1
Heat = Callable[[NDArray[np.uint8], int], NDArray[np.float32]]


def without(image: NDArray[np.uint8], heat: NDArray[np.float32]) -> NDArray[np.uint8]:
    """The image with the tenth covered where the map is highest."""
    hidden = image.copy()
    flat = heat.ravel().argsort()[::-1][: round(SHARE * heat.size)]
    hidden.reshape(-1, 3)[flat] = GREY
    return hidden


def grad_cam(network: Any) -> Heat:
    """Grad-CAM at the layer HALF_WAY, enlarged to the size of the image."""
    import keras
    import tensorflow as tf

    body = network.get_layer("body")
    after = network.layers[network.layers.index(network.get_layer("features")) + 1 :]
    both = keras.Model(body.inputs, [body.get_layer(HALF_WAY).output, body.outputs[0]])
    dense = next(layer for layer in after if hasattr(layer, "units"))

    def heat(image: NDArray[np.uint8], label: int) -> NDArray[np.float32]:
        with tf.GradientTape() as tape:
            maps, features = both(tf.cast(image[np.newaxis], tf.float32))
            score = tf.tensordot(features[0, : dense.kernel.shape[0]], dense.kernel[:, label], 1)
        weights = tf.reduce_mean(tape.gradient(score, maps), axis=(0, 1, 2))
        small = tf.nn.relu(tf.reduce_sum(maps[0] * weights, axis=-1, keepdims=True))
        enlarged = np.empty(image.shape[:2], np.float32)
        enlarged[:] = tf.image.resize(small, image.shape[:2], method="bicubic")[..., 0]
        return enlarged

    return heat


def occlusion(classifier: Classifier, squares: int) -> Heat:
    """The program's heat maps with another number of squares."""

    def heat(image: NDArray[np.uint8], label: int) -> NDArray[np.float32]:
        with patch.object(explanation, "SQUARES", squares):
            return explain(classifier, image[np.newaxis], label).reshape(image.shape[:2])

    return heat


def random_square(rng: np.random.Generator) -> Heat:
    """A random square that covers a tenth of the image."""

    def heat(image: NDArray[np.uint8], _label: int) -> NDArray[np.float32]:
        height, width = image.shape[:2]
        side = round((SHARE * height * width) ** 0.5)
        marked = np.zeros((height, width), np.float32)
        top, left = rng.integers(0, height - side + 1), rng.integers(0, width - side + 1)
        marked[top : top + side, left : left + side] += 1
        return marked

    return heat


def main() -> None:
    """Print the falls in probability and the time."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=Path, default=paths.shipped_model())
    parser.add_argument("--images", type=int, default=200)
    options = parser.parse_args()
    network, card, familiarity, *_ = model_file.load(options.model)
    classifier = Classifier.of(network, card, familiarity)
    if card.training is None:
        raise SystemExit("cnngui did not train this model, so it is not known which images are new to it.")
    recipe = card.training.recipe
    validation = datasets.load(CIFAR10, seed=recipe.seed, validation_fraction=recipe.validation.fraction).validation
    images, labels = validation.images[: 2 * options.images], validation.labels[: 2 * options.images]
    probabilities = classifier.probabilities(images)
    right = np.flatnonzero(probabilities.argmax(1) == labels)[: options.images]
    images, labels = images[right], labels[right]
    before = probabilities[right, labels]
    rng = np.random.default_rng(0)
    ways: dict[str, Heat] = {
        "random pixels": lambda image, _label: rng.random(image.shape[:2], dtype=np.float32),
        "a random square": random_square(rng),
        "Grad-CAM half-way": grad_cam(network),
    }
    for squares in (4, 6, 8, 10, 12):
        ways[f"occlusion by {squares} × {squares} squares"] = occlusion(classifier, squares)
    print(f"{len(images)} images; a mean probability of {before.mean():.3f} falls by")
    for name, heat in ways.items():
        hidden = [without(image, heat(image, int(label))) for image, label in zip(images, labels, strict=True)]
        after = classifier.probabilities(np.stack(hidden))[np.arange(len(labels)), labels]
        print(f"  {(before - after).mean():.3f}  {name}", flush=True)
    times = []
    for image in images[:20]:
        began = time.perf_counter()
        explain(classifier, np.stack([image] * 4), 0)
        times.append(time.perf_counter() - began)
    print(f"an explanation of four views: {1000 * statistics.median(times):.0f} ms")


if __name__ == "__main__":
    main()
