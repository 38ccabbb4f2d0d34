"""Several ends of one training, averaged. This module imports Keras: import it inside functions only.

After Izmailov et al., "Averaging Weights Leads to Wider Optima and Better Generalization", 2018.
"""

from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray


class CycleEnds(keras.callbacks.Callback):
    """Keeps the weights at the end of every cycle of a training.

    cycles: the epochs of each, as :attr:`cnngui.core.recipes.recipe.Recipe.cycles`.
    """

    def __init__(self, cycles: Sequence[int]) -> None:
        super().__init__()
        self.kept: list[list[NDArray[np.float32]]] = []
        self._ends = set(accumulate(cycles))

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Keep the weights, if a cycle is over and was not broken off in its last epoch."""
        if epoch + 1 in self._ends and not self.model.stop_training:
            self.kept.append(self.model.get_weights())


def averaged(ends: Sequence[list[NDArray[np.float32]]]) -> list[NDArray[np.float32]]:
    """The mean of the weights of at least one end, of which the first counts as much as all the others together.

    The first cycle is the long one. On the validation images the loss of the shipped model was 0.244 so, and 0.245 with
    equal shares; it was 0.249 for the first end alone, and more for each of the others.
    """
    first, *others = ends
    if not others:
        return first
    means = (np.mean(weights, axis=0) for weights in zip(*others, strict=True))
    return [(weight + mean) / 2 for weight, mean in zip(first, means, strict=True)]


def renew_statistics(network: keras.Model, batches: Iterable[NDArray[np.uint8]]) -> None:
    """Let batch normalisation gather its statistics anew, the means over some batches of images: weights that are an
    average have put out none yet.

    batches: uint8 (n, height, width, channels) each.
    """
    normalizations = [layer for layer in network.layers if isinstance(layer, keras.layers.BatchNormalization)]
    momenta = [layer.momentum for layer in normalizations]
    for number, images in enumerate(batches):
        for layer in normalizations:
            layer.momentum = number / (number + 1)  # so that each batch counts as much as any other
        network(ops.cast(images, "float32"), training=True)
    for layer, momentum in zip(normalizations, momenta, strict=True):
        layer.momentum = momentum
