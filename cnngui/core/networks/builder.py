"""A recipe's list of layers as a network. This module imports Keras: import it inside functions only."""

from collections.abc import Sequence

import keras
from keras import layers

from cnngui.core import device
from cnngui.core.errors import UserError
from cnngui.core.networks.layers import FEATURES, HALF_WAY
from cnngui.core.networks.plan import PlannedLayer, Shape, has_projection, plan
from cnngui.core.recipes import layers as kinds
from cnngui.core.recipes.layers import Layer

SEEN_SIDE = 4  # pixels: HALF_WAY is the last layer whose output is at least as large
MOMENTUM = 0.9  # of the batch normalisation's statistics: they are to follow within an epoch of few batches


def build(chosen: Sequence[Layer], image: Shape, classes: int, *, dropout: float = 0.0, name: str) -> keras.Model:
    """The network of these layers, for images of this shape: raw pixels, 0–255, to logits.

    dropout: the rate before the last layer. Raises UserError if a layer cannot work.
    """
    planned = plan(chosen, image, classes)
    for number, problem in planned.problems:
        title = chosen[number - 1].title if number <= len(chosen) else "The last layer"
        raise UserError(f"{title} (layer {number}): {problem}")
    seen = _half_way(planned.layers)
    inputs = keras.Input(image)
    x = layers.Rescaling(1 / 255)(inputs)
    if seen == 0:
        x = layers.Identity(name=HALF_WAY)(x)
    for number, layer in enumerate(chosen, 1):
        x = _applied(layer, x)
        if number == seen:
            x = layers.Identity(name=HALF_WAY)(x)
    x = layers.Identity(name=FEATURES)(x)
    if dropout:
        x = layers.Dropout(dropout)(x)
    return keras.Model(inputs, layers.Dense(classes, dtype="float32")(x), name=name)


def _half_way(planned: Sequence[PlannedLayer]) -> int:
    """After how many layers an image is seen best; 0 where there is none but the picture."""
    images = [number for number, each in enumerate(planned, 1) if len(each.shape) > 1]
    large = [number for number in images if min(planned[number - 1].shape[:2]) >= SEEN_SIDE]
    return max(large, default=0)


def _applied(layer: Layer, x: keras.KerasTensor) -> keras.KerasTensor:
    match layer:
        case kinds.Convolution():
            made = layers.Conv2D(layer.filters, layer.kernel_size, strides=layer.stride, padding=layer.padding)
            return _activated(layer.activation, made(x))
        case kinds.SeparableConvolution():
            made = layers.SeparableConv2D(layer.filters, layer.kernel_size, strides=layer.stride, padding=layer.padding)
            return _activated(layer.activation, made(x))
        case kinds.Dense():
            return _activated(layer.activation, layers.Dense(layer.units)(x))
        case kinds.MaxPooling():
            return layers.MaxPooling2D(layer.size)(x)
        case kinds.AveragePooling():
            return layers.AveragePooling2D(layer.size)(x)
        case kinds.BatchNormalization():
            return _normalized(x)
        case kinds.Activation():
            return _activated(layer.function, x)
        case kinds.Dropout():
            return layers.Dropout(layer.rate)(x)
        case kinds.SpatialDropout():
            return layers.SpatialDropout2D(layer.rate)(x)
        case kinds.Flatten():
            return layers.Flatten()(x)
        case kinds.GlobalPooling():
            return (layers.GlobalMaxPooling2D if layer.of == "max" else layers.GlobalAveragePooling2D)()(x)
        case kinds.ResidualBlock():
            return _block(layer, x)
    raise TypeError(layer)


def _activated(function: str, x: keras.KerasTensor) -> keras.KerasTensor:
    return x if function == "none" else layers.Activation(function)(x)


def _normalized(x: keras.KerasTensor) -> keras.KerasTensor:
    return layers.BatchNormalization(momentum=MOMENTUM, synchronized=device.has_replicas())(x)


def _block(layer: kinds.ResidualBlock, x: keras.KerasTensor) -> keras.KerasTensor:
    """Source: He et al., "Deep Residual Learning for Image Recognition", 2016."""
    past = x
    if has_projection(layer, x.shape[1:]):
        past = layers.Conv2D(layer.filters, 1, strides=layer.stride, padding="same", use_bias=False)(past)
        past = _normalized(past)
    for number in range(layer.convolutions):
        stride = 1 if number else layer.stride
        x = layers.Conv2D(layer.filters, 3, strides=stride, padding="same", use_bias=False)(x)
        x = _normalized(x)
        if number < layer.convolutions - 1:
            x = _activated("relu", x)
    return _activated("relu", layers.Add()([x, past]))
