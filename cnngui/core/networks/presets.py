"""The architectures, by name.

Each network takes raw pixels (float32, n × height × width × 3, 0–255), scales them itself and returns logits.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True)
class Network:
    """An architecture.

    summary: a sentence for the user.
    build: makes a new network from the training images (uint8, n × height × width × 3), the number of classes and the
        width; see the functions below. It imports Keras.
    """

    summary: str
    build: "Callable[[NDArray[np.uint8], int, int], keras.Model]"


def article(images: NDArray[np.uint8], classes: int, width: int) -> "keras.Model":
    """The article's network: two convolutions with max pooling, then two dense layers.

    images: uint8 (n, height, width, 3), the training images, at least 10 pixels a side; only their size matters.
    width: ignored; the article's widths are fixed.
    The article's softmax is missing: the loss takes logits, and the saved model adds a softmax.
    """
    import keras
    from keras import layers

    from cnngui.core.networks.layers import FEATURES, HALF_WAY

    del width
    return keras.Sequential(
        [
            keras.Input(images.shape[1:]),
            layers.Rescaling(1 / 255),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(name=HALF_WAY),
            layers.Flatten(),
            layers.Dense(64, activation="relu", name=FEATURES),
            layers.Dense(classes, dtype="float32"),
        ],
        name="article",
    )


def whitened(images: NDArray[np.uint8], classes: int, width: int) -> "keras.Model":
    """The shape of airbench94: a frozen whitening layer, three blocks of two convolutions, one dense layer.

    images: uint8 (n, height, width, 3), the training images, at least 26 pixels a side; the whitening filters and the
    normalisation are computed from them.
    width: channels of the first block; the others have four times as many (64/256/256 in airbench94).
    Source: Keller Jordan, "94% on CIFAR-10 in 3.29 seconds on a single GPU", 2024.
    """
    return _airbench("whitened", images, classes, widths=(width, 4 * width, 4 * width), convolutions=2)


def residual(images: NDArray[np.uint8], classes: int, width: int) -> "keras.Model":
    """The shape of airbench96: as :func:`whitened`, with a third convolution and a skip connection in each block.

    width: channels of the first block; the others have 2.5 times as many (128/384/512 in airbench96), which keeps the
    answer for one picture fast.
    """
    later = 5 * width // 2
    return _airbench("residual", images, classes, widths=(width, later, later), convolutions=3)


def _airbench(
    name: str, images: NDArray[np.uint8], classes: int, *, widths: tuple[int, int, int], convolutions: int
) -> "keras.Model":
    import keras
    from keras import layers

    from cnngui.core.networks.layers import FEATURES, HALF_WAY, block, dirac, whiten

    inputs = keras.Input(images.shape[1:])
    x = layers.ReLU()(whiten(inputs, images))
    for channels, last in zip(widths, (None, HALF_WAY, None), strict=True):
        x = layers.ReLU(name=last)(block(x, channels, convolutions))
    x = layers.GlobalMaxPooling2D(name=FEATURES)(x)
    x = layers.Dense(classes, use_bias=False, dtype="float32")(x)
    # Dividing the logits by 9, as airbench does, keeps a new network unsure.
    network = keras.Model(inputs, layers.Rescaling(1 / 9, dtype="float32")(x), name=name)
    for layer in network.layers:
        if isinstance(layer, layers.Conv2D) and layer.trainable:
            layer.kernel.assign(dirac(layer.kernel.numpy()))
    return network


NETWORKS = {
    "article": Network("Two convolutions and two dense layers, as in the article.", article),
    "whitened": Network("A frozen whitening layer and six convolutions.", whitened),
    "residual": Network("A frozen whitening layer and nine convolutions in three residual blocks.", residual),
}
