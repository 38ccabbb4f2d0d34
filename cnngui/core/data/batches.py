"""Images as batches for Keras. This module imports TensorFlow: import it inside functions only."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from cnngui.core.data.augmentation import augmented, cutmix
from cnngui.core.data.datasets import Split
from cnngui.core.recipes.recipe import Recipe

AHEAD = 2  # batches prepared while the network learns from another
LEAST_LAST = 1 / 4  # of a batch: batch normalisation would take its statistics from very few images


def batch_ends(images: int, batch_size: int) -> list[int]:
    """After how many of an epoch's ``images``, at least one, each of its batches ends.

    The last batch may be smaller; if it would have less than a quarter of ``batch_size``, it joins the one before.
    """
    ends = [*range(batch_size, images, batch_size), images]
    if len(ends) > 1 and images - ends[-2] < LEAST_LAST * batch_size:
        del ends[-2]
    return ends


def least_batch(images: int, batch_size: int) -> int:
    """The number of images in the smallest batch of an epoch."""
    ends = batch_ends(images, batch_size)
    return min(end - start for start, end in pairwise([0, *ends]))


class Batches:
    """Batches of (uint8 images (batch, height, width, 3), float32 labels (batch, classes)).

    Labels are one-hot, or mixed by CutMix. Each epoch is shuffled anew, and divided as :func:`batch_ends` says.
    recipe: how the images are augmented, and the seed, which alone decides order and augmentation. Without a recipe,
    images are shuffled only, by seed 0.
    """

    def __init__(self, split: Split, classes: int, batch_size: int, recipe: Recipe | None = None) -> None:
        self._split = split
        self._one_hot = np.eye(classes, dtype=np.float32)
        self._ends = batch_ends(len(split), batch_size)
        self._recipe = recipe
        self._seed = recipe.seed if recipe else 0
        self._cutmix_epochs = recipe.cutmix_epochs if recipe else frozenset()
        self._epoch = 0  # epochs count from 1, but Keras may ask for batches before the first, to see their shapes
        self._rng = np.random.default_rng(self._seed)
        # Flips are drawn once and then alternate, so that two epochs show each image both ways (airbench).
        self._flipped = self._rng.random(len(split)) < 0.5
        self._draw_epoch()

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, index: int) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        chosen = self._order[self._ends[index - 1] if index else 0 : self._ends[index]]
        images, labels = self._split.images[chosen], self._one_hot[self._split.labels[chosen]]
        if self._recipe is None:
            return images, labels
        rng = np.random.default_rng((self._seed, self._epoch, index))  # Keras may ask for any batch, at any time
        images = augmented(images, self._recipe.augmentation, self._flipped[chosen], self._offsets[chosen], rng)
        if self._epoch in self._cutmix_epochs:
            images, labels = cutmix(images, labels, rng)
        return images, labels

    def dataset(self, first: int = 0) -> tf.data.Dataset:
        """The batches for ``fit``, in the order of the current epoch, from batch ``first`` on.

        Autotuning is off: its thread may sleep for up to a minute before it notices the end of an epoch, and the epoch
        waits for it. Keras leaves it on for its own PyDataset.
        """

        def batches() -> Iterator[tuple[NDArray[np.uint8], NDArray[np.float32]]]:
            for index in range(first, len(self)):
                yield self[index]

        options = tf.data.Options()
        options.autotune.enabled = False
        signature = (
            tf.TensorSpec((None, *self._split.images.shape[1:]), tf.uint8),
            tf.TensorSpec((None, len(self._one_hot)), tf.float32),
        )
        counted = tf.data.experimental.assert_cardinality(len(self) - first)
        dataset = tf.data.Dataset.from_generator(batches, output_signature=signature).apply(counted)
        return dataset.prefetch(AHEAD).with_options(options)

    def recipe_changed(self, recipe: Recipe) -> None:
        """Augment the epochs to come as this recipe says."""
        self._recipe, self._cutmix_epochs = recipe, recipe.cutmix_epochs

    def begin_epoch(self) -> None:
        """Shuffle, and draw new shifts and flips."""
        self._epoch += 1
        self._flipped = ~self._flipped
        self._draw_epoch()

    def _draw_epoch(self) -> None:
        self._order = self._rng.permutation(len(self._split))
        shift = self._recipe.augmentation.shift if self._recipe else 0
        self._offsets = self._rng.integers(0, 2 * shift + 1, size=(len(self._split), 2))
