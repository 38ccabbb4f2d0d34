"""Where a training computes: on one device, or on several at once. Every function imports TensorFlow.

Several devices have a copy of the network each (``MirroredStrategy``). Each takes its part of a batch; the gradients
are summed, so that all copies stay equal.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from math import isqrt
from typing import TYPE_CHECKING

from cnngui.core.data.datasets import Dataset
from cnngui.core.device import Devices
from cnngui.core.recipes.recipe import Recipe

if TYPE_CHECKING:
    import keras


def on(chosen: Devices) -> AbstractContextManager[None]:
    """Inside the block, compute on the processor if that is chosen; otherwise where TensorFlow likes best."""
    import tensorflow as tf

    return tf.device("/cpu:0") if chosen == Devices.CPU else nullcontext()


def used(chosen: Devices, dataset: Dataset, recipe: Recipe) -> list[str]:
    """The devices on which the training learns at once, such as "/device:GPU:0"; fewer where batches are small.

    Empty for one device, which needs no strategy. A last layer alone learns on one.
    """
    import tensorflow as tf

    from cnngui.core.data.batches import least_batch
    from cnngui.core.training.learning import VALIDATION_BATCH

    if chosen != Devices.ALL or recipe.network.is_head_only:
        return []
    devices = tf.config.list_logical_devices("GPU") or tf.config.list_logical_devices("CPU")
    least = min(
        least_batch(len(dataset.train), recipe.optimization.batch_size),
        least_batch(len(dataset.validation), VALIDATION_BATCH),
    )
    # TensorFlow gives each device ⌈n / devices⌉ images and the last one the rest, which must not be none.
    names = [device.name for device in devices[: 1 + isqrt(least - 1)]]
    return names if len(names) > 1 else []


@contextmanager
def spread(network: "keras.Model", devices: list[str], build: "Callable[[], keras.Model]") -> "Iterator[keras.Model]":
    """The network that is to learn on these devices: ``network`` itself if there are none.

    For several, it is a copy with the same weights, which gives them back at the end of the block.
    build: makes it, without these weights.
    """
    import tensorflow as tf

    if not devices:
        yield network
        return
    # The usual reduction keeps keys of its operations in the process: a second training fails with those of the first.
    with tf.distribute.MirroredStrategy(devices, tf.distribute.HierarchicalCopyAllReduce()).scope():
        copy = build()
        copy.set_weights(network.get_weights())
        # Keras would average the devices' parts of the first batch, to see its shape, and fails if one has an image
        # more. Everything is built. Remove when it does not (tests/test_private.py).
        copy._maybe_symbolic_build = _nothing
        yield copy
        weights = copy.get_weights()
    network.set_weights(weights)


def _nothing(**_: object) -> None:
    pass
