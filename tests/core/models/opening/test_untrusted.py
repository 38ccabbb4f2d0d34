import errno
import gc
import io
import json
import os
import random
import resource
import shutil
import struct
import tempfile
import warnings
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers
from numpy.typing import NDArray

from benchmarks import hostile_models, model_mutations
from cnngui import paths
from cnngui.core import hdf5
from cnngui.core.answers.classifier import Classifier
from cnngui.core.errors import UserError
from cnngui.core.models import deployment
from cnngui.core.models import file as model_file
from cnngui.core.models.opening import archive as model_archive
from cnngui.core.models.opening import trial, untrusted
from cnngui.core.models.opening.archive import CONFIG, WEIGHTS

MEGABYTES = 200


@pytest.fixture
def copy(model: Path, tmp_path: Path) -> Path:
    """A model and its card, to be changed."""
    shutil.copy(model.with_suffix(".json"), tmp_path)
    return Path(shutil.copy(model, tmp_path))


@pytest.fixture(scope="module", autouse=True)
def _warm(model: Path) -> None:
    """What Keras does once is not a file's cost."""
    untrusted.load(model)


def resident() -> float:
    """Megabytes in memory; 0 where the system does not say."""
    statm = Path("/proc/self/statm")
    return int(statm.read_text().split()[1]) * resource.getpagesize() / 1e6 if statm.exists() else 0.0


def refuses(path: Path, reason: str) -> None:
    """Without much memory, and with a sentence."""
    before = resident()
    with pytest.raises(UserError, match=reason) as caught:
        untrusted.load(path)
    assert resident() - before < MEGABYTES
    assert str(caught.value).startswith(f"{path.name} was not opened: ")
    assert str(caught.value).endswith("Choose another model.")


def rewrite(path: Path, **members: bytes | None) -> None:
    """Replace members, or leave them out; "config" and "weights" stand for their files."""
    names = {"config": CONFIG, "weights": WEIGHTS}
    with zipfile.ZipFile(path) as archive:
        content: dict[str, bytes | None] = {name: archive.read(name) for name in archive.namelist()}
    content |= {names.get(name, name): data for name, data in members.items()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            if data is not None:
                archive.writestr(name, data)


def config_of(path: Path) -> Any:
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read(CONFIG))


def replaced(value: Any, key: str, by: Any) -> Any:
    """The configuration with every value under this key replaced."""
    if isinstance(value, dict):
        return {name: by if name == key else replaced(inner, key, by) for name, inner in value.items()}
    return [replaced(inner, key, by) for inner in value] if isinstance(value, list) else value


def test_a_good_model_leaves_nothing_behind(model: Path) -> None:
    def graphs() -> int:
        gc.collect()
        return sum(isinstance(thing, tf.Graph) for thing in gc.get_objects())

    before = graphs()
    untrusted.load(model)
    assert graphs() == before
    variable = keras.Variable("zeros", (1,))
    assert variable.numpy() == [0]  # as ever, and not a part of a graph


def test_grouped_convolutions_are_functions_of_their_own(tmp_path: Path) -> None:
    """Should they not be any more, ``_get_function`` in cost.py is not needed; should it be gone, this is refused."""
    grouped = layers.Conv2D(6, 3, groups=3)
    keras.Sequential([keras.Input((8, 8, 3)), grouped, layers.GlobalAveragePooling2D()]).save(tmp_path / "a.keras")
    untrusted.load(tmp_path / "a.keras")
    with tf.Graph().as_default() as graph:
        layers.Conv2D.from_config(grouped.get_config())(tf.compat.v1.placeholder(tf.float32, (1, 8, 8, 3)))
    assert "PartitionedCall" in " ".join(operation.type for operation in graph.get_operations())


def test_models_of_others(tmp_path: Path) -> None:
    network = keras.Sequential(
        [
            keras.Input((64, 48, 3)),
            keras.layers.SeparableConv2D(8, 3, activation="relu"),
            keras.layers.BatchNormalization(),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dropout(0.2),
            keras.layers.Dense(5, activation="softmax", kernel_regularizer="l2"),
        ]
    )
    network.compile("adam", "categorical_crossentropy")
    network.save(tmp_path / "model.keras")
    untrusted.load(tmp_path / "model.keras")


# What it must not be


def test_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.keras").mkdir()
    with pytest.raises(UserError, match="is a folder, not a model"):
        model_file.load(tmp_path / "a.keras")


def test_an_h5_file_that_is_a_zip_archive_too(model: Path, tmp_path: Path) -> None:
    """Keras goes by the name and would read the first half."""
    keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)]).save(tmp_path / "a.h5")
    with (tmp_path / "a.h5").open("ab") as file:
        file.write(model.read_bytes())
    assert zipfile.is_zipfile(tmp_path / "a.h5")
    with pytest.raises(UserError, match=r"it takes \(None, 3\), and not one RGB or grey image"):
        untrusted.load(tmp_path / "a.h5")


def test_the_first_bytes_tell_what_a_file_is(tmp_path: Path, model: Path) -> None:
    """Keras 2 wrote HDF5 as .keras, and people rename files."""
    network = keras.Sequential([keras.Input((8, 8, 3)), layers.Flatten(), layers.Dense(2)])
    network.save(tmp_path / "a.h5")
    loaded = untrusted.load((tmp_path / "a.h5").rename(tmp_path / "a.keras"))[0]
    pixels = np.random.default_rng(0).random((2, 8, 8, 3)).astype(np.float32)
    np.testing.assert_allclose(loaded(pixels), network(pixels), rtol=1e-5)
    shutil.copy(model, tmp_path / "b.h5")
    assert untrusted.load(tmp_path / "b.h5")[1] is not None  # what it remembers
    (tmp_path / "c.h5").write_bytes(b"neither")
    with pytest.raises(UserError, match=r"c.h5 is not a model, or is cut short"):
        untrusted.load(tmp_path / "c.h5")


def test_a_lambda_layer(tmp_path: Path) -> None:
    inputs = keras.Input((32, 32, 3))
    flat = keras.layers.Lambda(lambda x: x[:, 0, 0, :], output_shape=(3,))(inputs)
    keras.Model(inputs, flat).save(tmp_path / "a.keras")
    refuses(tmp_path / "a.keras", "it uses “(Lambda|__lambda__)”")


@keras.saving.register_keras_serializable("mine")
class Mine(keras.layers.Layer):
    def call(self, inputs: Any) -> Any:
        return inputs


def test_a_custom_object(tmp_path: Path) -> None:
    keras.Sequential([keras.Input((32, 32, 3)), Mine(), keras.layers.Flatten()]).save(tmp_path / "a.keras")
    refuses(tmp_path / "a.keras", "it uses “Mine”")


@pytest.mark.parametrize(
    "change",
    [
        {"module": "os", "class_name": "function", "config": "system"},
        {"module": "keras.layers", "class_name": "TorchModuleWrapper", "config": {}},
        {"module": "keras.layers", "class_name": "Dense", "config": {}, "registered_name": "mine>Dense"},
        {"module": "keras.src.saving.serialization_lib", "class_name": "Dense", "config": {}},
        {"class_name": "__numpy__", "config": {"value": ["x"], "dtype": "S1000000000"}},
    ],
)
def test_a_hidden_object(copy: Path, change: dict[str, Any]) -> None:
    rewrite(copy, config=json.dumps(replaced(config_of(copy), "activation", change)).encode())
    refuses(copy, "it uses “")


@pytest.mark.parametrize(
    ("key", "by"), [("filters", 300_000), ("units", 10**9), ("batch_shape", [None, 2000, 2000, 3])]
)
def test_a_network_that_asks_for_gigabytes(copy: Path, key: str, by: Any) -> None:
    rewrite(copy, config=json.dumps(replaced(config_of(copy), key, by)).encode())
    refuses(copy, "needs too much memory|Keras cannot build")


def test_a_network_larger_than_its_weights(tmp_path: Path) -> None:
    """Keras would make it, in memory, before it found that its weights are not there."""
    small, large = tmp_path / "small.keras", tmp_path / "large.keras"
    for path, units in ((small, 3), (large, 20_000)):
        keras.Sequential([keras.Input((32, 32, 3)), layers.Flatten(), layers.Dense(units)]).save(path)
    rewrite(small, config=json.dumps(config_of(large)).encode())
    refuses(small, "some of its weights are missing")


def test_seeds_need_not_be_in_the_file(tmp_path: Path) -> None:
    image = keras.Input((16, 16, 3))
    x = layers.RandomFlip()(layers.Rescaling(1 / 255)(image))
    x = layers.RandomContrast(0.1)(layers.GaussianNoise(0.1)(layers.Normalization()(x)))
    x = layers.BatchNormalization()(layers.SeparableConv2D(6, 3)(layers.Conv2D(4, 3)(x)))
    x = layers.SpatialDropout2D(0.1)(layers.PReLU()(layers.GroupNormalization(2)(layers.DepthwiseConv2D(3)(x))))
    shared = keras.Sequential([layers.Conv2D(6, 3, padding="same"), layers.LayerNormalization(), layers.Dropout(0.1)])
    x = layers.Flatten()(layers.Add()([shared(x), shared(shared(x))]))
    keras.Model(image, layers.Dense(3, activation="softmax")(x)).save(tmp_path / "all.keras")
    untrusted.load(tmp_path / "all.keras")


@pytest.mark.parametrize("size", [0, 2001, 30_000])
def test_an_image_of_an_unreasonable_size(tmp_path: Path, size: int) -> None:
    """Cut down at once, so that nothing else is large."""
    layers = [keras.layers.CenterCrop(4, 4), keras.layers.Flatten(), keras.layers.Dense(2)]
    keras.Sequential([keras.Input((size, 8, 3)), *layers]).save(tmp_path / "a.keras")
    with pytest.raises(UserError, match=r"a side may have 1 to 2,000 pixels"):
        untrusted.load(tmp_path / "a.keras")


def test_a_layer_that_leads_nowhere(copy: Path) -> None:
    """Keras makes it all the same."""
    config = config_of(copy)
    layer: dict[str, Any] = {
        "module": "keras.layers",
        "class_name": "Dense",
        "registered_name": None,
        "name": "spare",
        "config": {"name": "spare", "units": 20_000},
        "build_config": {"input_shape": [None, 150_000]},
        "inbound_nodes": [],
    }
    config["config"]["layers"].append(layer)
    rewrite(copy, config=json.dumps(config).encode())
    refuses(copy, "needs too much memory")


def test_a_split_into_many_parts(copy: Path) -> None:
    rewrite(copy, config=json.dumps(replaced(config_of(copy), "indices_or_sections", 200_000)).encode())
    refuses(copy, "its setting indices_or_sections is above 100")


def test_a_split_far_from_the_begin(tmp_path: Path) -> None:
    """Where something is divided does not matter, only into how many parts."""
    image = keras.Input((16, 16, 3))
    first, _ = keras.ops.split(layers.Flatten()(image), [500], axis=1)
    keras.Model(image, layers.Dense(2)(first)).save(tmp_path / "a.keras")
    untrusted.load(tmp_path / "a.keras")


def test_a_copy_of_the_shipped_model(tmp_path: Path) -> None:
    untrusted.load(Path(shutil.copy(paths.shipped_model(), tmp_path)))


def test_rows_that_are_mixed_up(tmp_path: Path) -> None:
    inputs = keras.Input((8, 8, 3))
    row = keras.layers.Dense(2)(keras.layers.GlobalAveragePooling2D()(inputs))
    keras.Model(inputs, keras.layers.Concatenate(axis=0)([row, row])).save(tmp_path / "a.keras")
    with pytest.raises(UserError, match="does not return one row per image"):
        model_file.load(tmp_path / "a.keras")


def test_a_network_that_is_none(copy: Path) -> None:
    rewrite(copy, config=json.dumps(replaced(config_of(copy), "kernel_size", [0, -1])).encode())
    refuses(copy, "Keras cannot build its network")


@pytest.mark.parametrize("config", [b"", b"[]", b"{}", b"\xff", b'{"a":' * 100_000, b"[" * 100_000])
def test_a_configuration_that_is_none(copy: Path, config: bytes) -> None:
    rewrite(copy, config=config)
    refuses(copy, "it is damaged|Keras cannot build")


def test_thousands_of_layers(copy: Path) -> None:
    config = config_of(copy)
    config["config"]["layers"] += config["config"]["layers"][:1] * 5000
    rewrite(copy, config=json.dumps(config).encode())
    refuses(copy, "more than 1,200 layers")


def test_a_configuration_without_end(copy: Path) -> None:
    rewrite(copy, config=b" " * (model_archive.MAX_CONFIG + 1))
    refuses(copy, "its parts are too large")


def test_a_zip_bomb(copy: Path) -> None:
    rewrite(copy, weights=bytes(300_000_000))
    assert copy.stat().st_size < 500_000
    refuses(copy, "larger than its network needs")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_members_that_unpack_without_a_bound(copy: Path, method: int) -> None:
    with zipfile.ZipFile(copy) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(copy, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    refuses(copy, "packed in an unusual way")


def test_an_encrypted_member(copy: Path) -> None:
    content = bytearray(copy.read_bytes())
    content[content.index(b"PK\1\2") + 8] |= 1
    copy.write_bytes(content)
    refuses(copy, "its parts are encrypted")


def test_an_archive_of_more_than_4_gb(copy: Path) -> None:
    """It says so, and has its list of members elsewhere."""
    content = copy.read_bytes()
    end = content.rindex(b"PK\5\6")
    copy.write_bytes(content[:end] + b"PK\6\7".ljust(20, b"\0") + content[end:])
    refuses(copy, "it has too many parts")


def test_members_that_are_larger_than_they_say(copy: Path) -> None:
    large = config_of(copy)
    rewrite(copy, config=json.dumps(large).encode().ljust(100_000_000))
    content = copy.read_bytes()
    copy.write_bytes(content.replace(struct.pack("<I", 100_000_000), struct.pack("<I", 10_000)))
    refuses(copy, "it is damaged")


def test_a_list_of_members_without_end(tmp_path: Path) -> None:
    refuses(hostile_models.ATTACKS["a million members"](tmp_path), "it has too many parts")


@pytest.mark.parametrize("comment", [b"", b"a comment", b"PK\5\6" + bytes(18)])
def test_an_archive_with_a_comment(copy: Path, comment: bytes) -> None:
    with zipfile.ZipFile(copy, "a") as archive:
        archive.comment = comment
    with suppress(UserError):
        untrusted.load(copy)


def test_a_bomb_among_what_is_remembered(copy: Path) -> None:
    rewrite(copy, **{"familiarity/remembered.npy": bytes(200_000_000)})
    refuses(copy, "its parts are too large")


def test_two_layers_that_are_said_to_be_one(tmp_path: Path) -> None:
    """Keras would make the second one as large as the first. They are made as they are measured."""
    path = hostile_models.ATTACKS["two layers said to be one"](tmp_path)
    network = untrusted.load(path)[0]
    assert network.get_layer("second").size == (1, 1)


def test_hundreds_of_sums_over_one_image(tmp_path: Path) -> None:
    refuses(hostile_models.ATTACKS["400 sums over one image"](tmp_path), "needs too much time")


def test_numbers_for_some_pictures_alone(tmp_path: Path) -> None:
    path = hostile_models.ATTACKS["numbers for black alone"](tmp_path)
    with pytest.raises(UserError, match="its weights give invalid numbers"):
        model_file.load(path)


def test_a_large_network_answers_few_images_at_once(tmp_path: Path) -> None:
    inputs = keras.Input((8, 8, 3))
    large = layers.GlobalAveragePooling2D()(layers.UpSampling2D(250)(inputs))  # 48 MB for one image
    keras.Model(inputs, layers.Dense(2)(large)).save(tmp_path / "a.keras")
    loaded = model_file.load(tmp_path / "a.keras")
    assert loaded.images_per_call is not None
    assert 1 < loaded.images_per_call < 10
    assert Classifier.of(*loaded).images_per_call == loaded.images_per_call


def test_the_trial_takes_no_more_images_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    batches: list[int] = []

    def noted(features: NDArray[np.float32], images: int) -> NDArray[np.float32]:
        batches.append(images)
        return features

    monkeypatch.setattr(deployment, "of_images", noted)
    network = keras.Sequential([keras.Input((8, 8, 3)), layers.GlobalAveragePooling2D(), layers.Dense(2)])
    assert trial.check_answers(tmp_path / "a.keras", network, None, together=3).shape == (4, 2)
    assert batches == [3, 1]


def test_a_usual_network_answers_many(model: Path) -> None:
    assert Classifier.load(model).images_per_call == 250


def test_a_layer_that_is_used_many_times(tmp_path: Path) -> None:
    """Each time it makes the picture twice as large, and only the first time is its output's size."""
    x = inputs = keras.Input((32, 32, 3))
    larger = keras.layers.UpSampling2D()
    for _ in range(9):
        x = larger(x)
    outputs = keras.layers.Dense(2)(keras.layers.GlobalAveragePooling2D()(x))
    keras.Model(inputs, outputs).save(tmp_path / "a.keras")
    refuses(tmp_path / "a.keras", "needs too much memory")


def test_an_operation_that_enlarges(tmp_path: Path) -> None:
    """Operations are no layers of the model to Keras, but take as much memory."""
    inputs = keras.Input((32, 32, 3))
    flat = keras.layers.Flatten()(inputs)
    wide, high = keras.layers.Reshape((1, 3072))(flat), keras.layers.Reshape((3072, 1))(flat)
    square = keras.layers.Reshape((3072, 1, 3072))(keras.ops.subtract(wide, high))
    large = keras.ops.subtract(square, keras.layers.Reshape((1, 3072, 1))(flat))
    keras.Model(inputs, keras.layers.GlobalAveragePooling2D()(large)).save(tmp_path / "a.keras")
    refuses(tmp_path / "a.keras", "needs too much memory")


def test_a_batch_that_grows(tmp_path: Path) -> None:
    """How many images a batch has is open, but not how many become of one."""
    x = inputs = keras.Input((32, 32, 3))
    for _ in range(20):
        x = keras.layers.Concatenate(axis=0)([x, x])
    keras.Model(inputs, keras.layers.GlobalAveragePooling2D()(x)).save(tmp_path / "a.keras")
    refuses(tmp_path / "a.keras", "needs too much memory")


def test_an_activation_that_enlarges(tmp_path: Path) -> None:
    """A layer within a layer."""
    activation = keras.layers.UpSampling2D(1000)
    layers = [keras.Input((32, 32, 3)), keras.layers.Conv2D(3, 1, activation=activation)]
    keras.Sequential([*layers, keras.layers.GlobalAveragePooling2D()]).save(tmp_path / "a.keras")
    refuses(tmp_path / "a.keras", "needs too much memory")


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("Conv2D", {"filters": 400, "kernel_size": [99, 99], "padding": "same"}),
        ("Conv2D", {"filters": 300, "kernel_size": [199, 199], "padding": "same", "groups": 3}),
        ("Conv2D", {"filters": 1, "kernel_size": [199, 199], "padding": "same"}),
        ("DepthwiseConv2D", {"kernel_size": [999, 999], "padding": "same"}),
        ("SeparableConv2D", {"filters": 3, "kernel_size": [999, 999], "padding": "same"}),
        ("MaxPooling2D", {"pool_size": [999, 999], "strides": [1, 1], "padding": "same"}),
    ],
)
def test_a_network_that_takes_long(kind: str, settings: dict[str, Any], tmp_path: Path) -> None:
    """Its values and weights are not too many, but what is done with them."""
    layer = {"module": "keras.layers", "class_name": kind, "config": settings}
    refuses(hostile_models.model_of(tmp_path, layer, side=250), "needs too much time")


def test_a_network_within_an_activation(copy: Path) -> None:
    """Keras would go through it each time, and it may hold others in its own."""
    network = keras.saving.serialize_keras_object(keras.Sequential([keras.Input((32, 32, 3))]))
    rewrite(copy, config=json.dumps(replaced(config_of(copy), "activation", network)).encode())
    refuses(copy, "a network in an unusual place")


@pytest.mark.parametrize("name", ["../evil.py", "/etc/passwd", "evil.py", "familiarity/../../evil", "assets/x.txt"])
def test_other_members(copy: Path, name: str) -> None:
    rewrite(copy, **{name: b"x"})
    refuses(copy, "is no part of a model")


@pytest.mark.parametrize("name", [CONFIG, WEIGHTS])
def test_a_missing_member(copy: Path, name: str) -> None:
    rewrite(copy, **{name: None})
    refuses(copy, "a part is missing or occurs twice")


def test_a_member_twice(copy: Path) -> None:
    with zipfile.ZipFile(copy, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(CONFIG, "{}")
    refuses(copy, "a part is missing or occurs twice")


# Weights


def an_external_link(file: h5py.File) -> None:
    file["elsewhere"] = h5py.ExternalLink("/etc/passwd", "/")


def a_soft_link(file: h5py.File) -> None:
    file["elsewhere"] = h5py.SoftLink("/layers")


def external_storage(file: h5py.File) -> None:
    file.create_dataset("elsewhere", (100,), np.uint8, external=[("/etc/passwd", 0, 100)])


def a_virtual_dataset(file: h5py.File) -> None:
    layout = h5py.VirtualLayout((100,), np.uint8)
    layout[:] = h5py.VirtualSource("/etc/passwd", "x", (100,))
    file.create_virtual_dataset("elsewhere", layout)


def a_circle(file: h5py.File) -> None:
    file["layers/again"] = file["/"]


def a_chunk_larger_than_what_is_in_it(file: h5py.File) -> None:
    file.create_dataset("elsewhere", (2,), maxshape=(None,), chunks=(1_000_000,), compression="gzip", dtype=np.float32)


def texts(file: h5py.File) -> None:
    file.create_dataset("elsewhere", data=["many may be one"] * 3, dtype=h5py.string_dtype())


def a_large_claim(file: h5py.File) -> None:
    file.create_dataset("much", (10**9,), np.float32)  # without storage


def change_weights(model: Path, change: Callable[[h5py.File], None]) -> None:
    """Change the weights in a model's file."""
    with zipfile.ZipFile(model) as archive:
        content = io.BytesIO(archive.read(WEIGHTS))
    with h5py.File(content, "a") as file:
        change(file)
    rewrite(model, weights=content.getvalue())


@pytest.mark.parametrize(
    "change",
    [
        *(an_external_link, a_soft_link, external_storage, a_virtual_dataset, a_circle),
        *(a_large_claim, a_chunk_larger_than_what_is_in_it, texts),
    ],
)
def test_weights_that_are_not_there(copy: Path, change: Callable[[h5py.File], None]) -> None:
    change_weights(copy, change)
    refuses(copy, "its weights ")


def test_weights_that_claim_more_than_there_is(copy: Path) -> None:
    change_weights(copy, a_large_claim)
    refuses(copy, "its weights are inconsistent")


def thousands_of_groups(file: h5py.File) -> None:
    for number in range(5_001):
        file.create_group(f"more/{number}")


def test_thousands_of_groups(copy: Path) -> None:
    change_weights(copy, thousands_of_groups)
    refuses(copy, "its weights have too many parts")


@pytest.mark.parametrize(
    "told",
    [
        *({"name": name, "shape": [1], "dtype": "float32"} for name in ("", "/a", "a//b", "../a", "a/./b", "a\0b")),
        *({"name": "a", "shape": [1], "dtype": dtype} for dtype in ("object", "S4", "complex64", "V4", None)),
        *({"name": "a", "shape": shape, "dtype": "float32"} for shape in ([2], [1] * 9, ["x"], None)),
        *({"name": 3, "shape": [1], "dtype": "float32"}, {"shape": [1], "dtype": "float32"}),
    ],
)
def test_what_the_reader_may_not_say(told: dict[str, Any]) -> None:
    """Another program may speak for it, if a file has taken it over."""
    with pytest.raises((ValueError, TypeError, KeyError)):
        hdf5._array(told, bytes(4))
    assert hdf5._array({"name": "a/b", "shape": [1], "dtype": "float32"}, bytes(4)).values == [0]


def test_damaged_weights(copy: Path) -> None:
    """They have no checksum of their own."""
    with zipfile.ZipFile(copy) as archive:
        whole = archive.read(WEIGHTS)
    rng = random.Random(0)
    for _ in range(8):
        content = bytearray(whole)
        for _ in range(3):
            content[rng.randrange(min(len(content), 4000))] = rng.randrange(256)
        rewrite(copy, weights=bytes(content))
        with suppress(UserError):
            untrusted.load(copy)


@pytest.mark.parametrize("version", ["earliest", "latest"])
def test_weights_in_any_format_of_hdf5(copy: Path, version: str) -> None:
    expected = untrusted.load(copy)[0].get_weights()
    with zipfile.ZipFile(copy) as archive:
        whole = io.BytesIO(archive.read(WEIGHTS))
    content = io.BytesIO()
    with h5py.File(whole) as file, h5py.File(content, "w", libver=version) as again:
        for name in file:
            file.copy(name, again)
    rewrite(copy, weights=content.getvalue())
    for weight, other in zip(expected, untrusted.load(copy)[0].get_weights(), strict=True):
        np.testing.assert_array_equal(weight, other)


@pytest.mark.parametrize("dtype", ["bfloat16", "float16", "float64"])
def test_weights_of_another_dtype(dtype: str, tmp_path: Path) -> None:
    policy = {"dtype": keras.DTypePolicy(dtype)}
    head = [layers.GlobalAveragePooling2D(**policy), layers.Dense(3, **policy)]
    network = keras.Sequential([keras.Input((8, 8, 3)), layers.Conv2D(4, 3, **policy), *head])
    network.save(tmp_path / "a.keras")
    for weight, other in zip(network.weights, untrusted.load(tmp_path / "a.keras")[0].weights, strict=True):
        assert weight.dtype == other.dtype == dtype
        np.testing.assert_array_equal(keras.ops.cast(weight, "float32"), keras.ops.cast(other, "float32"))


def test_objects_that_layers_share(tmp_path: Path) -> None:
    """An initializer, a regularizer and an activation, each of two layers: they have nothing to lose."""
    shared = {"kernel_initializer": keras.initializers.HeNormal(), "kernel_regularizer": keras.regularizers.L2(0.1)}
    dense = [layers.Dense(3, activation=layers.LeakyReLU(), **shared) for _ in range(2)]
    network = keras.Sequential([keras.Input((8, 8, 3)), layers.Flatten(), *dense])
    network.save(tmp_path / "a.keras")
    assert b"shared_object_id" in zipfile.ZipFile(tmp_path / "a.keras").read(CONFIG)
    loaded = untrusted.load(tmp_path / "a.keras")[0]
    images = np.random.default_rng(0).random((2, 8, 8, 3), np.float32)
    np.testing.assert_allclose(loaded(images), network(images), rtol=1e-5)


def test_what_hdf5_does_for_ever_is_ended(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hdf5, "READER", "tests.core.models.hanging_reader")
    monkeypatch.setattr(hdf5, "SECONDS", 0.2)
    refuses(copy, "its weights take too long or too much memory to read")


def test_what_crashes_hdf5_is_refused(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hdf5, "READER", "tests.core.models.crashing_reader")
    refuses(copy, "its weights are damaged")


@pytest.mark.parametrize("number", range(12))
def test_changed_bytes_in_weights_of_any_format(number: int, tmp_path: Path) -> None:
    _, path = model_mutations.with_weights(random.Random(number), tmp_path)
    with suppress(UserError), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        untrusted.load(path)


def test_a_full_disk_for_the_weights(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object, **_options: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(tempfile, "TemporaryDirectory", full)
    with pytest.raises(UserError, match="Free some space"):
        untrusted.load(copy)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_pipe_in_a_model_s_place(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.keras")
    with pytest.raises(UserError, match="not a regular file"):
        model_file.load(tmp_path / "a.keras")


def test_keras_never_opens_the_stranger_s_file(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Path] = []
    load_weights = keras.Model.load_weights

    def noted(network: keras.Model, path: Path) -> None:
        read.append(path)
        load_weights(network, path)

    monkeypatch.setattr(keras.Model, "load_weights", noted)
    monkeypatch.setattr(keras.saving, "load_model", None)
    untrusted.load(copy)
    assert [path.name for path in read] == ["ours.weights.h5"]


def nothing(dataset: h5py.Dataset) -> Any:
    return np.full(dataset.shape, np.nan).astype(dataset.dtype)


def test_weights_that_are_no_numbers(copy: Path) -> None:
    """They may be damaged where no checksum tells it."""
    with zipfile.ZipFile(copy) as archive:
        content = io.BytesIO(archive.read(WEIGHTS))
    with h5py.File(content, "r+") as file:
        file.visititems(lambda _, item: item.write_direct(nothing(item)) if isinstance(item, h5py.Dataset) else None)
    rewrite(copy, weights=content.getvalue())
    with pytest.raises(UserError, match="its weights give invalid numbers"):
        model_file.load(copy)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("remembered", np.zeros((20, 7), np.float16), "it does not answer"),
        ("remembered", np.zeros((0, 0), np.float16), "it does not answer"),
        ("remembered", np.zeros((20_001, 1), np.float16), "it remembers more than 20,000 images"),
        ("remembered", np.zeros((), np.float16), "what it remembers of its training images is damaged"),
        ("remembered", np.zeros((20, 7), np.int8), "what it remembers of its training images is damaged"),
        ("split", np.zeros(2), "what it remembers of its training images is damaged"),
        ("threshold", np.zeros(2), "what it remembers of its training images is damaged"),
        ("threshold", np.array(np.nan), "its weights give invalid numbers"),
    ],
)
def test_what_is_remembered_is_another_model_s(copy: Path, name: str, value: Any, reason: str) -> None:
    content = io.BytesIO()
    np.save(content, value)
    rewrite(copy, **{f"familiarity/{name}.npy": content.getvalue()})
    with pytest.raises(UserError, match=reason):
        model_file.load(copy)


# Anything


def test_mutations(copy: Path) -> None:
    """Each is refused with a sentence, or opened as a model: most of a file's bytes are weights with a checksum."""
    whole = copy.read_bytes()
    rng = random.Random(0)
    opened = 0
    for _ in range(100):
        content = bytearray(whole)
        for _ in range(rng.randint(1, 4)):
            begin = rng.randrange(len(content))
            match rng.randrange(3):
                case 0:
                    content[begin] = rng.randrange(256)
                case 1:
                    del content[begin : begin + rng.randint(1, 1000)]
                case 2:
                    content[begin:begin] = rng.randbytes(rng.randint(1, 1000))
        copy.write_bytes(content)
        try:
            model_file.load(copy)
            opened += 1
        except UserError as error:
            assert str(error).endswith(".")  # noqa: PT017
    assert opened < 20


# All of Keras' own layers


def test_every_augmentation(tmp_path: Path) -> None:
    """Those whose names begin with Random, and what mixes them. While it answers, none of them changes a picture."""
    settings: dict[str, tuple[Any, ...]] = {
        "RandomCrop": (24, 24),
        "RandomTranslation": (0.1, 0.1),
        "RandomPosterization": (4,),
        **dict.fromkeys(("RandomFlip", "RandomGaussianBlur", "RandomPerspective", "RandomErasing"), ()),
        **dict.fromkeys(("RandomInvert", "RandomGrayscale", "RandomColorJitter", "RandomElasticTransform"), ()),
        "RandomShear": (0.1, 0.1),
    }
    x = image = keras.Input((32, 32, 3))
    for name in [each for each in vars(layers) if each.startswith("Random")]:
        x = getattr(layers, name)(*settings.get(name, (0.1,)))(x)
    x = layers.Solarization()(layers.AutoContrast()(layers.RandAugment()(layers.AugMix()(x))))
    network = keras.Model(image, layers.Dense(3)(layers.GlobalAveragePooling2D()(x)))
    network.save(tmp_path / "a.keras")
    loaded = untrusted.load(tmp_path / "a.keras")[0]
    pixels = np.random.default_rng(0).integers(0, 256, (2, 32, 32, 3)).astype(np.float32)
    np.testing.assert_allclose(loaded(pixels, training=False), network(pixels, training=False), rtol=1e-4, atol=1e-3)


def test_attention_recurrent_layers_and_other_dimensions(tmp_path: Path) -> None:
    image = keras.Input((16, 16, 3))
    limits = {"kernel_constraint": keras.constraints.MaxNorm(3), "kernel_initializer": "orthogonal"}
    x = layers.Conv2DTranspose(4, 3, kernel_regularizer=keras.regularizers.OrthogonalRegularizer(), **limits)(image)
    x = layers.MaxPooling3D((1, 2, 2))(layers.Conv3D(2, 3)(layers.Reshape((18, 18, 4, 1))(x)))
    x = layers.Conv1D(6, 3, strides=6)(layers.Reshape((-1, 4))(layers.Flatten()(x)))
    x = layers.RMSNormalization()(layers.Add()([x, layers.MultiHeadAttention(2, 3)(x, x)]))
    x = layers.AdditiveAttention()([layers.Attention()([x, x]), layers.GroupQueryAttention(3, 4, 2)(x, x)])
    x = layers.GRU(3)(layers.Bidirectional(layers.LSTM(2, return_sequences=True))(layers.AveragePooling1D(4)(x)))
    network = keras.Model(image, layers.Dense(3, kernel_constraint="non_neg", activation="gelu")(x))
    network.save(tmp_path / "a.keras")
    pixels = np.random.default_rng(0).integers(0, 256, (2, 16, 16, 3)).astype(np.float32)
    np.testing.assert_allclose(untrusted.load(tmp_path / "a.keras")[0](pixels), network(pixels), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize(
    ("inner", "ending"),
    [
        (layers.LSTM(8, dropout=0.1), "keras"),
        (layers.GRU(8), "h5"),
        (layers.RNN([layers.GRUCell(8), layers.SimpleRNNCell(50)]), "keras"),
    ],
)
def test_a_recurrent_layer_in_both_directions(tmp_path: Path, inner: layers.Layer, ending: str) -> None:
    """The layer that Keras copies for each direction has no weights of its own, in the file or in memory."""
    rows = [layers.Reshape((16, 48)), layers.Bidirectional(inner)]
    network = keras.Sequential([keras.Input((16, 16, 3)), *rows, layers.SpectralNormalization(layers.Dense(3))])
    network.save(path := tmp_path / f"a.{ending}")
    pixels = np.random.default_rng(0).random((2, 16, 16, 3)).astype(np.float32)
    np.testing.assert_allclose(untrusted.load(path)[0](pixels), network(pixels), rtol=1e-4, atol=1e-5)


def test_a_single_weight_is_missing(tmp_path: Path) -> None:
    """However many random layers there are, whose state need not be in the file."""
    paths = tmp_path / "small.keras", tmp_path / "large.keras"
    for path, units in zip(paths, (2, 3), strict=True):
        parts = [layers.Flatten(), layers.Dropout(0.1), layers.GaussianNoise(0.1), layers.Dense(units)]
        keras.Sequential([keras.Input((4, 4, 3)), *parts]).save(path)
    rewrite(paths[0], config=json.dumps(config_of(paths[1])).encode())
    refuses(paths[0], "some of its weights are missing")


def test_what_published_networks_do_before_their_first_layer(tmp_path: Path) -> None:
    """The three ways of preprocess_input, one after the other: slices, sums with arrays, divisions."""
    x = image = keras.Input((8, 8, 3))
    for network in (keras.applications.resnet50, keras.applications.densenet, keras.applications.mobilenet_v2):
        x = network.preprocess_input(x)
    network = keras.Model(image, layers.Flatten()(layers.CenterCrop(2, 2)(x)))
    network.save(tmp_path / "a.keras")
    pixels = np.random.default_rng(0).integers(0, 256, (2, 8, 8, 3)).astype(np.float32)
    np.testing.assert_allclose(untrusted.load(tmp_path / "a.keras")[0](pixels), network(pixels), rtol=1e-4)


def test_the_state_of_the_optimizer_is_no_weight(tmp_path: Path) -> None:
    """Adam keeps two numbers for each weight: the file has three times what the network needs."""
    network = keras.Sequential([keras.Input((32, 32, 3)), layers.Flatten(), layers.Dense(1200), layers.Dense(2)])
    network.compile("adam", "mse")
    network.fit(np.zeros((1, 32, 32, 3)), np.zeros((1, 2)), verbose=0)
    network.save(tmp_path / "a.keras")
    assert (tmp_path / "a.keras").stat().st_size > 11 * network.count_params()
    untrusted.load(tmp_path / "a.keras")


# What would take long while the network is built


def built_by(layer: layers.Layer, path: Path, **changes: Any) -> Path:
    network = keras.Sequential([keras.Input((32, 32, 3)), layer, layers.GlobalAveragePooling2D(), layers.Dense(2)])
    network.save(path)
    config = config_of(path)
    for name, value in changes.items():
        config = replaced(config, name, value)
    rewrite(path, config=json.dumps(config).encode())
    return path


@pytest.mark.parametrize(
    ("layer", "changes"),
    [
        (layers.AdaptiveAveragePooling2D(2), {"output_size": [10**9, 10**9]}),
        (layers.SpectralNormalization(layers.Conv2D(2, 3)), {"power_iterations": 10**9}),
        (layers.RandAugment(), {"num_ops": 10**9}),
        (layers.AugMix(), {"chain_depth": 10**9}),
    ],
)
def test_settings_that_repeat_something(tmp_path: Path, layer: layers.Layer, changes: dict[str, Any]) -> None:
    refuses(built_by(layer, tmp_path / "a.keras", **changes), f"its setting {next(iter(changes))} is above")


def test_an_operation_on_no_picture(tmp_path: Path) -> None:
    """Keras would compute it at once, before it can be counted."""
    image = keras.Input((8, 8, 3))
    tiled = keras.ops.tile(image, (1, 1, 1, 1))
    keras.Model(image, layers.GlobalAveragePooling2D()(tiled)).save(tmp_path / "a.keras")
    config = config_of(tmp_path / "a.keras")
    (tile,) = [each for each in config["config"]["layers"] if each["class_name"] == "Tile"]
    spare = {**tile, "name": "spare", "config": {**tile["config"], "name": "spare"}}
    spare["inbound_nodes"] = [{"args": [[[1.0]], [100_000, 100_000]], "kwargs": {}}]
    config["config"]["layers"].append(spare)
    rewrite(tmp_path / "a.keras", config=json.dumps(config).encode())
    refuses(tmp_path / "a.keras", "it computes something that does not depend on the picture")


def test_a_grouped_convolution_of_many_channels(tmp_path: Path) -> None:
    """It takes as long as an ordinary one of hundreds of times its products."""
    refuses(built_by(layers.Conv2D(1200, 25, groups=3, padding="same"), tmp_path / "a.keras"), "needs too much time")


def test_a_pipeline_of_networks(tmp_path: Path) -> None:
    """What is in it counts as often as it is used."""
    pipeline = {"module": "keras.layers", "class_name": "Pipeline", "config": {"layers": [], "name": "pipeline"}}
    inner: dict[str, Any] = {"module": "keras.layers", "class_name": "Identity", "config": {"name": "x"}}
    for number in range(12):
        nested = {**pipeline, "config": {"layers": [inner, inner], "name": f"pipeline_{number}"}}
        inner = {"module": "keras", "class_name": "Sequential", "config": {"name": f"n{number}", "layers": [nested]}}
    refuses(hostile_models.model_of(tmp_path, inner), "more than 1,200 layers")
