"""A model as one function for converters. This module imports Keras: import it inside functions only."""

from typing import Any

import keras
import tensorflow as tf

from cnngui.core.models.deployment import with_features
from cnngui.core.models.litert import FEATURES, IMAGES, PROBABILITIES


def answering(network: keras.Model, batch: int | None) -> Any:
    """The concrete function of a network from :func:`cnngui.core.models.file.load`.

    It takes IMAGES, uint8 (batch, height, width, 3), and returns PROBABILITIES, float32 (batch, classes), and FEATURES,
    float32 (batch, units), the means of an image's views. Its weights are constants.
    batch: the number of images, or None for any.
    """
    both = with_features(network)
    weights = [[each.numpy() for each in part] for part in (both.trainable_variables, both.non_trainable_variables)]

    def answer(images: Any) -> dict[str, Any]:
        # In here, they are constants of the graph; outside, they would be inputs of it.
        trained, others = ([tf.constant(each) for each in part] for part in weights)
        (probabilities, views), _ = both.stateless_call(trained, others, tf.cast(images, tf.float32), training=False)
        count = tf.shape(images)[0] if batch is None else batch
        features = tf.reduce_mean(tf.reshape(views, (-1, count, views.shape[-1])), axis=0)
        return {PROBABILITIES: tf.cast(probabilities, tf.float32), FEATURES: tf.cast(features, tf.float32)}

    signature = tf.TensorSpec((batch, *network.input_shape[1:]), tf.uint8, name=IMAGES)
    return tf.function(answer, autograph=False).get_concrete_function(signature)
