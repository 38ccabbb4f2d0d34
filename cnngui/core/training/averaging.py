"""Weight averaging (SWA) over a training's cycles. This module imports Keras: import it inside functions only.

A cycle begins at the start of the training and at each warm restart.
Source: Izmailov et al., "Averaging Weights Leads to Wider Optima and Better Generalization", 2018.
"""

from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray


class CycleEnds(keras.callbacks.Callback):
    """Keeps the network's weights at the end of each cycle, in ``weights``, by the number of epochs before it.

    cycles: the epochs in each, as :attr:`cnngui.core.recipes.recipe.Recipe.cycles`.
    """

    def __init__(self, cycles: Sequence[int]) -> None:
        super().__init__()
        self.weights: dict[int, list[NDArray[np.float32]]] = {}
        self.replan(cycles)

    def replan(self, cycles: Sequence[int]) -> None:
        """These are the cycles now; weights that were not at the end of one are forgotten."""
        self._ends = set(accumulate(cycles))
        self.weights = {epoch: weights for epoch, weights in self.weights.items() if epoch in self._ends}

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Keep the weights if a cycle has ended and the training was not stopped during its last epoch."""
        if epoch + 1 in self._ends and not self.model.stop_training:
            self.weights[epoch + 1] = self.model.get_weights()


def average_weights(ends: Sequence[list[NDArray[np.float32]]]) -> list[NDArray[np.float32]]:
    """The average of at least one set of weights; the first counts as much as all the others together.

    The first cycle is by far the longest. This way, the validation loss of the shipped model was 0.244; with equal
    shares it was 0.245, for the first cycle alone 0.249 and for each of the others more.
    """
    first, *others = ends
    if not others:
        return first
    means = (np.mean(weights, axis=0) for weights in zip(*others, strict=True))
    return [(weight + mean) / 2 for weight, mean in zip(first, means, strict=True)]


def update_statistics(network: keras.Model, batches: Iterable[NDArray[np.uint8]]) -> None:
    """Compute the batch normalisation statistics of averaged weights: the means over the given batches.

    batches: uint8 (n, height, width, channels) each.
    """
    normalizations = [layer for layer in network.layers if isinstance(layer, keras.layers.BatchNormalization)]
    momenta = [layer.momentum for layer in normalizations]
    for number, images in enumerate(batches):
        for layer in normalizations:
            layer.momentum = number / (number + 1)  # gives each batch the same weight
        network(ops.cast(images, "float32"), training=True)
    for layer, momentum in zip(normalizations, momenta, strict=True):
        layer.momentum = momentum
