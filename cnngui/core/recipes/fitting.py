"""Fit a preset to the number of training images: with few of them, its batches would be as large as the data.

The batch shrinks and the epochs grow; the rate stays. Scaling the rate of SGD with the batch, linearly or by its square
root, was worse (docs/figures.md), presumably because batch normalisation makes up for it.
"""

import math

from cnngui.core.recipes.recipe import Recipe

FITTED = ("optimization.batch_size", "optimization.epochs")  # the settings that change
LEAST_BATCHES = 64  # in an epoch
LEAST_BATCH_SIZE = 16
LEAST_STEPS = 1200  # in a training; "quick" on CIFAR-10 has 1,408
MOST_EPOCHS = 60


def fitted(preset: Recipe, training_images: int) -> Recipe:
    """The preset for so many training images; the preset itself if they are many, as in CIFAR-10.

    An epoch has at least 64 batches, as far as batches of 16 allow; the batch size is a power of two then. The training
    has at least 1,200 steps, as far as 60 epochs allow. More images never mean more epochs or smaller batches, and
    fitting twice changes nothing more. A preset that begins with another model needs no fitting.
    """
    if preset.network.begins:
        return preset
    optimization, images = preset.optimization, max(1, training_images)
    largest = max(LEAST_BATCH_SIZE, images / LEAST_BATCHES)
    batch_size = min(optimization.batch_size, 2 ** math.floor(math.log2(largest)))
    # Counted with the batch before it is rounded down: otherwise the epochs would double wherever the batch does.
    steps_per_epoch = images / min(optimization.batch_size, largest)
    epochs = max(optimization.epochs, min(MOST_EPOCHS, math.ceil(LEAST_STEPS / steps_per_epoch)))
    return preset.changed({"optimization.batch_size": batch_size, "optimization.epochs": epochs})
