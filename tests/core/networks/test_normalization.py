import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers
from numpy.typing import NDArray

from cnngui.core.networks.normalization import FusedBatchNormalization

SETTINGS = {"momentum": 0.6, "epsilon": 1e-5, "scale": False}


@pytest.fixture
def images() -> NDArray[np.float32]:
    return np.random.default_rng(0).normal(3, 5, (40, 6, 7, 8)).astype(np.float32)


def both(offset: NDArray[np.float32]) -> tuple[FusedBatchNormalization, layers.BatchNormalization]:
    fused, plain = FusedBatchNormalization(**SETTINGS), layers.BatchNormalization(**SETTINGS)
    for layer in (fused, plain):
        layer.build((None, None, None, len(offset)))
        layer.beta.assign(offset)
    return fused, plain


def test_it_does_what_keras_layer_does_in_a_training_and_after(images: NDArray[np.float32]) -> None:
    fused, plain = both(np.linspace(-1, 1, 8, dtype=np.float32))
    for batch in (images[:20], images[20:]):
        np.testing.assert_allclose(fused(batch, training=True), plain(batch, training=True), atol=2e-5)
    for ours, theirs in zip(fused.get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=2e-3)  # TensorFlow divides by n - 1 for the variance it gathers
    np.testing.assert_allclose(fused(images, training=False), plain(images, training=False), atol=5e-3)


@pytest.mark.parametrize("count", [1, 40])
def test_its_gradients_are_those_of_keras_layer(images: NDArray[np.float32], count: int) -> None:
    found = []
    for layer in both(np.linspace(-1, 1, 8, dtype=np.float32)):
        inputs = tf.constant(images[:count])
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            loss = tf.reduce_sum(tf.sin(layer(inputs, training=True)))
        found.append(tape.gradient(loss, [inputs, layer.beta.value]))
    for ours, theirs in zip(*found, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=1e-5)


def test_a_frozen_one_learns_nothing(images: NDArray[np.float32]) -> None:
    fused, _ = both(np.zeros(8, np.float32))
    fused.trainable = False
    before = fused.get_weights()
    np.testing.assert_array_equal(fused(images, training=True), fused(images, training=False))
    for was, now in zip(before, fused.get_weights(), strict=True):
        np.testing.assert_array_equal(was, now)


def test_it_keeps_to_its_precision() -> None:
    layer = FusedBatchNormalization(**SETTINGS, dtype="mixed_bfloat16")
    outputs = layer(np.ones((2, 3, 3, 4), np.float32), training=True)
    assert keras.backend.standardize_dtype(outputs.dtype) == "bfloat16"
    assert {weight.dtype for weight in layer.weights} == {"float32"}
