"""LiteRT, formerly TensorFlow Lite, in float32. This module imports TensorFlow: import it inside functions only."""

import re
from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf
from tensorflow.lite.python.convert_phase import ConverterError

from cnngui.core.errors import UserError
from cnngui.core.export.graph import answering

BATCH = 1  # images at once: more are no faster, and each number of them would need a graph of its own

_OPERATION = re.compile(r"\btf\.(\w+)")


def content(network: keras.Model) -> bytes:
    """The file of the model; see :func:`cnngui.core.export.graph.answering` for what goes in and comes out.

    Raises UserError if LiteRT lacks an operation of the network.
    """
    return converted(converter(network).convert)


def converter(network: keras.Model) -> Any:
    """What converts the network."""
    # Without a module, the file would not name its input and outputs.
    return tf.lite.TFLiteConverter.from_concrete_functions([answering(network, BATCH)], tf.Module())


def converted(convert: Callable[[], bytes]) -> bytes:
    """What a converter makes. Raises UserError as :func:`content`."""
    try:
        return bytes(convert())
    except ConverterError as error:
        missing = ", ".join(sorted(set(_OPERATION.findall(str(error))))) or "an operation"
        raise UserError(
            f"LiteRT cannot hold this model: it lacks {missing}. Export it as SavedModel or ONNX."
        ) from error
