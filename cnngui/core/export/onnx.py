"""A model as ONNX, in float32. This module imports TensorFlow: import it inside functions only."""

import logging
import re
from typing import Any

import keras
import numpy as np
import onnx
import tensorflow as tf
import tf2onnx

from cnngui.core.errors import UserError
from cnngui.core.export.graph import answering
from cnngui.core.models.litert import IMAGES

OPSET = 18  # of 2022: every runtime of the last years has it

_OPERATION = re.compile(r"No Op registered for (\w+)")


def content(network: keras.Model) -> bytes:
    """The file of the model; see :func:`cnngui.core.export.graph.answering` for what goes in and comes out.

    Raises UserError if ONNX lacks an operation of the network.
    """
    return bytes(described(network).SerializeToString())


def described(network: keras.Model) -> onnx.ModelProto:
    """The same, not yet written."""
    answer = answering(network, None)
    signature = [tf.TensorSpec((None, *network.input_shape[1:]), tf.uint8, name=IMAGES)]
    logging.getLogger("tf2onnx").setLevel(logging.CRITICAL)  # it says on standard error what it raises
    try:
        model, _ = tf2onnx.convert.from_function(
            tf.function(lambda images: answer(images=images), autograph=False),
            signature,
            opset=OPSET,
            custom_op_handlers={"Erfc": (_erfc, [])},
        )
        onnx.checker.check_model(model)
    except (ValueError, RuntimeError, NotImplementedError, onnx.checker.ValidationError) as error:
        missing = ", ".join(sorted(set(_OPERATION.findall(str(error))))) or "an operation"
        raise UserError(f"ONNX cannot hold this model: it lacks {missing}. Export it as SavedModel.") from error
    return model


def _erfc(graph: Any, node: Any, name: str, _arguments: list[Any]) -> None:
    """Write TensorFlow's Erfc, which is in its GELU, as 1 − Erf: tf2onnx does not know it.

    Remove when tf2onnx does.
    """
    shapes, dtypes, (source,), outputs = node.output_shapes, node.output_dtypes, node.input, node.output
    graph.remove_node(node.name)
    one = graph.make_const(f"{name}_one", np.float32(1))
    erf = graph.make_node("Erf", [source])
    graph.make_node("Sub", [one.output[0], erf.output[0]], outputs=outputs, name=name, shapes=shapes, dtypes=dtypes)
