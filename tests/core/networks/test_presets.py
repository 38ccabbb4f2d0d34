import keras
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from keras import layers
from numpy.typing import NDArray

from cnngui.core.data.datasets import Dataset
from cnngui.core.networks import presets as networks
from cnngui.core.networks.layers import dirac, whitening_kernel
from cnngui.core.recipes.parts import NetworkSettings


def smooth_images(count: int = 300) -> NDArray[np.uint8]:
    """Noise whose neighbouring pixels and channels are alike, as in pictures."""
    rng = np.random.default_rng(0)
    noise = rng.normal(128, 40, (count, 34, 34, 1)) + rng.normal(0, 15, (count, 34, 34, 3))
    blurred = (noise[:, :-2, :-2] + noise[:, 1:-1, :-2] + noise[:, 1:-1, 1:-1] + noise[:, 2:, 2:]) / 4
    return blurred.clip(0, 255).astype(np.uint8)


def test_article_has_the_articles_layers(easy: Dataset) -> None:
    network = networks.build(NetworkSettings("article", 32), easy.train.images, 10)
    _, scaling, *rest = [layer for layer in network.layers if not isinstance(layer, layers.Identity)]
    assert scaling(np.full((1, 1), 255.0)) == 1.0
    found: list[tuple[object, ...]] = []
    kind: tuple[object, ...]
    for layer in rest:
        match layer:
            case layers.Conv2D():
                kind = ("conv", layer.filters, layer.kernel_size, layer.strides, layer.padding)
            case layers.Activation():
                kind = ("activation",)
            case layers.MaxPooling2D():
                kind = ("max", layer.pool_size, layer.strides)
            case layers.Dense():
                kind = ("dense", layer.units)
            case _:
                kind = (type(layer).__name__,)
        activation = layer.activation.__name__ if hasattr(layer, "activation") else None
        found.append((*kind, activation, layer.output.shape[1:], layer.count_params()))
    assert found == [
        ("conv", 32, (3, 3), (1, 1), "valid", "linear", (30, 30, 32), 896),
        ("activation", "relu", (30, 30, 32), 0),
        ("max", (2, 2), (2, 2), None, (15, 15, 32), 0),
        ("conv", 64, (3, 3), (1, 1), "valid", "linear", (13, 13, 64), 18_496),
        ("activation", "relu", (13, 13, 64), 0),
        ("max", (2, 2), (2, 2), None, (6, 6, 64), 0),
        ("Flatten", None, (2_304,), 0),
        ("dense", 64, "linear", (64,), 147_520),
        ("activation", "relu", (64,), 0),
        ("dense", 10, "linear", (10,), 650),  # the saved model adds the softmax, see deployment.py
    ]
    assert network.count_params() == 167_562


def test_outputs_of_a_fresh_network_are_logits(easy: Dataset) -> None:
    for shape in ("article", "whitened", "residual"):
        logits = networks.build(NetworkSettings(shape, 4), easy.train.images, 5)(
            easy.test.images.astype(np.float32)
        ).numpy()
        assert logits.shape == (60, 5)
        assert not np.allclose(logits.sum(1), 1)
        assert logits.min() < 0 or logits.max() > 1


def test_width_scales_every_block(easy: Dataset) -> None:
    network = networks.build(NetworkSettings(width=6), easy.train.images, 3)
    convolutions = [layer.filters for layer in network.layers if isinstance(layer, layers.Conv2D)]
    assert convolutions == [24, 6, 6, 24, 24, 24, 24]


def test_whitening_makes_patches_uncorrelated() -> None:
    images = smooth_images()
    network = networks.build(NetworkSettings(width=4), images, 3)
    _, scaling, normalization, whitening, *_ = network.layers
    filtered = whitening(normalization(scaling(images.astype(np.float32)))).numpy().reshape(-1, 24)
    raw = np.lib.stride_tricks.sliding_window_view(images / 255.0, (2, 2), axis=(1, 2)).transpose(0, 1, 2, 4, 5, 3)
    correlation = np.corrcoef(raw.reshape(-1, 12), rowvar=False)
    assert np.abs(correlation - np.eye(12)).max() > 0.5  # the pixels were anything but
    np.testing.assert_allclose(np.cov(filtered[:, :12], rowvar=False), np.eye(12), atol=0.05)
    np.testing.assert_allclose(filtered[:, 12:], -filtered[:, :12], atol=1e-4)


def test_whitening_of_flat_images_stays_finite() -> None:
    kernel = whitening_kernel(np.zeros((10, 8, 8, 3), np.float32))
    assert np.isfinite(kernel).all()
    assert np.abs(kernel).max() <= 1 / np.sqrt(5e-4) + 1e-3


def test_whitening_is_frozen(easy: Dataset) -> None:
    network = networks.build(NetworkSettings(width=4), easy.train.images, 3)
    frozen = network.get_layer("whitening").kernel
    assert all(variable is not frozen for variable in network.trainable_variables)


def test_whitened_convolutions_start_as_identity(easy: Dataset) -> None:
    network = networks.build(NetworkSettings(width=4), easy.train.images, 3)
    for layer in network.layers:
        if isinstance(layer, layers.Conv2D) and layer.name != "whitening":
            kernel = layer.kernel.numpy()
            np.testing.assert_array_equal(dirac(kernel), kernel)


@given(inputs=st.integers(1, 6), outputs=st.integers(1, 6), seed=st.integers(0, 100))
def test_dirac_passes_its_inputs_on(inputs: int, outputs: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    kernel = rng.normal(size=(3, 3, inputs, outputs)).astype(np.float32)
    before = kernel.copy()
    started = dirac(kernel)
    passing = min(inputs, outputs)
    images = rng.normal(size=(2, 5, 7, inputs)).astype(np.float32)
    answer = keras.ops.conv(images, started, padding="same").numpy()
    np.testing.assert_allclose(answer[..., :passing], images[..., :passing], atol=1e-5)
    np.testing.assert_array_equal(started[..., passing:], before[..., passing:])
    np.testing.assert_array_equal(kernel, before)  # the given kernel is untouched


def test_the_seed_decides_the_initial_weights(easy: Dataset) -> None:
    def weights(seed: int) -> list[NDArray[np.float32]]:
        keras.utils.set_random_seed(seed)
        values: list[NDArray[np.float32]] = networks.build(
            NetworkSettings("article", 4), easy.train.images, 3
        ).get_weights()
        return values

    first, again, other = weights(1), weights(1), weights(2)
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first[0], other[0])
