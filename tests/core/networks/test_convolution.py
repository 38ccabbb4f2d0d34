import keras
import numpy as np
import pytest
import tensorflow as tf
from numpy.typing import NDArray

from cnngui.core.networks.convolution import QuickConv2D, side_by_side

SETTINGS = {"padding": "same", "use_bias": False}


def trained(layer: keras.Layer, images: tf.Tensor) -> list[NDArray[np.float32]]:
    """As in a training, whose steps are graphs: outputs, and the gradients of a function of them; float32."""

    def compute() -> list[tf.Tensor]:
        with tf.GradientTape() as tape:
            tape.watch(images)
            outputs = layer(images)
            loss = tf.reduce_sum(tf.sin(tf.cast(outputs, tf.float32)))
        return [outputs, *tape.gradient(loss, [images, layer.kernel.value])]

    return [np.asarray(tf.cast(part, tf.float32)) for part in tf.function(compute)()]


@pytest.mark.parametrize("precision", ["float32", "mixed_bfloat16"])
@pytest.mark.parametrize(("count", "height", "width"), [(8, 7, 7), (9, 7, 7), (1, 3, 3), (17, 3, 5), (5, 15, 15)])
def test_it_does_and_learns_what_keras_layer_does(count: int, height: int, width: int, precision: str) -> None:
    """Whatever the number of images; narrow and wide ones."""
    rng = np.random.default_rng(count)
    images = tf.constant(rng.normal(0, 1, (count, height, width, 4)).astype(np.float32))
    kernel = rng.normal(0, 0.3, (3, 3, 4, 6)).astype(np.float32)
    found = []
    for kind in (QuickConv2D, keras.layers.Conv2D):
        layer = kind(6, 3, dtype=precision, **SETTINGS)
        layer.build(images.shape)
        layer.set_weights([kernel])
        found.append(trained(layer, images))
    for ours, theirs in zip(*found, strict=True):
        # bfloat16 has 8 bits; sums of it differ by the order of their parts.
        tolerance = 1e-5 if precision == "float32" else 2e-2
        np.testing.assert_allclose(ours, theirs, atol=tolerance * np.abs(theirs).max())


def test_the_gradient_of_narrow_images_is_computed_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the other tests would compare Keras's layer with itself."""
    laid: list[int] = []

    def side_by_side_seen(images: tf.Tensor, beside: int) -> tf.Tensor:
        laid.append(beside)
        return side_by_side(images, beside)

    monkeypatch.setattr("cnngui.core.networks.convolution.side_by_side", side_by_side_seen)
    for width in (7, 15):
        layer = QuickConv2D(6, 3, dtype="mixed_bfloat16", **SETTINGS)
        layer.build((None, 7, width, 4))
        trained(layer, tf.ones((8, 7, width, 4)))
    assert laid == [4, 4]  # the images and the outer gradient, of the narrow ones alone


def test_images_side_by_side_have_a_column_of_zeros_between_them() -> None:
    images = np.arange(1, 1 + 3 * 2 * 2).reshape(3, 2, 2, 1).astype(np.float32)
    rows = side_by_side(tf.constant(images), 2).numpy()[..., 0]
    np.testing.assert_array_equal(rows[0], [[1, 2, 0, 5, 6, 0], [3, 4, 0, 7, 8, 0]])
    np.testing.assert_array_equal(rows[1], [[9, 10, 0, 0, 0, 0], [11, 12, 0, 0, 0, 0]])
