"""Images as batches for Keras. This module imports TensorFlow: import it inside functions only."""

from collections.abc import Collection, Iterator

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from cnngui.core.data.augmentation import SHIFT, as_photographed, mixed, moved_and_mirrored
from cnngui.core.data.datasets import Split

AHEAD = 2  # batches that are made while others are learnt from


class Batches:
    """Batches of (uint8 images (batch, height, width, 3), float32 labels (batch, classes), one-hot or mixed).

    Every epoch has an order of its own; its last batch holds what is left. Order and augmentation follow from the
    seed alone.
    augment, photographs: as in ``Recipe``. mixed_epochs: the epochs, from 1, in which images
    are mixed.
    """

    def __init__(
        self,
        split: Split,
        classes: int,
        batch_size: int,
        *,
        augment: bool = False,
        photographs: bool = False,
        mixed_epochs: Collection[int] = (),
        seed: int = 0,
    ) -> None:
        self._split = split
        self._one_hot = np.eye(classes, dtype=np.float32)
        self._batch_size = batch_size
        self._augment = augment
        self._photographs = photographs
        self._mixed_epochs = mixed_epochs
        self._seed = seed
        self._epoch = 0  # the first is 1: Keras may ask for batches before it, to see what they are like
        self._rng = np.random.default_rng(seed)
        # Mirrored at random once, then in turn: after two epochs each image was seen both ways (airbench).
        self._mirrored = self._rng.random(len(split)) < 0.5
        self._draw_epoch()

    def __len__(self) -> int:
        return -(-len(self._split) // self._batch_size)

    def __getitem__(self, index: int) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        chosen = self._order[index * self._batch_size : (index + 1) * self._batch_size]
        images, labels = self._split.images[chosen], self._one_hot[self._split.labels[chosen]]
        if self._augment:
            images = moved_and_mirrored(images, self._offsets[chosen], self._mirrored[chosen])
        rng = np.random.default_rng((self._seed, self._epoch, index))  # whatever Keras asks for, and how often
        if self._photographs:
            images = as_photographed(images, rng)
        if self._epoch in self._mixed_epochs:
            images, labels = mixed(images, labels, rng)
        return images, labels

    def dataset(self) -> tf.data.Dataset:
        """The batches for ``fit``, in the order of the epoch that was begun last.

        TensorFlow does not tune this pipeline: what does sleeps for up to a minute before it looks whether it should
        end, and each epoch waits for that at its end. Keras leaves it on for its own PyDataset.
        """

        def batches() -> Iterator[tuple[NDArray[np.uint8], NDArray[np.float32]]]:
            for index in range(len(self)):
                yield self[index]

        options = tf.data.Options()
        options.autotune.enabled = False
        signature = (
            tf.TensorSpec((None, *self._split.images.shape[1:]), tf.uint8),
            tf.TensorSpec((None, len(self._one_hot)), tf.float32),
        )
        counted = tf.data.experimental.assert_cardinality(len(self))
        dataset = tf.data.Dataset.from_generator(batches, output_signature=signature).apply(counted)
        return dataset.prefetch(AHEAD).with_options(options)

    def begin_epoch(self) -> None:
        """Draw a new order and new places."""
        self._epoch += 1
        self._mirrored = ~self._mirrored
        self._draw_epoch()

    def _draw_epoch(self) -> None:
        self._order = self._rng.permutation(len(self._split))
        self._offsets = self._rng.integers(0, 2 * SHIFT + 1, size=(len(self._split), 2))
