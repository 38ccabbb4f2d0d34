"""What single formats cannot hold."""

from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers, ops

from cnngui.core.errors import UserError
from cnngui.core.export import litert, litert_int8, onnx, saved_model
from cnngui.core.models.litert import opened


@pytest.fixture(scope="module")
def strange() -> keras.Model:
    """A network with an operation that neither ONNX nor LiteRT has."""
    inputs = keras.Input((8, 8, 3))
    x = layers.Flatten()(ops.erfinv(inputs / 300))
    return keras.Model(inputs, layers.Dense(2, activation="softmax")(x))


def test_onnx_says_which_operation_it_lacks(strange: keras.Model) -> None:
    with pytest.raises(UserError, match=r"ONNX cannot hold this model: it lacks Erfinv\. Export it as SavedModel"):
        onnx.content(strange)


def test_litert_says_which_operation_it_lacks(strange: keras.Model) -> None:
    with pytest.raises(UserError, match="LiteRT cannot hold this model: it lacks Erfinv"):
        litert.content(strange)


def test_a_network_without_features_of_its_own_has_its_probabilities_for_them() -> None:
    import onnxruntime

    inputs = keras.Input((8, 8, 3))
    x = layers.Dense(5, activation="gelu")(layers.Flatten()(inputs / 255))  # tf2onnx lacks a part of GELU
    network = keras.Model(inputs, layers.Dense(2, activation="softmax")(x))
    images = np.random.default_rng(0).integers(0, 256, (3, 8, 8, 3), np.uint8)
    session = onnxruntime.InferenceSession(onnx.content(network))
    probabilities, features = session.run(["probabilities", "features"], {"images": images})
    np.testing.assert_allclose(probabilities, network(images.astype(np.float32)), atol=1e-6)
    np.testing.assert_array_equal(features, probabilities)


def test_a_saved_model_that_cannot_be_written_is_an_error_of_files(strange: keras.Model, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(OSError, match=r"is not a directory$"):
        saved_model.write(strange, tmp_path / "taken" / "model")


def after(layer: keras.Layer) -> keras.Model:
    """A network with this layer behind its pixels."""
    inputs = keras.Input((8, 8, 3))
    x = layers.Flatten()(layer(inputs / 255))
    return keras.Model(inputs, layers.Dense(2, activation="softmax")(x))


@pytest.mark.parametrize("layer", [layers.Conv2D(4, 3), layers.Flatten()])
def test_networks_with_one_convolution_and_with_none_have_8_bits(layer: keras.Layer) -> None:
    network = after(layer)
    images = np.random.default_rng(0).integers(0, 256, (5, 8, 8, 3), np.uint8)
    probabilities, _ = opened(litert_int8.content(network, images)).answer(images)
    np.testing.assert_allclose(probabilities, network(images.astype(np.float32)), atol=0.03)


def test_litert_in_8_bits_says_that_it_cannot_hold_a_loop() -> None:
    network = after(keras.Sequential([layers.Reshape((8, 24)), layers.GRU(2)]))
    with pytest.raises(UserError, match=r"LiteRT cannot hold this model in 8 bits\. Export it as LiteRT in float32"):
        litert_int8.content(network, np.zeros((1, 8, 8, 3), np.uint8))
