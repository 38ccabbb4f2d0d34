"""What a network is trained to lower. This module imports Keras: import it inside functions only."""

from typing import Any

import keras
import tensorflow as tf

from cnngui.core import device


class CrossEntropy(keras.losses.CategoricalCrossentropy):
    """Keras' cross-entropy of one-hot or mixed labels. On several devices it is the mean over the whole batch, too.

    Keras takes the mean of the devices' means, in which an image counts more where a device has fewer of them.
    """

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """The loss of each image, (n,). y_true, y_pred: (n, classes)."""
        losses = super().call(y_true, y_pred)
        if not device.has_replicas():
            return losses
        images = tf.cast(tf.shape(losses)[0], losses.dtype)
        return losses * images / tf.distribute.get_replica_context().all_reduce(tf.distribute.ReduceOp.MEAN, images)
