"""Fit a preset to the number of training images: with few of them, its batches would be as large as the data.

The rate follows the batch linearly for SGD (Goyal et al., "Accurate, Large Minibatch SGD", 2017); Adam needs no change.
The constants were chosen by benchmarks/small_data.py.
"""

import math
from dataclasses import replace

from cnngui.core.recipes.recipe import Recipe

LEAST_BATCHES = 8  # in an epoch
LEAST_BATCH_SIZE = 16
LEAST_STEPS = 600  # in a training
MOST_EPOCHS = 60


def fitted(preset: Recipe, training_images: int) -> Recipe:
    """The preset for so many training images; the preset itself if they are many, as in CIFAR-10.

    An epoch has at least 8 batches, as far as batches of 16 allow; the batch size is a power of two then. The training
    has at least 600 steps, as far as 60 epochs allow.
    """
    images = max(1, training_images)
    smaller = max(LEAST_BATCH_SIZE, 2 ** math.floor(math.log2(max(1, images // LEAST_BATCHES))))
    batch_size = min(preset.batch_size, smaller)
    steps_per_epoch = math.ceil(images / batch_size)
    epochs = max(preset.epochs, min(MOST_EPOCHS, math.ceil(LEAST_STEPS / steps_per_epoch)))
    scale = batch_size / preset.batch_size if preset.optimizer == "sgd" else 1.0
    rate = round(preset.learning_rate * scale, 6)  # as many decimals as the form shows
    return replace(preset, batch_size=batch_size, epochs=epochs, learning_rate=rate)
