"""What a network makes of some pictures after each epoch.

This module imports Keras: import it inside functions only.
"""

import time
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from cnngui.core.pictures.images import resized
from cnngui.core.progress import Glimpse, Report

SHARE = 0.015  # of the training's time, at most
MOST_FILTERS = 64


class Glimpses(keras.callbacks.Callback):
    """Reports a Glimpse after an epoch, as long as that takes at most 1.5 % of the training’s time.

    pictures: gives the pictures, uint8 (n, height, width, 3); they may change between two epochs.
    classes: the network's.
    """

    def __init__(self, pictures: Callable[[], NDArray[np.uint8]], classes: tuple[str, ...], report: Report) -> None:
        super().__init__()
        self._pictures, self._classes, self._report = pictures, classes, report
        self._began = time.monotonic()
        self._spent = 0.0

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Look, and report."""
        began = time.monotonic()
        if self._spent > SHARE * (began - self._began) or logs is None:
            return
        pictures = self._pictures()
        probabilities = np.zeros((0, 0), np.float32)
        if len(pictures):
            logits = self.model(resized(pictures, self.model.input_shape[1:3]).astype(np.float32), training=False)
            probabilities = keras.ops.convert_to_numpy(keras.ops.softmax(keras.ops.cast(logits, "float32")))
        self._report(Glimpse(epoch + 1, pictures, self._classes, probabilities, first_filters(self.model)))
        self._spent += time.monotonic() - began


def first_filters(network: keras.Model) -> NDArray[np.uint8]:
    """The filters of the convolution that sees colours, as pictures; uint8 (n, side, side, 3).

    Grey is 0; each filter is as strong as it can be shown. Without such a convolution, there are none.
    """
    for layer in network.layers:
        if isinstance(layer, keras.layers.Conv2D) and layer.kernel.shape[2] == 3:
            filters = keras.ops.convert_to_numpy(keras.ops.cast(layer.kernel, "float32"))[..., :MOST_FILTERS]
            filters = filters.transpose(3, 0, 1, 2)
            filters = np.nan_to_num(filters, posinf=0, neginf=0)  # of a training that diverges
            largest = np.abs(filters).max((1, 2, 3), keepdims=True)
            shown: NDArray[np.uint8] = (127.5 + 127.5 * filters / np.maximum(largest, 1e-9)).astype(np.uint8)
            return shown
    return np.zeros((0, 1, 1, 3), np.uint8)
