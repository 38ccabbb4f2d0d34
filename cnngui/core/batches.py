"""Images as batches for Keras. This module imports Keras: import it inside functions only."""

import keras
import numpy as np
from numpy.typing import NDArray

from cnngui.core.datasets import Split

SHIFT = 2  # pixels, as in airbench


class Batches(keras.utils.PyDataset):
    """Batches of (uint8 images (batch, height, width, 3), float32 one-hot labels (batch, classes)).

    Every epoch has an order of its own; its last batch holds what is left. Order and augmentation follow from the
    seed alone.
    """

    def __init__(self, split: Split, classes: int, batch_size: int, *, augment: bool = False, seed: int = 0) -> None:
        super().__init__()
        self._split = split
        self._one_hot = np.eye(classes, dtype=np.float32)
        self._batch_size = batch_size
        self._augment = augment
        self._rng = np.random.default_rng(seed)
        # Mirrored at random once, then in turn: after two epochs each image was seen both ways (airbench).
        self._mirrored = self._rng.random(len(split)) < 0.5
        self._draw_epoch()

    def __len__(self) -> int:
        return -(-len(self._split) // self._batch_size)

    def __getitem__(self, index: int) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        chosen = self._order[index * self._batch_size : (index + 1) * self._batch_size]
        images = self._split.images[chosen]
        if self._augment:
            images = moved_and_mirrored(images, self._offsets[chosen], self._mirrored[chosen])
        return images, self._one_hot[self._split.labels[chosen]]

    def on_epoch_end(self) -> None:
        """Draw a new order and new places for the next epoch."""
        self._mirrored = ~self._mirrored
        self._draw_epoch()

    def _draw_epoch(self) -> None:
        self._order = self._rng.permutation(len(self._split))
        self._offsets = self._rng.integers(0, 2 * SHIFT + 1, size=(len(self._split), 2))


def moved_and_mirrored(
    images: NDArray[np.uint8], offsets: NDArray[np.int64], mirrored: NDArray[np.bool_]
) -> NDArray[np.uint8]:
    """Move each image and mirror some; what comes in from outside is the image reflected at its edge.

    images: uint8 (n, height, width, channels); offsets: int (n, 2), 0 to 2 × SHIFT, down and right, SHIFT being the
    place where the image was; mirrored: bool (n,). Returns uint8 of the images' shape.
    """
    height, width = images.shape[1:3]
    padded = np.pad(images, ((0, 0), (SHIFT, SHIFT), (SHIFT, SHIFT), (0, 0)), mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(padded, (height, width), axis=(1, 2))
    moved = np.moveaxis(windows[np.arange(len(images)), offsets[:, 0], offsets[:, 1]], 1, -1)
    return np.where(mirrored[:, None, None, None], moved[:, :, ::-1], moved)
