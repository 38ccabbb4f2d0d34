"""A model as a SavedModel of TensorFlow. This module imports TensorFlow: import it inside functions only."""

from pathlib import Path

import keras
import tensorflow as tf

from cnngui.core.export.graph import answering


def write(network: keras.Model, path: Path) -> None:
    """Write the folder. Its signature "serving_default" is that of :func:`cnngui.core.export.graph.answering`.

    Raises OSError.
    """
    tf.saved_model.save(tf.Module(), str(path), signatures=answering(network, None))
