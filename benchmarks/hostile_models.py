"""What an attacker would make: models that would run a program, or take much time or memory, for benchmarks/fuzz.py.

Each function writes one to a folder, and returns its path.
"""

import io
import json
import shutil
import struct
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from cnngui import paths
from cnngui.core.models.opening.archive import CONFIG, WEIGHTS

FUNCTIONAL = "keras.src.models.functional"


def _a_lambda_layer(folder: Path) -> Path:
    return model_of(folder, {"module": "keras.layers", "class_name": "Lambda", "config": {"function": "x"}})


def _a_custom_object(folder: Path) -> Path:
    return model_of(folder, {"module": "mine", "class_name": "Mine", "config": {}, "registered_name": "mine>Mine"})


def _gigabytes_in_11_kilobytes(folder: Path) -> Path:
    dense = {"module": "keras.layers", "class_name": "Dense", "config": {"units": 10**9}}
    path = model_of(folder, dense)
    with path.open("ab") as file:
        file.write(bytes(11_000 - path.stat().st_size))
    return path


def _a_zip_bomb(folder: Path) -> Path:
    return model_of(folder, None, {WEIGHTS: bytes(300_000_000)})


def _path_traversal(folder: Path) -> Path:
    return model_of(folder, None, {"../../evil.py": b"print('evil')"})


def _an_h5_file_renamed(folder: Path) -> Path:
    path = folder / "model.keras"
    with zipfile.ZipFile(paths.shipped_model()) as archive:
        path.write_bytes(archive.read(WEIGHTS))
    return _with_card(path)


def _a_folder(folder: Path) -> Path:
    path = Path(tempfile.mkdtemp(dir=folder, suffix=".keras"))
    return _with_card(path)


def _a_chain_of_networks(folder: Path) -> Path:
    """Thirty networks, each of which uses the one before twice."""
    network: dict[str, Any] = {"module": "keras.layers", "class_name": "Identity", "config": {"name": "x"}}
    shape = {"shape": [None, 32, 32, 3], "dtype": "float32"}
    for number in range(30):
        used = network["config"]["name"]
        calls = [
            {"args": [{"class_name": "__keras_tensor__", "config": {**shape, "keras_history": source}}], "kwargs": {}}
            for source in (["i", 0, 0], [used, 0, 0])
        ]
        inputs = {"module": "keras.layers", "class_name": "InputLayer", "name": "i", "inbound_nodes": []}
        config = {"batch_shape": shape["shape"], "name": "i"}
        layers = [{**inputs, "config": config}, {**network, "name": used, "inbound_nodes": calls}]
        ends = {"input_layers": [["i", 0, 0]], "output_layers": [[used, 1, 0]]}
        whole = {"name": f"network_{number}", "layers": layers, **ends}
        network = {"module": FUNCTIONAL, "class_name": "Functional", "config": whole}
    return model_of(folder, network)


def _trillions_of_multiplications(folder: Path) -> Path:
    settings = {"filters": 2000, "kernel_size": [31, 31], "padding": "same"}
    return model_of(folder, {"module": "keras.layers", "class_name": "Conv2D", "config": settings}, side=150)


def model_of(folder: Path, layer: Any, members: dict[str, bytes] | None = None, side: int = 32) -> Path:
    """A model of one layer, or of several, with a card, without weights."""
    inputs = {"module": "keras.layers", "class_name": "InputLayer", "config": {"batch_shape": [None, side, side, 3]}}
    layer = layer or {"module": "keras.layers", "class_name": "Flatten", "config": {}}
    layers = [inputs, *(layer if isinstance(layer, list) else [layer])]
    config = {"module": "keras", "class_name": "Sequential", "config": {"name": "model", "layers": layers}}
    path = folder / "model.keras"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {CONFIG: json.dumps(config).encode(), WEIGHTS: b"", **(members or {})}.items():
            archive.writestr(name, content)
    return _with_card(path)


def _with_card(path: Path) -> Path:
    shutil.copy(paths.shipped_model().with_suffix(".json"), path.with_suffix(".json"))
    return path


def _packed_without_bound(folder: Path) -> Path:
    """7 kB that bzip2 unpacks to gigabytes: zipfile unpacks it as a whole."""
    path = model_of(folder, None)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2) as archive:
        for name, content in members.items():
            archive.writestr(name, content.ljust(300_000_000 if name == WEIGHTS else 0, b"\0"))
    return _claiming(path, 300_000_000, 10_000)


def _more_than_it_says(folder: Path) -> Path:
    """A configuration that says it is small, and unpacks to 300 MB."""
    path = model_of(folder, None, {CONFIG: b"{}".ljust(300_000_000)})
    return _claiming(path, 300_000_000, 10_000)


def _a_list_of_a_million_members(folder: Path) -> Path:
    path = model_of(folder, None)
    with path.open("ab") as file:
        entry = b"PK\1\2".ljust(46, b"\0")
        begin = file.tell()
        file.write(entry * 1_000_000)
        file.write(struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 65_535, 65_535, 46_000_000, begin, 0))
    return path


def _two_layers_that_are_said_to_be_one(folder: Path) -> Path:
    """One enlarges a pixel by 150. The other leaves 150 × 150 pixels as they are; as the first, it enlarges them."""
    import keras
    from keras import layers

    image = keras.Input((150, 150, 3))
    first = layers.UpSampling2D(150, name="first")(layers.CenterCrop(1, 1)(image))
    both = layers.Add()([first, layers.UpSampling2D(1, name="second")(image)])
    path = folder / "model.keras"
    keras.Model(image, layers.Dense(3)(layers.GlobalAveragePooling2D()(both))).save(path)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    config = json.loads(members[CONFIG])
    for layer in config["config"]["layers"]:
        if layer["name"] in ("first", "second"):
            layer["shared_object_id"] = 1
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (members | {CONFIG: json.dumps(config).encode()}).items():
            archive.writestr(name, content)
    return path


def _hundreds_of_sums_over_one_image(folder: Path) -> Path:
    """Each reads the whole image and makes a few numbers."""
    import keras
    from keras import layers

    image = keras.Input((500, 500, 3))
    large = layers.UpSampling2D(4)(image)
    rows = layers.Concatenate()([layers.GlobalAveragePooling2D()(large) for _ in range(400)])
    keras.Model(image, layers.Dense(10)(rows)).save(folder / "model.keras")
    return folder / "model.keras"


def _numbers_for_black_alone(folder: Path) -> Path:
    """NaN for every picture that is not black."""
    import keras
    from keras import layers

    answer = layers.Dense(3, activation="softmax", use_bias=False)
    model = keras.Sequential([keras.Input((8, 8, 3)), layers.Flatten(), layers.Dense(4, use_bias=False), answer])
    model.set_weights([np.full((192, 4), 1e38, np.float32), np.full((4, 3), -1e38, np.float32)])
    model.save(folder / "model.keras")
    return folder / "model.keras"


def _an_array_without_dimensions(folder: Path) -> Path:
    """What a model remembers of its training images, as a single number."""
    path = Path(shutil.copy(paths.shipped_model(), folder / "model.keras"))
    shutil.copy(paths.shipped_model().with_suffix(".json"), folder / "model.json")
    content = io.BytesIO()
    np.save(content, np.zeros((), np.float16))
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, old in members.items():
            archive.writestr(name, content.getvalue() if name.endswith("remembered.npy") else old)
    return path


def _claiming(path: Path, size: int, claimed: int) -> Path:
    """Say that a member has another size, wherever its size stands."""
    content = path.read_bytes()
    path.write_bytes(content.replace(struct.pack("<I", size), struct.pack("<I", claimed)))
    return path


ATTACKS: dict[str, Callable[[Path], Path]] = {
    "a Lambda layer": _a_lambda_layer,
    "a custom object": _a_custom_object,
    "gigabytes asked for by 11 kB": _gigabytes_in_11_kilobytes,
    "a zip bomb": _a_zip_bomb,
    "path traversal": _path_traversal,
    "an h5 renamed": _an_h5_file_renamed,
    "a folder": _a_folder,
    "networks in networks": _a_chain_of_networks,
    "10¹¹ multiplications": _trillions_of_multiplications,
    "7 kB of bzip2": _packed_without_bound,
    "more than it says": _more_than_it_says,
    "a million members": _a_list_of_a_million_members,
    "two layers said to be one": _two_layers_that_are_said_to_be_one,
    "400 sums over one image": _hundreds_of_sums_over_one_image,
    "numbers for black alone": _numbers_for_black_alone,
    "an array without dimensions": _an_array_without_dimensions,
}
