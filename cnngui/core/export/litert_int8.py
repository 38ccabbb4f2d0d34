"""LiteRT with weights and activations of 8 bits. This module imports TensorFlow: import it inside functions only."""

import warnings

import keras
import numpy as np
import tensorflow as tf
from ai_edge_litert.schema_py_generated import BuiltinOperator, ModelT
from numpy.typing import NDArray

from cnngui.core.errors import UserError
from cnngui.core.export import litert

CALIBRATION = 256  # images: with 2,048, no more answers are those of float32, and it takes eight times as long

NO_8_BITS = "LiteRT cannot hold this model in 8 bits. Export it as LiteRT in float32."

_SPLITS = ["SPLIT", "SPLIT_V"]  # with several outputs, they are not found by the name of the first
_CONVOLUTIONS = (BuiltinOperator.CONV_2D, BuiltinOperator.DEPTHWISE_CONV_2D)


def content(network: keras.Model, images: NDArray[np.uint8]) -> bytes:
    """The file of the model, with inputs and outputs as :func:`cnngui.core.export.litert.content`.

    The first convolution, which sees the pixels, and all that follows the last one stay in float32: they take little
    time, and with them in 8 bits the answers are further off; see docs/decisions/0010.
    images: uint8 (n, height, width, 3), at least one, such as the model is to answer: they set the
        activations' ranges.
    Raises UserError as :func:`cnngui.core.export.litert.content`, and if the network cannot have 8 bits.
    """
    converter = litert.converter(network)
    exact = _sensitive(litert.converted(converter.convert))
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    chosen = np.linspace(0, len(images) - 1, min(len(images), CALIBRATION)).astype(int)
    converter.representative_dataset = lambda: ([images[number : number + 1]] for number in chosen)
    # Converters have no public way but this one to leave some operations in float32.
    options = tf.lite.experimental.QuantizationDebugOptions(denylisted_nodes=exact, denylisted_ops=_SPLITS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of its own use of TensorFlow's interpreter
        try:
            debugger = tf.lite.experimental.QuantizationDebugger(converter=converter, debug_options=options)
        except (ValueError, RuntimeError) as error:
            raise UserError(NO_8_BITS) from error
        return litert.converted(debugger.get_nondebug_quantized_model)


def _sensitive(model: bytes) -> list[str]:
    """The names of the operations up to the first convolution and behind the last one, by their first output."""
    described = ModelT.InitFromPackedBuf(model, 0)
    if len(described.subgraphs) > 1:  # a loop, such as of a recurrent layer, at which the converter crashes
        raise UserError(NO_8_BITS)
    (graph,) = described.subgraphs
    kinds = [described.operatorCodes[operator.opcodeIndex].builtinCode for operator in graph.operators]
    convolutions = [place for place, kind in enumerate(kinds) if kind in _CONVOLUTIONS]
    if not convolutions:
        return []
    first, last = convolutions[0], convolutions[-1]
    names = [graph.tensors[operator.outputs[0]].name.decode() for operator in graph.operators]
    return names[: first + 1] + (names[last + 1 :] if last > first else [])  # of a single one, that is all there is
