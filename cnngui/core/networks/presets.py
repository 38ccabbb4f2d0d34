"""The networks' architectures, by name.

Each takes raw pixels (float32, n × height × width × 3, 0–255), scales them in layers of its own, and returns logits.
This module imports Keras: import it inside functions only.
"""

from collections.abc import Callable

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from cnngui.core.networks.convolution import QuickConv2D
from cnngui.core.networks.normalization import FusedBatchNormalization

# Names of layers. Every network has one whose outputs the last dense layer weighs, and one half-way there.
FEATURES = "features"
HALF_WAY = "half_way"
WHITENING = "whitening"  # the frozen layer of those that have it
STATISTICS_IMAGES = 5000  # as many as airbench looks at for its statistics, at most
WHITENING_CHUNK = 100  # images looked at in one go: a few milliseconds, in which no other thread can run Python


def article(images: NDArray[np.uint8], classes: int, width: int) -> keras.Model:
    """The article's network: two convolutions with max pooling, then two dense layers.

    images: uint8 (n, height, width, 3), the training images, at least 10 pixels a side; only their size matters here.
    width: ignored, the article's widths are fixed.
    The layers are the article's, except for its softmax: the loss takes logits, and the saved model adds a softmax.
    """
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


def whitened(images: NDArray[np.uint8], classes: int, width: int) -> keras.Model:
    """airbench94's shape: a frozen whitening layer, three blocks of two convolutions, one dense layer.

    images: uint8 (n, height, width, 3), the training images, at least 26 pixels a side; the first layer's filters and
    the normalisation are computed from them.
    width: channels of the first block; the others have four times as many (64/256/256 in airbench94).
    Source: Keller Jordan, "94% on CIFAR-10 in 3.29 seconds on a single GPU", 2024.
    """
    return _airbench("whitened", images, classes, widths=(width, 4 * width, 4 * width), convolutions=2)


def residual(images: NDArray[np.uint8], classes: int, width: int) -> keras.Model:
    """airbench96's shape: as :func:`whitened`, but with a third convolution in each block, and a way past two of them.

    width: channels of the first block; the others have two and a half times as many, which is what one picture's
    answer has time for (128/384/512 in airbench96).
    """
    later = 5 * width // 2
    return _airbench("residual", images, classes, widths=(width, later, later), convolutions=3)


def _airbench(
    name: str, images: NDArray[np.uint8], classes: int, *, widths: tuple[int, int, int], convolutions: int
) -> keras.Model:
    inputs = keras.Input(images.shape[1:])
    x = layers.ReLU()(_whiten(inputs, images))
    for channels, last in zip(widths, (None, HALF_WAY, None), strict=True):
        x = layers.ReLU(name=last)(_block(x, channels, convolutions))
    x = layers.GlobalMaxPooling2D(name=FEATURES)(x)
    x = layers.Dense(classes, use_bias=False, dtype="float32")(x)
    # airbench divides its logits by 9, so that a fresh network is unsure of everything.
    network = keras.Model(inputs, layers.Rescaling(1 / 9, dtype="float32")(x), name=name)
    for layer in network.layers:
        if isinstance(layer, layers.Conv2D) and layer.trainable:
            layer.kernel.assign(dirac(layer.kernel.numpy()))
    return network


def _whiten(inputs: keras.KerasTensor, images: NDArray[np.uint8]) -> keras.KerasTensor:
    """Scaling, normalisation and a frozen whitening convolution, computed from some of the images."""
    scaled = images[:: -(-len(images) // STATISTICS_IMAGES)].astype(np.float32) / 255
    mean, variance = scaled.mean((0, 1, 2)), scaled.var((0, 1, 2)) + 1e-4
    kernel = whitening_kernel((scaled - mean) / np.sqrt(variance))
    # These three stay exact under any precision: whitening enlarges what rounding would leave.
    x = layers.Rescaling(1 / 255, dtype="float32")(inputs)
    x = layers.Normalization(mean=mean.tolist(), variance=variance.tolist(), dtype="float32")(x)
    whitening = layers.Conv2D(kernel.shape[-1], 2, use_bias=False, trainable=False, name=WHITENING, dtype="float32")
    whitened = whitening(x)
    whitening.set_weights([kernel])
    return whitened


def _block(x: keras.KerasTensor, channels: int, convolutions: int) -> keras.KerasTensor:
    """Convolutions, with pooling before the first normalisation, where it costs least; three have a way past two.

    The last activation is not in it.
    """
    x = QuickConv2D(channels, 3, padding="same", use_bias=False)(x)
    x = layers.MaxPooling2D()(x)
    x = _normalization()(x)
    start = layers.ReLU()(x)
    x = start
    for number in range(1, convolutions):
        if number > 1:
            x = layers.ReLU()(x)
        x = QuickConv2D(channels, 3, padding="same", use_bias=False)(x)
        x = _normalization()(x)
    return layers.Add()([x, start]) if convolutions > 2 else x


def _normalization() -> keras.Layer:
    # The statistics follow fast (0.6), since a training has only some thousand steps; the convolutions need no gamma.
    return FusedBatchNormalization(momentum=0.6, epsilon=1e-5, scale=False)


def whitening_kernel(images: NDArray[np.float32]) -> NDArray[np.float32]:
    """The filters that make the pixels of a 2×2 patch uncorrelated and of equal variance, and their negatives.

    images: float32 (n, height, width, channels), normalised.
    Returns float32 (2, 2, channels, 8 × channels): the eigenvectors of the patches' covariance, each divided by the
    root of its eigenvalue plus 5e-4 (airbench's constant, which keeps the faintest from becoming pure noise).
    """
    channels = images.shape[-1]
    count, total, squares = 0, np.zeros(4 * channels), np.zeros((4 * channels, 4 * channels))
    for some in np.array_split(images, -(-len(images) // WHITENING_CHUNK)):
        windows = np.lib.stride_tricks.sliding_window_view(some, (2, 2), axis=(1, 2))
        patches = windows.transpose(0, 1, 2, 4, 5, 3).reshape(-1, 4 * channels).astype(np.float64)
        count, total, squares = count + len(patches), total + patches.sum(0), squares + patches.T @ patches
    mean = total / count
    eigenvalues, eigenvectors = np.linalg.eigh(squares / count - np.outer(mean, mean))
    filters = (eigenvectors / np.sqrt(eigenvalues + 5e-4)).reshape(2, 2, channels, 4 * channels)
    return np.concatenate([filters, -filters], axis=-1).astype(np.float32)


def dirac(kernel: NDArray[np.float32]) -> NDArray[np.float32]:
    """The kernel (height, width, inputs, outputs) whose first filters each pass one input channel unchanged."""
    height, width, inputs, outputs = kernel.shape
    passing = min(inputs, outputs)
    started = kernel.copy()
    started[..., :passing] = 0
    started[height // 2, width // 2, range(passing), range(passing)] = 1
    return started


NETWORKS: dict[str, Callable[[NDArray[np.uint8], int, int], keras.Model]] = {
    "article": article,
    "whitened": whitened,
    "residual": residual,
}
