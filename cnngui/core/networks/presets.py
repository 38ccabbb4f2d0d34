"""The architectures, by name.

Each network takes raw pixels (float32, n × height × width × 3, 0–255), scales them itself and returns logits.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cnngui.core.recipes.layers import Layer
from cnngui.core.recipes.layers import article as article_layers
from cnngui.core.recipes.parts import NetworkSettings

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True)
class Shape:
    """An architecture.

    summary: a sentence for the user. build: as :func:`build`.
    """

    summary: str
    build: "Callable[[NetworkSettings, NDArray[np.uint8], int], keras.Model]"


def build(chosen: NetworkSettings, images: NDArray[np.uint8], classes: int) -> "keras.Model":
    """A new network.

    images: uint8 (n, height, width, 3), the training images. classes: how many. It imports Keras.
    Raises UserError if the images are too small, or a layer cannot work.
    """
    return SHAPES[chosen.shape].build(chosen, images, classes)


def layers_of(chosen: NetworkSettings) -> tuple[Layer, ...]:
    """The list of layers that the network is or, of the shapes that are none, the article's to begin with."""
    return (
        chosen.layers if chosen.shape == "layers" else article_layers(chosen.width if chosen.shape == "article" else 32)
    )


def listed(chosen: NetworkSettings, images: NDArray[np.uint8], classes: int) -> "keras.Model":
    """The network of a list of layers: the user's own, or the article's.

    The article's softmax is missing: the loss takes logits, and the saved model adds a softmax.
    """
    from cnngui.core.networks import builder

    return builder.build(layers_of(chosen), images.shape[1:], classes, dropout=chosen.dropout, name=chosen.shape)


def whitened(chosen: NetworkSettings, images: NDArray[np.uint8], classes: int) -> "keras.Model":
    """The shape of airbench94: a frozen whitening layer, three blocks of two convolutions, one dense layer.

    images: at least 26 pixels a side; the whitening filters and the normalisation are computed from them.
    The width is that of the first block; the others have four times as many channels (64/256/256 in airbench94).
    Source: Keller Jordan, "94% on CIFAR-10 in 3.29 seconds on a single GPU", 2024.
    """
    widths = (chosen.width, 4 * chosen.width, 4 * chosen.width)
    return _airbench(chosen, images, classes, widths=widths, convolutions=2)


def residual(chosen: NetworkSettings, images: NDArray[np.uint8], classes: int) -> "keras.Model":
    """The shape of airbench96: as :func:`whitened`, with a third convolution and a skip connection in each block.

    The blocks after the first have 2.5 times its width (128/384/512 in airbench96), which keeps the answer for one
    picture fast.
    """
    later = 5 * chosen.width // 2
    return _airbench(chosen, images, classes, widths=(chosen.width, later, later), convolutions=3)


def _airbench(
    chosen: NetworkSettings,
    images: NDArray[np.uint8],
    classes: int,
    *,
    widths: tuple[int, int, int],
    convolutions: int,
) -> "keras.Model":
    import keras
    from keras import layers

    from cnngui.core.networks.layers import FEATURES, HALF_WAY, block, dirac, whiten

    inputs = keras.Input(images.shape[1:])
    x = layers.ReLU()(whiten(inputs, images))
    for channels, last in zip(widths, (None, HALF_WAY, None), strict=True):
        x = layers.ReLU(name=last)(block(x, channels, convolutions))
    x = layers.GlobalMaxPooling2D(name=FEATURES)(x)
    if chosen.dropout:
        x = layers.Dropout(chosen.dropout)(x)
    x = layers.Dense(classes, use_bias=False, dtype="float32")(x)
    # Dividing the logits by 9, as airbench does, keeps a new network unsure.
    network = keras.Model(inputs, layers.Rescaling(1 / 9, dtype="float32")(x), name=chosen.shape)
    for layer in network.layers:
        if isinstance(layer, layers.Conv2D) and layer.trainable:
            layer.kernel.assign(dirac(layer.kernel.numpy()))
    return network


SHAPES = {
    "article": Shape("Two convolutions and two dense layers, as in the article.", listed),
    "whitened": Shape("A frozen whitening layer and six convolutions.", whitened),
    "residual": Shape("A frozen whitening layer and nine convolutions in three residual blocks.", residual),
    "layers": Shape("Layers of your own.", listed),
}
