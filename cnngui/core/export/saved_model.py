"""A model as a SavedModel of TensorFlow. This module imports TensorFlow: import it inside functions only."""

from pathlib import Path

import keras
import tensorflow as tf

from cnngui.core.export.graph import answering


def write(network: keras.Model, path: Path) -> None:
    """Write the folder. Its signature "serving_default" is that of :func:`cnngui.core.export.graph.answering`.

    Raises OSError.
    """
    signatures = answering(network, None)
    try:
        tf.saved_model.save(tf.Module(), str(path), signatures=signatures)
    except tf.errors.OpError as error:  # a full disk, among others, which is not a full memory
        raise OSError(error.message.rpartition("; ")[2]) from error  # without the path before it
