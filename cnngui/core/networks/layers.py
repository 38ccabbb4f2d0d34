"""The parts that networks are made of. This module imports Keras: import it inside functions only."""

from typing import Any

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from cnngui.core import device
from cnngui.core.networks.convolution import QuickConv2D
from cnngui.core.networks.normalization import FusedBatchNormalization

# Names of layers. Every network has a layer FEATURES, the input of its last dense layer, and one HALF_WAY there.
FEATURES = "features"
HALF_WAY = "half_way"
WHITENING = "whitening"  # the frozen layer of the networks that have one
STATISTICS_IMAGES = 5000  # training images for the statistics, as in airbench
STATISTICS_PIXELS = 20_000_000  # at most, of all colours: 80 MB
WHITENING_CHUNK = 100  # images per step: a few milliseconds, during which no other thread can run Python


def whiten(inputs: keras.KerasTensor, images: NDArray[np.uint8]) -> keras.KerasTensor:
    """Scaling, normalisation and a frozen whitening convolution, computed from some of the training images.

    inputs: float32 (n, height, width, 3), 0–255. images: uint8 (n, height, width, 3).
    Returns float32 (n, height - 1, width - 1, 24).
    """
    enough = max(1, min(STATISTICS_IMAGES, STATISTICS_PIXELS // images[0].size))
    scaled = images[:: -(-len(images) // enough)].astype(np.float32) / 255
    mean, variance = scaled.mean((0, 1, 2)), scaled.var((0, 1, 2)) + 1e-4
    kernel = whitening_kernel((scaled - mean) / np.sqrt(variance))
    # These three stay float32 in any precision: whitening would amplify rounding errors.
    x = layers.Rescaling(1 / 255, dtype="float32")(inputs)
    x = layers.Normalization(mean=mean.tolist(), variance=variance.tolist(), dtype="float32")(x)
    whitening = layers.Conv2D(kernel.shape[-1], 2, use_bias=False, trainable=False, name=WHITENING, dtype="float32")
    whitened = whitening(x)
    whitening.set_weights([kernel])
    return whitened


def block(x: keras.KerasTensor, channels: int, convolutions: int) -> keras.KerasTensor:
    """Convolutions with batch normalisation and ReLU, without the last ReLU.

    Pooling comes before the first normalisation, where it costs least. Three convolutions get a skip connection past
    the last two. (n, height, width, c) becomes (n, height // 2, width // 2, channels).
    """
    x = _convolution(channels)(x)
    x = layers.MaxPooling2D()(x)
    x = _normalization()(x)
    start = layers.ReLU()(x)
    x = start
    for number in range(1, convolutions):
        if number > 1:
            x = layers.ReLU()(x)
        x = _convolution(channels)(x)
        x = _normalization()(x)
    return layers.Add()([x, start]) if convolutions > 2 else x


def _convolution(channels: int) -> keras.Layer:
    settings: dict[str, Any] = {"padding": "same", "use_bias": False}
    return (layers.Conv2D if device.has_replicas() else QuickConv2D)(channels, 3, **settings)


def _normalization() -> keras.Layer:
    # Momentum 0.6 lets the statistics follow quickly: a training has only a few thousand steps.
    settings: dict[str, Any] = {"momentum": 0.6, "epsilon": 1e-5, "scale": False}
    if device.has_replicas():  # only Keras' own takes the statistics of the whole batch, not of a device's part
        return layers.BatchNormalization(**settings, synchronized=True)
    return FusedBatchNormalization(**settings)


def whitening_kernel(images: NDArray[np.float32]) -> NDArray[np.float32]:
    """The filters that make the pixels of a 2×2 patch uncorrelated and of equal variance, and their negatives.

    images: float32 (n, height, width, channels), normalised.
    Returns float32 (2, 2, channels, 8 × channels): the eigenvectors of the patches' covariance, each divided by the
    square root of its eigenvalue plus 5e-4 (airbench's constant, which keeps the smallest from amplifying noise).
    """
    channels = images.shape[-1]
    count, total, squares = 0, np.zeros(4 * channels), np.zeros((4 * channels, 4 * channels))
    for chunk in np.array_split(images, -(-len(images) // WHITENING_CHUNK)):
        windows = np.lib.stride_tricks.sliding_window_view(chunk, (2, 2), axis=(1, 2))
        patches = windows.transpose(0, 1, 2, 4, 5, 3).reshape(-1, 4 * channels).astype(np.float64)
        count, total, squares = count + len(patches), total + patches.sum(0), squares + patches.T @ patches
    mean = total / count
    eigenvalues, eigenvectors = np.linalg.eigh(squares / count - np.outer(mean, mean))
    filters = (eigenvectors / np.sqrt(eigenvalues + 5e-4)).reshape(2, 2, channels, 4 * channels)
    return np.concatenate([filters, -filters], axis=-1).astype(np.float32)


def dirac(kernel: NDArray[np.float32]) -> NDArray[np.float32]:
    """A copy of the kernel (height, width, inputs, outputs) whose first filters pass one input channel each."""
    height, width, inputs, outputs = kernel.shape
    passing = min(inputs, outputs)
    started = kernel.copy()
    started[..., :passing] = 0
    started[height // 2, width // 2, range(passing), range(passing)] = 1
    return started
