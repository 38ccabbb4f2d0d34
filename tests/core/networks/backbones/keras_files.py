"""Writes files of weights as Keras 2 did, and a network that has some."""

from pathlib import Path

import h5py
import keras
import numpy as np
from keras import layers


def network(channels: int = 4) -> keras.Model:
    """A small network with different weights in all layers."""
    made = keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            layers.Conv2D(channels, 3, name="conv"),
            layers.BatchNormalization(name="conv_bn"),
            layers.ReLU(),
            layers.GlobalAveragePooling2D(),
        ]
    )
    randomize(made)
    return made


def randomize(made: keras.Model) -> None:
    """Weights that a training may have left: each batch normalisation knows the mean and the spread of its inputs."""
    rng = np.random.default_rng(0)
    for weight in made.weights:
        values = rng.normal(0, 0.2, weight.shape)
        weight.assign(1 + values if weight.name == "gamma" else values)
    normalizations = [layer for layer in made.layers if isinstance(layer, layers.BatchNormalization)]
    before = [layer.momentum for layer in normalizations]
    for layer in normalizations:
        layer.momentum = 0.0
    made(rng.integers(0, 256, (8, *made.input_shape[1:])).astype(np.float32), training=True)
    for layer, momentum in zip(normalizations, before, strict=True):
        layer.momentum = momentum


def write(made: keras.Model, path: Path) -> Path:
    """The weights in the format of Keras 2, whose layers have names with slashes."""
    with h5py.File(path, "w") as file:
        names = [layer.name.replace("_bn", "/BatchNorm") for layer in made.layers]
        file.attrs["layer_names"] = [name.encode() for name in names]
        file.attrs["backend"], file.attrs["keras_version"] = b"tensorflow", b"2.7.0"
        for name, layer in zip(names, made.layers, strict=True):
            group = file.create_group(name)
            weights = {f"{name}/{weight.name}:0": weight.numpy() for weight in layer.weights}
            group.attrs["weight_names"] = [each.encode() for each in weights]
            for each, values in weights.items():
                group.create_dataset(each, data=values)
    return path
