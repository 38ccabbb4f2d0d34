"""Batch normalisation folded into convolutions. This module imports Keras: import it inside functions only.

A trained batch normalisation scales and offsets each channel, as a convolution's kernel and bias can do as well.
"""

from typing import Any

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

CONVOLUTIONS = (layers.Conv2D, layers.SeparableConv2D)
RANDOM = (layers.Dropout, layers.SpatialDropout2D)  # they do nothing once the network is trained


def folded(network: keras.Model) -> keras.Model:
    """The network without the layers that only a training needs; it answers as before.

    Only a batch normalisation that directly follows a convolution, which nothing else follows, is folded.
    """
    pairs = _pairs(network)
    changed = {convolution.name: _with(convolution, normalization) for convolution, normalization in pairs}
    gone = {normalization.name for _, normalization in pairs}
    gone |= {layer.name for layer in network.layers if isinstance(layer, RANDOM)}

    def copy(layer: keras.Layer) -> keras.Layer:
        if layer.name in gone:
            return layers.Activation("linear", name=layer.name, dtype=layer.dtype_policy)
        changes = {"use_bias": True} if layer.name in changed else {}
        return type(layer).from_config({**layer.get_config(), **changes})

    def call(layer: keras.Layer, *inputs: Any, **_settings: Any) -> Any:
        return layer(*inputs)

    copied = keras.models.clone_model(network, clone_function=copy, call_function=call)
    for layer in network.layers:
        if layer.weights and layer.name not in gone:
            copied.get_layer(layer.name).set_weights(changed.get(layer.name) or layer.get_weights())
    return copied


def _pairs(network: keras.Model) -> list[tuple[keras.Layer, keras.Layer]]:
    """Each convolution and the batch normalisation that alone follows it."""
    pairs = []
    for layer in network.layers:
        if isinstance(layer, CONVOLUTIONS) and layer.activation is keras.activations.linear:
            followers = [other for other in network.layers[1:] if layer.output in _inputs(other)]
            if len(followers) == 1 and isinstance(followers[0], layers.BatchNormalization):
                pairs.append((layer, followers[0]))
    return pairs


def _inputs(layer: keras.Layer) -> list[keras.KerasTensor]:
    return layer.input if isinstance(layer.input, list) else [layer.input]


def _with(convolution: keras.Layer, normalization: keras.Layer) -> list[NDArray[np.float32]]:
    """The convolution's weights, in the order of Keras, with the normalisation in them."""
    weights = dict(zip((each.name for each in normalization.weights), normalization.get_weights(), strict=True))
    scale = weights.get("gamma", 1.0) / np.sqrt(weights["moving_variance"] + normalization.epsilon)
    offset = weights.get("beta", 0.0) - weights["moving_mean"] * scale
    *kernels, last = convolution.get_weights()
    bias = np.zeros_like(scale)
    if convolution.use_bias:
        bias, last = last, kernels.pop()
    return [*kernels, last * scale, bias * scale + offset]
