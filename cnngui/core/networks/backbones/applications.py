"""Networks of keras.applications, trained on ImageNet. This module imports Keras: import it inside functions only.

Sources: Howard et al., "Searching for MobileNetV3", 2019; Tan and Le, "EfficientNetV2: Smaller Models and Faster
Training", 2021.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import keras
from keras import applications, layers

from cnngui.core.networks.backbones.weights_file import set_weights
from cnngui.core.networks.layers import HALF_WAY
from cnngui.core.recipes.parts import BACKBONES

LEAST_SIDE = 32  # pixels; Keras builds no smaller ones


class _Network(NamedTuple):
    """seen: the layer that HALF_WAY follows, the end of the last stage with a value for every 16 pixels."""

    build: Callable[..., keras.Model]
    seen: str


NETWORKS = {
    "mobilenet_v3_large": _Network(applications.MobileNetV3Large, "expanded_conv_11_add"),
    "efficientnet_v2_b0": _Network(applications.EfficientNetV2B0, "block5e_add"),
}


def build(name: str, side: int, weights: Path) -> keras.Model:
    """The network without its last layer: raw pixels (float32, n × side × side × 3, 0–255) to features (n × units).

    name: a key of NETWORKS. side: at least LEAST_SIDE. weights: the file.
    Raises UserError if it cannot be read, is damaged, may be harmful or holds the weights of another network.
    """
    network = _built(name, side)
    set_weights(network, weights, BACKBONES[name])
    return _with_half_way(network, NETWORKS[name].seen)


def _built(name: str, side: int) -> keras.Model:
    """The network as Keras has it, with weights at random: in the order of its layers, files hold theirs."""
    return NETWORKS[name].build(
        input_shape=(side, side, 3),
        include_top=False,
        include_preprocessing=True,
        pooling="avg",
        weights=None,
    )


def _with_half_way(network: keras.Model, seen: str) -> keras.Model:
    """A copy in which the layer HALF_WAY follows the layer ``seen``."""

    def call(layer: keras.Layer, *inputs: Any, **settings: Any) -> Any:
        outputs = layer(*inputs, **settings)
        return layers.Identity(name=HALF_WAY)(outputs) if layer.name == seen else outputs

    copied = keras.models.clone_model(network, call_function=call)
    copied.set_weights(network.get_weights())
    return copied
