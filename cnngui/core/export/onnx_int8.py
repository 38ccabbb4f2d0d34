"""ONNX with weights and activations of 8 bits. This module imports TensorFlow: import it inside functions only."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import keras
import numpy as np
import onnx
from numpy.typing import NDArray
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from cnngui.core.export.onnx import described
from cnngui.core.models.litert import IMAGES

CALIBRATION = 256  # images
AT_ONCE = 32  # images, while the ranges are found: all activations of the network are in memory

_QUANTIZED = ["Conv", "Relu", "Clip", "MaxPool", "Add"]  # what lies between two convolutions, so that it stays 8 bits


def content(network: keras.Model, images: NDArray[np.uint8]) -> bytes:
    """The file of the model, with inputs and outputs as :func:`cnngui.core.export.onnx.content`.

    The first convolution and the head stay in float32: with them in 8 bits, the answers are further off.
    images: uint8 (n, height, width, 3), at least one, such as the model is to answer; they set the activations' ranges.
    Raises UserError as :func:`cnngui.core.export.onnx.content`, and OSError if there is no room for temporary files.
    """
    with tempfile.TemporaryDirectory(prefix="cnngui-") as folder:
        exact, prepared, small = (str(Path(folder) / name) for name in ("exact.onnx", "prepared.onnx", "small.onnx"))
        onnx.save(described(network), exact)
        quant_pre_process(exact, prepared, skip_symbolic_shape=True)
        convolutions = [node.name for node in onnx.load(prepared).graph.node if node.op_type == "Conv"]
        quantize_static(
            prepared,
            small,
            _Images(images[np.linspace(0, len(images) - 1, min(len(images), CALIBRATION)).astype(int)]),
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=_QUANTIZED,
            nodes_to_exclude=convolutions[:1],
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
        )
        return Path(small).read_bytes()


class _Images(CalibrationDataReader):
    def __init__(self, images: NDArray[np.uint8]) -> None:
        self._batches: Iterator[NDArray[np.uint8]] = (
            images[start : start + AT_ONCE] for start in range(0, len(images), AT_ONCE)
        )

    def get_next(self) -> dict[str, NDArray[np.uint8]] | None:
        """The next few, under the name of the model's input; None at the end."""
        batch = next(self._batches, None)
        return None if batch is None else {IMAGES: batch}
