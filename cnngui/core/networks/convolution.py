"""A convolution that trains faster. This module imports Keras: import it inside functions only."""

import keras
import tensorflow as tf

ROW = 32  # pixels in a row from which oneDNN computes a kernel's gradient fast
WORTHWHILE = 4  # images per row: with fewer, copying costs more than it gains (benchmarks/convolution.py)
GRADIENT = "QuickConv2D"  # the gradient's name in TensorFlow's registry


class QuickConv2D(keras.layers.Conv2D):
    """Keras' Conv2D, faster for 3 × 3 kernels with padding "same" and strides of 1.

    On a processor with bfloat16 units, oneDNN computes a kernel's gradient row by row, and short rows leave most of a
    unit idle. For this gradient alone, small images are therefore laid side by side as one wide image; the column of
    zeros between them is the padding of both. This halves the time for images of 7 pixels a side and quarters it for 3
    (benchmarks/convolution.py). Saved models have plain Conv2D layers instead: models/deployment.py.
    The gradient tape must be in the same graph as the call of the layer, as it is in ``fit``.
    """

    def convolution_op(self, inputs: tf.Tensor, kernel: tf.Tensor) -> tf.Tensor:
        """Map (n, height, width, channels) to (n, height, width, filters), both in the layer's precision."""
        fits = (self.kernel_size, self.strides, self.dilation_rate, self.padding) == ((3, 3), (1, 1), (1, 1), "same")
        if not fits or self.compute_dtype != "bfloat16" or _beside(inputs) < WORTHWHILE:
            return super().convolution_op(inputs, kernel)
        # Remove record_gradient when tf.custom_gradient no longer keeps its graph, a training's, in memory for good
        # (tests/test_private.py). The public tf.Graph.gradient_override_map has no effect on a GradientTape.
        kernel = tf.convert_to_tensor(kernel)
        outputs = tf.nn.conv2d(tf.stop_gradient(inputs), tf.stop_gradient(kernel), strides=1, padding="SAME")
        tf.__internal__.record_gradient(GRADIENT, [inputs, kernel], [], [outputs])
        return outputs


def _gradient(convolution: tf.Operation, outer: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    images, kernel = convolution.inputs
    unmoved = {"strides": [1, 1, 1, 1], "padding": "SAME"}
    by_images = tf.raw_ops.Conv2DBackpropInput(
        input_sizes=tf.shape(images), filter=kernel, out_backprop=outer, **unmoved
    )
    by_kernel = tf.raw_ops.Conv2DBackpropFilter(
        input=side_by_side(images, _beside(images)),
        filter_sizes=kernel.shape,
        out_backprop=side_by_side(outer, _beside(images)),
        **unmoved,
    )
    return by_images, by_kernel


tf.RegisterGradient(GRADIENT)(_gradient)


def _beside(images: tf.Tensor) -> int:
    """How many images, each followed by a column of zeros, fit in a row."""
    return ROW // (int(images.shape[2]) + 1)


def side_by_side(images: tf.Tensor, beside: int) -> tf.Tensor:
    """Images (n, height, width, channels) in rows of ``beside``, with a column of zeros after each.

    Returns (⌈n / beside⌉, height, beside × (width + 1), channels); what is missing in the last row is zeros.
    """
    height, width, channels = images.shape[1:]
    padded = tf.pad(images, [[0, -tf.shape(images)[0] % beside], [0, 0], [0, 1], [0, 0]])
    rows = tf.transpose(tf.reshape(padded, (-1, beside, height, (width + 1) * channels)), (0, 2, 1, 3))
    return tf.reshape(rows, (-1, height, beside * (width + 1), channels))
