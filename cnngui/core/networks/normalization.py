"""Fused batch normalisation. This module imports Keras: import it inside functions only."""

import keras
import tensorflow as tf


class FusedBatchNormalization(keras.layers.BatchNormalization):
    """Keras' batch normalisation without gamma, computed by TensorFlow's fused operation.

    Keras computes it in a dozen float32 operations, which make a training up to 1.5 times as long
    (benchmarks/training.py speed). This layer takes and returns (n, height, width, channels) in its own precision; its
    weights are those of Keras' layer, in float32. It must be created with ``scale=False`` and supports only the
    settings ``momentum`` and ``epsilon``. A saved model has no such layer: it is folded into the convolutions.
    """

    def call(self, inputs: tf.Tensor, training: bool | None = None) -> tf.Tensor:
        """Normalise by the batch's statistics during training, otherwise by the moving ones."""
        learning = bool(training and self.trainable)
        moving = (self.moving_mean, self.moving_variance)
        outputs, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
            x=inputs,
            scale=tf.ones_like(self.beta),
            offset=tf.convert_to_tensor(self.beta),
            mean=[] if learning else tf.convert_to_tensor(moving[0]),
            variance=[] if learning else tf.convert_to_tensor(moving[1]),
            epsilon=self.epsilon,
            is_training=learning,
        )
        if learning:
            for statistic, new in zip(moving, (mean, variance), strict=True):
                statistic.assign(statistic * self.momentum + new * (1 - self.momentum))
        return outputs
