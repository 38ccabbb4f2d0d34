from pathlib import Path

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from cnngui.core.data.datasets import Dataset
from cnngui.core.models import deployment
from cnngui.core.models.deployment import best_temperature, deployed, traced
from cnngui.core.networks.layers import WHITENING
from cnngui.core.networks.presets import build
from cnngui.core.recipes import layers as of_recipe
from cnngui.core.recipes.parts import NetworkSettings

OWN = (
    of_recipe.Convolution(8, activation="none"),
    of_recipe.BatchNormalization(),
    of_recipe.Activation(),
    of_recipe.SeparableConvolution(8, activation="none"),
    of_recipe.BatchNormalization(),
    of_recipe.SpatialDropout(),
    of_recipe.MaxPooling(),
    of_recipe.BatchNormalization(),  # follows no convolution
    of_recipe.ResidualBlock(12, stride=2),
    of_recipe.ResidualBlock(12),
    of_recipe.GlobalPooling("average"),
    of_recipe.Dense(16),
    of_recipe.Dropout(),
)


@pytest.fixture(scope="module", params=["article", "whitened", "residual", "layers"])
def network(request: pytest.FixtureRequest, easy: Dataset) -> keras.Model:
    """A network of each kind, of three classes, its statistics as a training leaves them."""
    keras.utils.set_random_seed(0)
    layers = OWN if request.param == "layers" else ()
    made = build(NetworkSettings(request.param, 4, dropout=0.2, layers=layers), easy.train.images, 3)
    rng = np.random.default_rng(0)
    for layer in made.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            *others, variance = layer.get_weights()
            others = [rng.normal(0, 0.5, variance.shape) for _ in others]
            layer.set_weights([*others, rng.uniform(0.3, 3, variance.shape)])
    return made


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    weights: NDArray[np.float32] = np.exp(logits - logits.max(1, keepdims=True))
    shares: NDArray[np.float32] = weights / weights.sum(1, keepdims=True)
    return shares


@pytest.fixture
def unrounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deployment, "_rounded", lambda kernel: kernel)


@pytest.mark.usefixtures("unrounded")
def test_probabilities_of_the_logits(network: keras.Model, easy: Dataset) -> None:
    images = easy.test.images[:7].astype(np.float32)
    logits = network(images).numpy()
    model = deployed(network, mirror=False, temperature=0.5)
    np.testing.assert_allclose(model(images).numpy(), softmax(2 * logits), atol=1e-5)
    np.testing.assert_array_equal(network(images).numpy(), logits)  # it stays as it is


@pytest.mark.usefixtures("unrounded")
def test_the_mirrored_view_counts_as_much(network: keras.Model, easy: Dataset) -> None:
    images = np.random.default_rng(0).integers(0, 256, (5, 32, 32, 3)).astype(np.float32)
    both = (softmax(network(images).numpy()) + softmax(network(images[:, :, ::-1]).numpy())) / 2
    model = deployed(network, mirror=True)
    np.testing.assert_allclose(model(images).numpy(), both, atol=1e-5)
    np.testing.assert_allclose(model(images[:, :, ::-1]).numpy(), model(images).numpy(), atol=1e-5)


def test_kernels_are_rounded_to_bfloat16(network: keras.Model, easy: Dataset) -> None:
    images = easy.test.images[:7].astype(np.float32)
    model = deployed(network, mirror=False)
    np.testing.assert_allclose(model(images).numpy(), softmax(network(images).numpy()), atol=0.005)
    if network.name in ("whitened", "residual"):
        convolutions = [layer for layer in model.get_layer("body").layers if isinstance(layer, keras.layers.Conv2D)]
        zeros = [not (layer.get_weights()[0].view(np.uint32) & 0xFFFF).any() for layer in convolutions]
        assert zeros == [layer.name != WHITENING for layer in convolutions]


def test_nothing_is_left_that_a_convolution_can_do(network: keras.Model) -> None:
    body = deployed(network, mirror=False).get_layer("body")
    kinds = [type(layer) for layer in body.layers]
    assert kinds.count(keras.layers.BatchNormalization) == (network.name == "layers")  # one follows no convolution
    assert not {keras.layers.Dropout, keras.layers.SpatialDropout2D} & set(kinds)
    if network.name in ("whitened", "residual"):
        assert not {keras.layers.Rescaling, keras.layers.Normalization} & set(kinds)
        assert kinds.count(keras.layers.ReLU) == kinds.count(keras.layers.Add)


@pytest.mark.parametrize("mirror", [True, False])
def test_traced_answers_as_the_model(network: keras.Model, mirror: bool) -> None:
    images = np.random.default_rng(0).integers(0, 256, (5, 32, 32, 3), dtype=np.uint8)
    model = deployed(network, mirror=mirror)
    expected = model(images.astype(np.float32)).numpy()
    for precision, tolerance in (("float32", 1e-5), ("mixed_bfloat16", 0.02)):
        probabilities, features = traced(model, precision=precision)(images)
        assert probabilities.dtype == features.dtype == np.dtype(np.float32)
        np.testing.assert_allclose(probabilities, expected, atol=tolerance)
        dense = next(layer for layer in model.layers if isinstance(layer, keras.layers.Dense))
        weights = dense.get_weights()
        assert features.shape[1] > len(weights[0])
        assert len(features) == len(images)
        if not mirror:
            logits = features[:, : len(weights[0])] @ weights[0] + (weights[1] if len(weights) > 1 else 0)
            assert list(logits.argmax(1)) == list(probabilities.argmax(1))
    assert not np.array_equal(probabilities, expected)  # bfloat16 has been used


def test_a_model_of_others_is_traced_too() -> None:
    model = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Flatten(), keras.layers.Dense(2, "softmax")])
    images = np.zeros((3, 8, 8, 3), np.uint8)
    probabilities, features = traced(model, precision="float32")(images)
    np.testing.assert_allclose(probabilities, 0.5, atol=1e-6)
    assert len(features) == 3


@given(temperature=st.floats(0.3, 3.5), seed=st.integers(0, 20))
def test_the_temperature_is_found_again(temperature: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 2, (4000, 5)).astype(np.float32)
    labels = (logits + rng.gumbel(size=logits.shape)).argmax(1)  # each class with its softmax's probability
    assert best_temperature(temperature * logits[None], labels) == pytest.approx(temperature, rel=0.12)


def test_the_features_of_both_views_are_averaged(network: keras.Model) -> None:
    images = np.random.default_rng(0).integers(0, 256, (5, 32, 32, 3), dtype=np.uint8)
    plain, both = (traced(deployed(network, mirror=mirror), precision="float32") for mirror in (False, True))
    expected = (plain(images)[1] + plain(images[:, :, ::-1])[1]) / 2
    np.testing.assert_allclose(both(images)[1], expected, rtol=1e-4, atol=1e-4)


def test_a_loaded_model_of_two_views_is_traced_whatever_its_layers_are_called(
    network: keras.Model, tmp_path: Path
) -> None:
    """Names that Keras gives to what is added to a loaded model may be there already."""
    deployed(network, mirror=True).save(tmp_path / "model.keras")
    images = np.random.default_rng(0).integers(0, 256, (5, 32, 32, 3), dtype=np.uint8)
    for forgotten in range(4):
        keras.backend.clear_session()
        for _ in range(forgotten):
            keras.ops.split(keras.Input((4,)), 2, axis=1)
        loaded = keras.models.load_model(tmp_path / "model.keras")
        assert [len(part) for part in traced(loaded, precision="float32")(images)] == [5, 5]


def test_the_temperature_is_that_of_the_views_mean_probability() -> None:
    rng = np.random.default_rng(0)
    views = rng.normal(0, 3, (2, 4000, 5)).astype(np.float32)
    likely = (softmax(views[0]) + softmax(views[1])).astype(float) / 2
    labels = np.array([rng.choice(5, p=row / row.sum()) for row in likely])
    assert best_temperature(2 * views, labels) == pytest.approx(2, rel=0.1)
    assert best_temperature(2 * views.mean(0, keepdims=True), labels) != pytest.approx(2, rel=0.1)


def test_the_temperature_has_bounds() -> None:
    sure = np.eye(3, dtype=np.float32)[None, [0, 1, 2]]
    assert best_temperature(sure, np.array([0, 1, 2])) == pytest.approx(1 / 4)
    assert best_temperature(sure, np.array([1, 2, 0])) == pytest.approx(4)
