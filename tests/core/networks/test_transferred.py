from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers
from numpy.typing import NDArray

from cnngui.core.models import file as model_file
from cnngui.core.models.deployment import deployed
from cnngui.core.networks.layers import FEATURES, HALF_WAY, WHITENING
from cnngui.core.networks.transferred import BOTH, CLASSES, HEAD, body_of, let_learn, split_of, with_head

IMAGES = np.random.default_rng(0).integers(0, 256, (3, 16, 16, 3)).astype(np.float32)


def answers(network: keras.Model, images: NDArray[Any] = IMAGES) -> NDArray[Any]:
    return np.asarray(keras.Model(network.inputs[0], network.outputs[0])(images, training=False))


def body(*, both: bool = True) -> keras.Model:
    """With a whitening layer, batch normalisation on both sides of HALF_WAY, and perhaps features of two depths."""
    inputs = keras.Input((16, 16, 3))
    x = layers.Conv2D(6, 2, name=WHITENING)(layers.Rescaling(1 / 255)(inputs))
    x = layers.BatchNormalization(name="lower_normalization")(layers.Conv2D(8, 3, name="lower")(x))
    x = half_way = layers.Identity(name=HALF_WAY)(x)
    x = layers.BatchNormalization(name="upper_normalization")(layers.Conv2D(5, 3, name="upper")(x))
    x = layers.GlobalAveragePooling2D()(x)
    if both:
        x = layers.Concatenate(name=BOTH)([x, layers.GlobalAveragePooling2D()(half_way)])
    return keras.Model(inputs, x, name="body")


def foreign(*last: keras.Layer) -> keras.Model:
    """A network as others make them, with a layer whose name this program uses as well."""
    convolutions = [layers.Conv2D(8, 3, activation="relu"), layers.Conv2D(6, 3, name=FEATURES)]
    return keras.Sequential([keras.Input((16, 16, 3)), *convolutions, *last])


POOLED = (layers.GlobalAveragePooling2D, layers.Flatten)


# The head


@pytest.mark.parametrize("both", [True, False])
def test_the_head_is_logistic_regression_on_rows_of_unit_length(both: bool) -> None:
    made = body(both=both)
    network = with_head(made, 4, dropout=0.5, name="net")
    head = network.get_layer(HEAD).get_layer(CLASSES)
    kernel, bias = np.random.default_rng(0).normal(size=(13 if both else 5, 4)), np.arange(4.0)
    head.set_weights([kernel, bias])
    parts = np.split(answers(made), [5], axis=1)
    rows = np.concatenate([part / np.linalg.norm(part, axis=1, keepdims=True) for part in parts if part.size], axis=1)
    rows /= np.sqrt(2 if both else 1)  # both depths count alike, and the rows have length 1
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, rtol=1e-5)
    np.testing.assert_allclose(answers(network), rows @ kernel + bias, rtol=1e-4, atol=1e-5)
    assert network.get_layer(FEATURES).output.shape == (None, 13 if both else 5)


@pytest.mark.parametrize("both", [True, False])
def test_where_the_features_of_the_second_depth_begin(both: bool) -> None:
    made = body(both=both)
    assert split_of(made) == 5
    assert split_of(with_head(made, 4, dropout=0, name="net")) == 5


# What learns


@pytest.mark.parametrize(
    ("trainable", "expected"),
    [
        ("head", {CLASSES}),
        ("half", {CLASSES, "upper"}),
        ("all", {CLASSES, "upper", "lower"}),
    ],
)
def test_what_learns(trainable: str, expected: set[str]) -> None:
    """Never the whitening layer, nor what batch normalisation knows."""
    network = with_head(body(), 4, dropout=0.0, name="net")
    for before in ("all", "head", "half"):  # whatever it was
        let_learn(network, before)
    let_learn(network, trainable)
    learning = {weight.path.split("/")[-2] for weight in network.trainable_weights}
    assert learning == expected
    network.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    before_it = {weight.path: weight.numpy() for weight in network.weights}
    network.train_on_batch(IMAGES, np.arange(3))
    changed = {
        weight.path.split("/")[-2] for weight in network.weights if (weight.numpy() != before_it[weight.path]).any()
    }
    assert changed == expected


# The body of a model


@pytest.mark.parametrize("pooling", POOLED)
def test_the_body_of_a_foreign_model(pooling: type[keras.Layer]) -> None:
    model = foreign(pooling(), layers.Dense(3), layers.Softmax())
    found = body_of(model)
    before = answers(keras.Model(model.inputs, model.layers[-2].input))
    split = split_of(found)
    assert split == before.shape[1]
    np.testing.assert_array_equal(answers(found)[:, :split], before)
    assert found.get_layer(HALF_WAY).output.shape[-1] == found.output_shape[1] - split
    # A model can be made of it, and its layers are copies.
    network = with_head(found, 4, dropout=0.0, name="net")
    assert len(network.get_layer(FEATURES).output.shape) == 2
    let_learn(network, "all")
    assert not {id(weight) for weight in network.weights} & {id(weight) for weight in model.weights}
    made = deployed(network, mirror=True)
    np.testing.assert_allclose(answers(made).sum(1), 1, rtol=1e-5)


def test_a_body_of_a_body_is_the_same() -> None:
    """A training may begin with a model that has begun with another."""
    first = with_head(body(), 4, dropout=0.0, name="net")
    again = body_of(deployed(first, mirror=False))
    assert split_of(again) == 5
    np.testing.assert_allclose(answers(again), answers(body_weights(first)), rtol=1e-4, atol=1e-5)
    twice = body_of(deployed(with_head(again, 3, dropout=0.0, name="net"), mirror=False))
    np.testing.assert_allclose(answers(twice), answers(again), rtol=1e-4, atol=1e-5)
    assert twice.get_layer(HALF_WAY).output.shape == again.get_layer(HALF_WAY).output.shape


def body_weights(network: keras.Model) -> keras.Model:
    """What comes before the head."""
    return keras.Model(network.inputs, network.get_layer(FEATURES).output)


def test_the_body_of_a_trained_model(model: Path) -> None:
    network = model_file.load(model).network
    found = body_of(network)
    assert found.output_shape[1] > split_of(found)
    images = np.zeros((2, *found.input_shape[1:]), np.float32)
    np.testing.assert_array_equal(answers(found, images), answers(network.get_layer("body"), images))


def test_a_network_within_a_network() -> None:
    """As others make them who begin with a network of Keras."""
    inner = foreign()
    inputs = keras.Input((16, 16, 3))
    outputs = layers.Dense(3)(layers.GlobalAveragePooling2D()(inner(inputs)))
    found = answers(body_of(keras.Model(inputs, outputs)))
    means = answers(inner).mean((1, 2))
    np.testing.assert_allclose(found, np.concatenate([means, means], axis=1), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    "model",
    [
        lambda: foreign(layers.GlobalAveragePooling2D(), layers.Softmax()),
        lambda: foreign(layers.Dense(3), layers.GlobalAveragePooling2D(), layers.Softmax()),
    ],
    ids=["no dense layer", "a dense layer for each pixel"],
)
def test_models_without_a_dense_layer_at_the_end(model: Any) -> None:
    with pytest.raises(ValueError, match="it has no dense layer at its end"):
        body_of(model())


def test_a_model_that_sees_no_images() -> None:
    """All pixels are a row from the first layer on: there is nothing half-way to look at."""
    network = keras.Sequential([keras.Input((16, 16, 3)), layers.Flatten(), layers.Dense(8), layers.Dense(3)])
    found = body_of(network)
    assert split_of(found) == 8
    assert np.isfinite(answers(found)).all()
