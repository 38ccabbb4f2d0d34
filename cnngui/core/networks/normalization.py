"""Batch normalisation in one pass. This module imports Keras: import it inside functions only."""

import keras
import tensorflow as tf


class FusedBatchNormalization(keras.layers.BatchNormalization):
    """Keras's layer of that name, without gamma, computed by TensorFlow's fused operation.

    Keras writes it as a dozen operations in float32, with which a training takes up to half as long again
    (benchmarks/training.py speed). This takes and returns (n, height, width, channels) in the layer's own precision;
    its weights are float32 and Keras's own. It is made with ``scale=False``, and knows no other setting but
    ``momentum`` and ``epsilon``. A model that is saved has none: batch normalisation is folded into its convolutions.
    """

    def call(self, inputs: tf.Tensor, training: bool | None = None) -> tf.Tensor:
        """Normalise by the batch's statistics in a training, else by those that were gathered in it."""
        learning = bool(training and self.trainable)
        known = (self.moving_mean, self.moving_variance)
        outputs, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
            x=inputs,
            scale=tf.ones_like(self.beta),
            offset=tf.convert_to_tensor(self.beta),
            mean=[] if learning else tf.convert_to_tensor(known[0]),
            variance=[] if learning else tf.convert_to_tensor(known[1]),
            epsilon=self.epsilon,
            is_training=learning,
        )
        if learning:
            for gathered, new in zip(known, (mean, variance), strict=True):
                gathered.assign(gathered * self.momentum + new * (1 - self.momentum))
        return outputs
