"""A model as a file of Keras. This module imports Keras: import it inside functions only."""

from pathlib import Path

import keras
import numpy as np
from keras import layers, ops

from cnngui.core.models.deployment import with_features
from cnngui.core.models.litert import FEATURES, IMAGES, PROBABILITIES


def write(network: keras.Model, path: Path) -> None:
    """Write the file, which plain Keras opens, with any of its backends.

    It takes uint8 images and returns what :func:`cnngui.core.export.graph.answering` says. Raises OSError.
    """
    both = with_features(network)
    views = len(both([np.zeros((1, *network.input_shape[1:]), np.float32)])[1])
    images = keras.Input(network.input_shape[1:], dtype="uint8", name=IMAGES)
    probabilities, features = both([ops.cast(images, "float32")])
    if views > 1:
        features = layers.Average(dtype="float32")(ops.split(features, views, axis=0))
    outputs = {PROBABILITIES: ops.cast(probabilities, "float32"), FEATURES: ops.cast(features, "float32")}
    keras.Model(images, outputs, name=network.name).save(path)
