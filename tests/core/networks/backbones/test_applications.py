import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from cnngui.core.errors import UserError
from cnngui.core.models import folding
from cnngui.core.models.deployment import deployed, traced
from cnngui.core.models.opening import untrusted
from cnngui.core.networks.backbones import applications, backbones
from cnngui.core.networks.layers import HALF_WAY
from cnngui.core.networks.transferred import with_head
from tests.core.networks.backbones.keras_files import randomize, write

SIDE = 64
IMAGES = np.random.default_rng(0).integers(0, 256, (3, SIDE, SIDE, 3), np.uint8)


class Made(NamedTuple):
    """name: of the backbone. own: the network as Keras has it, with weights. file: theirs. body: what came of it."""

    name: str
    own: keras.Model
    file: Path
    body: keras.Model


OWN: dict[str, Callable[..., keras.Model]] = {
    "mobilenet_v3_large": keras.applications.MobileNetV3Large,
    "efficientnet_v2_b0": keras.applications.EfficientNetV2B0,
}


# The other network is built in the same way, and takes a minute: SLOW_TESTS=1 tests it, too.
TESTED = list(OWN) if os.environ.get("SLOW_TESTS") else list(OWN)[:1]


@pytest.fixture(scope="module", params=TESTED)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    own = OWN[request.param](include_top=False, weights=None, input_shape=(SIDE, SIDE, 3), pooling="avg")
    randomize(own)
    file = write(own, tmp_path_factory.mktemp("weights") / "weights.h5")
    return Made(request.param, own, file, backbones.build(request.param, SIDE, file))


def features(network: keras.Model, images: NDArray[Any] = IMAGES) -> NDArray[Any]:
    alone = keras.Model(network.inputs[0], network.outputs[0])  # not lists of one
    return np.asarray(alone(images.astype(np.float32), training=False))


def test_a_body_answers_as_keras_own_network_does(made: Made) -> None:
    """With the weights that Keras has read from the same file."""
    own = keras.models.clone_model(made.own)
    own.load_weights(made.file)
    found = features(made.body)
    assert found.shape == (3, {"mobilenet_v3_large": 960, "efficientnet_v2_b0": 1280}[made.name])
    np.testing.assert_array_equal(found, features(own))
    assert found.std(0).mean() > 1e-3  # it tells images from each other


def test_half_way_is_the_last_stage_with_a_value_for_every_16_pixels(made: Made) -> None:
    at = made.body.layers.index(made.body.get_layer(HALF_WAY))
    assert made.body.get_layer(HALF_WAY).output.shape == (None, SIDE // 16, SIDE // 16, 112)
    before = {layer.name for layer in made.body.layers[:at]}
    behind = [layer for layer in made.body.layers if layer.name not in before]
    joined = [layer.name for layer in behind if isinstance(layer, keras.layers.Add)]
    assert not any(name.startswith(("expanded_conv_11", "block5")) for name in joined)
    # All that follows depends on it, so that the layers from there on can learn alone.
    half_way = made.body.get_layer(HALF_WAY).output
    seen = features(keras.Model(made.body.inputs, half_way))
    np.testing.assert_allclose(features(keras.Model(half_way, made.body.output), seen), features(made.body), atol=1e-5)


def test_a_model_of_it_is_deployed_saved_and_opened_again(made: Made, tmp_path: Path) -> None:
    network = with_head(made.body, 4, dropout=0.1, name=made.name)
    network.get_layer("head").get_layer("classes").set_weights(
        [np.random.default_rng(0).normal(0, 9, (made.body.output_shape[1], 4)), np.zeros(4)]
    )
    expected = np.asarray(keras.ops.softmax(features(network)))
    model = deployed(network, mirror=False)
    np.testing.assert_allclose(features(model), expected, atol=1e-3)
    model.save(tmp_path / "model.keras")
    opened, _, peak = untrusted.load(tmp_path / "model.keras")
    largest = max(np.prod(layer.output.shape[1:]) for layer in made.body.layers)
    assert peak >= 4 * largest  # its costs are counted
    np.testing.assert_allclose(traced(opened, precision="float32")(IMAGES)[0], expected, atol=1e-3)


def test_folded_it_answers_as_before(made: Made) -> None:
    folded = folding.folded(made.body)
    expected = features(made.body)
    np.testing.assert_allclose(features(folded), expected, atol=1e-2 * expected.std())

    def normalizations(network: keras.Model) -> int:
        return sum(isinstance(layer, keras.layers.BatchNormalization) for layer in network.layers)

    assert normalizations(folded) < normalizations(made.body) / 2


def test_another_size_has_the_same_weights(made: Made) -> None:
    other = backbones.build(made.name, 96, made.file)
    assert other.input_shape == (None, 96, 96, 3)
    for weight, same in zip(other.get_weights(), made.own.get_weights(), strict=True):
        np.testing.assert_array_equal(weight, same)


def test_smaller_images_are_enlarged(made: Made) -> None:
    assert backbones.build(made.name, 16, made.file).input_shape == (None, 32, 32, 3)


def test_the_weights_of_another_network(made: Made) -> None:
    others = next(name for name in applications.NETWORKS if name != made.name)
    with pytest.raises(UserError, match=r"weights\.h5 holds the weights of another network than"):
        backbones.build(others, SIDE, made.file)
