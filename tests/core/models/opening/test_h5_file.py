"""Models in .h5 files, of Keras 3, Keras 2 and Teachable Machine, and what must not be opened."""

import json
import shutil
from pathlib import Path

import h5py
import keras
import numpy as np
import pytest
from keras import layers, ops

from cnngui.core.errors import UserError
from cnngui.core.models import file as model_file
from cnngui.core.models.opening import untrusted
from cnngui.core.models.pixels import Pixels
from tests.core.models.opening import keras_2
from tests.core.models.opening.keras_2 import functional, layer, sequential


def image(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (2, *shape)).astype(np.float32)


def answers_alike(path: Path, network: keras.Model) -> None:
    pixels = image(*network.input_shape[1:])
    np.testing.assert_allclose(untrusted.load(path)[0](pixels), network(pixels), rtol=1e-4, atol=1e-5)


def small(*before: layers.Layer) -> list[layers.Layer]:
    convolution = layers.Conv2D(4, 3, kernel_constraint="max_norm")
    return [keras.Input((12, 10, 3)), *before, convolution, layers.Flatten(), layers.Dense(3, activation="softmax")]


def test_a_sequential_one_of_keras_3(tmp_path: Path) -> None:
    normal = layers.Normalization()
    normal.adapt(image(12, 10, 3))
    network = keras.Sequential(small(layers.Rescaling(1 / 255), normal, layers.BatchNormalization()))
    network.compile("adam", "categorical_crossentropy")
    network.save(tmp_path / "a.h5")
    answers_alike(tmp_path / "a.h5", network)


def test_one_of_keras_3_with_a_network_and_operations_in_it(tmp_path: Path) -> None:
    body = keras.Sequential([keras.Input((12, 10, 3)), layers.Conv2D(4, 3), layers.GlobalAveragePooling2D()])
    body.trainable = False
    inputs = keras.Input((12, 10, 3))
    x = ops.add(inputs / 127.5 - 1.0, np.array([0.1, 0.2, 0.3], np.float32))
    network = keras.Model(inputs, layers.Dense(3)(body(x[..., ::-1], training=False)))
    network.save(tmp_path / "a.h5")
    answers_alike(tmp_path / "a.h5", network)


def test_many_layers_have_their_names_in_several_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from keras.src.legacy.saving import legacy_h5_format

    monkeypatch.setattr(legacy_h5_format, "HDF5_OBJECT_HEADER_LIMIT", 60)
    network = keras.Sequential([keras.Input((4, 4, 3)), layers.Flatten(), *(layers.Dense(2) for _ in range(6))])
    network.save(tmp_path / "a.h5")
    with h5py.File(tmp_path / "a.h5") as file:
        assert "layer_names1" in file["model_weights"].attrs
    answers_alike(tmp_path / "a.h5", network)


def test_teachable_machine(tmp_path: Path) -> None:
    network = keras_2.teachable_machine(tmp_path / "keras_model.h5")
    (tmp_path / "labels.txt").write_text("0 cat\n1 dog\n2 nothing at all\n")
    answers_alike(tmp_path / "keras_model.h5", network)
    loaded = model_file.load(tmp_path / "keras_model.h5")
    assert loaded.card.classes == ("cat", "dog", "nothing at all")
    assert loaded.adaptation is not None
    assert loaded.adaptation.pixels is Pixels.SIGNED  # what it learns from
    pixels = image(96, 96, 3)
    np.testing.assert_allclose(loaded.network(pixels), network(pixels / 127.5 - 1), rtol=1e-4, atol=1e-5)


def test_what_keras_2_computes_between_layers(tmp_path: Path) -> None:
    """The two ways of its preprocess_input, one after the other."""
    inputs = keras.Input((12, 10, 3))
    x = (inputs / 127.5 - 1.0)[..., ::-1] + np.array([1.0, 2.0, 3.0], np.float32)
    x = layers.SeparableConv2D(4, 3)(x)
    network = keras.Model(inputs, layers.Dense(3)(layers.Flatten()(layers.Add()([x, x]))))
    steps = [{"class_name": "__ellipsis__"}, {"start": None, "stop": None, "step": -1}]
    calls = {
        "divide": ("input", "math.truediv", {"y": 127.5, "name": None}),
        "subtract": ("divide", "math.subtract", {"y": 1.0, "name": None}),
        "slice": ("subtract", "__operators__.getitem", {"slice_spec": {"class_name": "__tuple__", "items": steps}}),
        "add": ("slice", "nn.bias_add", {"bias": [1.0, 2.0, 3.0], "data_format": "channels_last"}),
    }
    called = [
        {
            "class_name": "SlicingOpLambda" if name == "slice" else "TFOpLambda",
            "config": {"name": name, "trainable": True, "dtype": "float32", "function": function},
            "name": name,
            "inbound_nodes": [[source, 0, 0, arguments]],
        }
        for name, (source, function, arguments) in calls.items()
    ]
    old = {"kernel_initializer": "zeros", "kernel_regularizer": None, "kernel_constraint": None, "groups": 1}
    config = functional(
        "model",
        [
            layer("InputLayer", "input", batch_input_shape=[None, 12, 10, 3], ragged=False),
            *called,
            layer("SeparableConv2D", "separable", "add", filters=4, kernel_size=[3, 3], **old),
            layer("Add", "both", "separable", "separable"),
            layer("Flatten", "flat", "both"),
            layer("Dense", "dense", "flat", units=3),
        ],
    )
    answers_alike(keras_2.write(tmp_path / "a.h5", config, network), network)


def test_a_sequential_one_without_a_layer_for_its_input(tmp_path: Path) -> None:
    policy = {"class_name": "Policy", "config": {"name": "float32"}}
    network = keras.Sequential([keras.Input((4, 4, 3)), layers.Flatten(), layers.Dense(2)])
    flat = {"name": "flatten", "batch_input_shape": [None, 4, 4, 3], "dtype": policy}
    dense = {"class_name": "Dense", "config": {"name": "dense", "units": 2}}
    config = sequential("model", [{"class_name": "Flatten", "config": flat}, dense])
    answers_alike(keras_2.write(tmp_path / "a.h5", config, network), network)


@pytest.mark.parametrize("name", ["MODEL.H5", "Model.Hdf5", "model.h5"])
def test_the_letter_case_of_the_ending(tmp_path: Path, name: str) -> None:
    network = keras.Sequential(small())
    network.save(tmp_path / "a.h5")
    answers_alike(Path(shutil.move(tmp_path / "a.h5", tmp_path / name)), network)


# What must not be opened


def refuses(path: Path, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence) as caught:
        model_file.load(path)
    assert str(caught.value).startswith(path.name)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("Lambda", {"function": ["4wEAAAA=", None, None], "function_type": "lambda"}),
        ("mine>Mine", {}),
        ("TFOpLambda", {"function": "io.write_file"}),
        ("TFSMLayer", {"filepath": "/tmp"}),
        ("StringLookup", {"vocabulary": "/etc/passwd"}),
    ],
)
def test_foreign_code(tmp_path: Path, kind: str, settings: dict[str, object]) -> None:
    network = keras.Sequential([keras.Input((4, 4, 3)), layers.Flatten()])
    inputs = layer("InputLayer", "input", batch_input_shape=[None, 4, 4, 3])
    config = functional("model", [inputs, layer(kind, "strange", "input", **settings)])
    refuses(keras_2.write(tmp_path / "a.h5", config, network), "it uses “")


def test_gigabytes_asked_for_by_a_few_bytes(tmp_path: Path) -> None:
    network = keras.Sequential([keras.Input((4, 4, 3)), layers.Flatten(), layers.Dense(2)])
    config = sequential(
        "model",
        [
            {"class_name": "InputLayer", "config": {"name": "input", "batch_input_shape": [None, 4, 4, 3]}},
            {"class_name": "Flatten", "config": {"name": "flatten"}},
            {"class_name": "Dense", "config": {"name": "dense", "units": 2_000_000}},
        ],
    )
    refuses(keras_2.write(tmp_path / "a.h5", config, network), "some of its weights are missing")


def test_the_weights_of_another_network(tmp_path: Path) -> None:
    network = keras.Sequential([keras.Input((4, 4, 3)), layers.Flatten(), layers.Dense(2)])
    dense = {"class_name": "Dense", "config": {"name": "dense", "units": 3, "batch_input_shape": [None, 4, 4, 3]}}
    config = sequential("model", [dense, {"class_name": "Flatten", "config": {"name": "flatten"}}])
    refuses(keras_2.write(tmp_path / "a.h5", config, network), "it is damaged or not a Keras model")


def test_weights_that_lie_in_another_file(tmp_path: Path) -> None:
    network = keras.Sequential(small())
    network.save(tmp_path / "a.h5")
    with h5py.File(tmp_path / "a.h5", "r+") as file:
        name = network.layers[0].name
        del file["model_weights"][name]
        file["model_weights"][name] = h5py.ExternalLink("/etc/passwd", "/")
    refuses(tmp_path / "a.h5", "its weights refer to another file")


@pytest.mark.parametrize("config", ["", "[]", "{}", '{"class_name": "Sequential"}', "[" * 100_000, "x" * 3_000_000])
def test_a_configuration_that_is_none(tmp_path: Path, config: str) -> None:
    keras.Sequential(small()).save(tmp_path / "a.h5")
    with h5py.File(tmp_path / "a.h5", "r+") as file:
        del file.attrs["model_config"]
        file.attrs["model_config"] = config
    refuses(tmp_path / "a.h5", "it is damaged|too large|take too long")


def test_weights_alone(tmp_path: Path) -> None:
    network = keras.Sequential(small())
    network.save_weights(tmp_path / "a.weights.h5")
    refuses(tmp_path / "a.weights.h5", "holds weights alone, without their network. Build the network in Keras")
    refuses((tmp_path / "a.weights.h5").rename(tmp_path / "b.h5"), "holds weights alone")


def test_a_file_that_is_cut_short(tmp_path: Path) -> None:
    keras.Sequential(small()).save(tmp_path / "a.h5")
    whole = (tmp_path / "a.h5").read_bytes()
    for end, sentence in ((0, "is not a model, or is cut short"), (700, "damaged"), (len(whole) - 900, "damaged")):
        (tmp_path / "a.h5").write_bytes(whole[:end])
        refuses(tmp_path / "a.h5", sentence)


def test_what_keras_2_says_of_itself_does_not_matter(tmp_path: Path) -> None:
    """Only the network and its weights are read, not how it was trained."""
    network = keras.Sequential(small())
    network.save(tmp_path / "a.h5")
    with h5py.File(tmp_path / "a.h5", "r+") as file:
        file.attrs["training_config"] = json.dumps({"loss": {"class_name": "Lambda", "config": {"function": "x"}}})
    answers_alike(tmp_path / "a.h5", network)
