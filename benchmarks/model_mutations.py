"""Damaged models for benchmarks/fuzz.py and the tests. The same random numbers give the same damage."""

import io
import json
import random
import shutil
import struct
import tempfile
import warnings
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import h5py

from benchmarks.mutations import DAMAGES
from cnngui.core.models.opening.archive import CONFIG, METADATA, WEIGHTS

NUMBERS = (0, 1, -1, 2, 3, 4, 7, 100, 1000, 65_536, 10**6, 10**9, 2**31, 2**63, -(2**31), 0.5, 1e-30, 1e30, 1e308)
NAMES = (
    *("Dense", "Conv2D", "UpSampling2D", "ZeroPadding2D", "Lambda", "Functional", "Sequential", "Add", "Flatten"),
    *("Reshape", "Softmax", "Split", "Mine", "relu", "sigmoid", "exponential", "float16", "float64", "bfloat16"),
    *("int8", "valid", "same", "channels_first", "linear", "keras", "keras.layers", "builtins", "os", "", "é" * 300),
)


def model(rng: random.Random, whole: Path, folder: Path) -> tuple[str, Path]:
    """A copy of a model and its card in the folder, damaged: the kind of damage and the path of the model."""
    path = Path(shutil.copy(whole, folder / "model.keras"))
    card = Path(shutil.copy(whole.with_suffix(".json"), folder / "model.json"))
    way = rng.choice(("file", "members", "config", "config", "config", "weights", "weights", "numbers", "card"))
    if way == "file":
        path.write_bytes(_damaged(rng, path.read_bytes()))
    elif way == "card":
        text = card.read_bytes()
        card.write_bytes(_damaged(rng, text) if rng.random() < 0.3 else _other_json(rng, text))
    else:
        with zipfile.ZipFile(path) as archive:
            members = [(name, archive.read(name)) for name in archive.namelist()]
        MEMBER_DAMAGES[way](rng, members)
        with warnings.catch_warnings(), zipfile.ZipFile(path, "w") as archive:
            warnings.simplefilter("ignore")  # of names that are there twice
            for name, content in members:
                archive.writestr(name, content)
    return way, path


def _damaged(rng: random.Random, whole: bytes) -> bytes:
    content = bytearray(whole)
    for _ in range(rng.randint(1, 3)):
        rng.choice(DAMAGES)(rng, content, whole[:1000])
    return bytes(content)


def _other_json(rng: random.Random, text: bytes) -> bytes:
    """Replace, remove or double one to three of its values."""
    root = [json.loads(text)]
    for _ in range(rng.randint(1, 3)):
        holder, key = rng.choice(list(_places(root)))
        match rng.randrange(8), holder[key]:
            case 0, _:
                del holder[key]
            case 1, _ if isinstance(holder, list):
                holder.insert(key, holder[key])
            case 2, _:
                holder[key] = rng.choice(list(_places(root)))[0]
                if _is_circle(root):
                    holder[key] = None
            case _, bool(value):
                holder[key] = not value
            case _, str():
                holder[key] = rng.choice(NAMES)
            case _, int() | float() | None:
                holder[key] = rng.choice((*NUMBERS, None, True, [3, 3], "3"))
            case _, list() as values:
                holder[key] = rng.choice((values * 2, values[:-1], [rng.choice(NUMBERS) for _ in values], {}))
            case _:
                holder[key] = rng.choice(({}, [], None, 3))
        if not root:
            return b""
    return json.dumps(root[0]).encode()


def _places(value: Any) -> Any:
    """The place of every value: its list or dictionary, and its index or key."""
    for key in value if isinstance(value, dict) else range(len(value)):
        yield value, key
        if isinstance(value[key], (dict, list)):
            yield from _places(value[key])


def _is_circle(root: Any) -> bool:
    try:
        json.dumps(root)
    except (ValueError, RecursionError):
        return True
    return False


Members = list[tuple[str, bytes]]


def _change(members: Members, wanted: str, change: Callable[[bytes], bytes]) -> None:
    members[:] = [(name, change(content) if name == wanted else content) for name, content in members]


def _other_members(rng: random.Random, members: Members) -> None:
    one = rng.randrange(len(members))
    name, content = members[one]
    match rng.randrange(5):
        case 0:
            del members[one]
        case 1:
            members.append((name, content[: rng.randrange(len(content))]))
        case 2:
            members[one] = (name, rng.choice(members)[1])
        case 3:
            members[one] = (rng.choice(("../" + name, "/" + name, name.upper(), name + "\0", "x")), content)
        case _:
            members[one] = (name, rng.choice((b"", b"x", content[:100], content * 2)))


def _other_config(rng: random.Random, members: Members) -> None:
    _change(members, CONFIG, lambda text: _other_json(rng, text))


def _other_weights(rng: random.Random, members: Members) -> None:
    """A few bytes of the file of weights, mostly where its structure stands and not its numbers."""

    def change(whole: bytes) -> bytes:
        content = bytearray(whole)
        signatures = (b"TREE", b"HEAP", b"SNOD", b"\x03\0\0\0\0\0\0\0", b"\x11\0\x10\0", b"\x08\0\x18\0")
        for _ in range(rng.randint(1, 4)):
            around = content.find(rng.choice(signatures), rng.randrange(len(content)))
            begin = rng.choice((around + rng.randrange(64), rng.randrange(4096), rng.randrange(len(content))))
            if begin < len(content):
                content[begin] = rng.choice((rng.randrange(256), 0, 0x7F, 0xFF))
        return bytes(content)[: rng.choice((None, None, None, None, rng.randrange(len(content))))]

    _change(members, WEIGHTS, change)


def _other_numbers(rng: random.Random, members: Members) -> None:
    """Of what is remembered: the head of a NumPy array, or a few of its numbers."""

    def change(whole: bytes) -> bytes:
        content = bytearray(whole)
        for _ in range(rng.randint(1, 3)):
            begin = rng.choice((rng.randrange(min(128, len(content))), rng.randrange(len(content))))
            content[begin] = rng.choice((rng.randrange(256), *b"0123456789(),'<>OV"))
        return bytes(content)

    _change(members, rng.choice([name for name, _ in members if name.endswith(".npy")]), change)


MEMBER_DAMAGES: dict[str, Callable[[random.Random, Members], None]] = {
    "members": _other_members,
    "config": _other_config,
    "weights": _other_weights,
    "numbers": _other_numbers,
}


# A small model, of which any part may be damaged


@cache
def small() -> dict[str, bytes]:
    """The members of a small model of many kinds of layers, the same every time."""
    import keras
    import numpy as np
    from keras import layers

    shared = keras.initializers.HeNormal(seed=0)  # an object that Keras shares between layers
    image = keras.Input((16, 16, 3), name="image")
    x = layers.Rescaling(1 / 255, name="scaled")(image)
    x = layers.Conv2D(4, 3, padding="same", kernel_initializer=shared, name="first")(x)
    x = layers.BatchNormalization(name="normal")(x)
    y = layers.SeparableConv2D(4, 3, padding="same", activation="relu", depthwise_initializer=shared, name="second")(x)
    x = layers.MaxPooling2D(name="pool")(layers.Add(name="sum")([x, y]))
    x = layers.UpSampling2D(2, name="larger")(layers.ZeroPadding2D(1, name="border")(x))
    x = layers.Conv2D(6, 3, groups=2, name="grouped")(x)
    x = layers.Dropout(0.1, name="dropout")(layers.GlobalAveragePooling2D(name="mean")(x))
    network = keras.Model(image, layers.Dense(3, activation="softmax", name="answer")(x), name="small")
    rng = np.random.default_rng(0)
    network.set_weights([rng.uniform(0.1, 1, weight.shape) for weight in network.get_weights()])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "small.keras"
        network.save(path)
        with zipfile.ZipFile(path) as archive:
            return {name: archive.read(name) for name in archive.namelist()}


@cache
def oldest_and_newest() -> tuple[bytes, bytes]:
    """The small model's weights in the oldest and the newest HDF5 format."""
    written = []
    for version in ("earliest", "latest"):
        content = io.BytesIO()
        with h5py.File(io.BytesIO(small()[WEIGHTS])) as file, h5py.File(content, "w", libver=version) as copy:
            for name in file:
                file.copy(name, copy)
        written.append(content.getvalue())
    return written[0], written[1]


def with_weights(rng: random.Random, folder: Path) -> tuple[str, Path]:
    """The small model with one to eight bytes of its weights file changed: the file's format and the model's path."""
    way = rng.randrange(2)
    content = bytearray(oldest_and_newest()[way])
    for _ in range(rng.randint(1, 8)):
        # Half of them where the numbers are not: these have no checksum, but do no harm.
        place = rng.choice((rng.randrange(len(content)), rng.randrange(min(2048, len(content)))))
        content[place] = rng.choice((rng.randrange(256), content[place] ^ 1 << rng.randrange(8), 0, 0xFF))
    return ("oldest", "newest")[way], written(folder, {**small(), WEIGHTS: bytes(content)})


def with_configuration(rng: random.Random, folder: Path) -> tuple[str, Path]:
    """The small model with another configuration: what kind of change, and the model's path."""
    config = small()[CONFIG]
    way = rng.choice(("values", "numbers", "shared", "layers"))
    if way == "values":
        config = _other_json(rng, config)
    else:
        root = json.loads(config)
        _CONFIGURATIONS[way](rng, root)
        config = json.dumps(root).encode()
    return way, written(folder, {**small(), CONFIG: config})


def _other_settings(rng: random.Random, root: Any) -> None:
    """Change one to four of the numbers in the layers' settings."""
    places = [place for place in _places(root["config"]["layers"]) if isinstance(place[0][place[1]], int)]
    for holder, key in rng.choices(places, k=rng.randint(1, 4)):
        holder[key] = rng.choice((*NUMBERS, 5, 10, 50, 200, 500, 2000, 20_000))


def _shared_objects(rng: random.Random, root: Any) -> None:
    """Say that objects are one, of which one has other settings."""
    objects = [holder[key] for holder, key in _places(root) if isinstance(holder[key], dict)]
    objects = [each for each in objects if "class_name" in each]
    first, *others = rng.sample(objects, rng.randint(2, 5))
    first["shared_object_id"] = 1
    for other in others:
        other["shared_object_id"] = 1
        if rng.random() < 0.5:
            other["class_name"], other["config"] = first["class_name"], json.loads(json.dumps(first["config"]))
    numbers = [place for place in _places(first) if isinstance(place[0][place[1]], int)]
    if numbers:
        holder, key = rng.choice(numbers)
        holder[key] = rng.choice((10, 150, 1000, 10**6))


def _other_layers(rng: random.Random, root: Any) -> None:
    """Repeat a layer, take its name away, or connect it elsewhere."""
    layers = root["config"]["layers"]
    layer = json.loads(json.dumps(rng.choice(layers)))
    match rng.randrange(4):
        case 0:
            layers += [layer] * rng.choice((1, 10, 100, 1000))
        case 1:
            for number in range(rng.choice((1, 10, 100))):
                layers.append(
                    {**layer, "name": f"more_{number}", "config": {**layer["config"], "name": f"more_{number}"}}
                )
        case 2:
            rng.choice(layers)["inbound_nodes"] = layer.get("inbound_nodes", [])
        case _:
            rng.shuffle(layers)


_CONFIGURATIONS: dict[str, Callable[[random.Random, Any], None]] = {
    "numbers": _other_settings,
    "shared": _shared_objects,
    "layers": _other_layers,
}


def as_archive(rng: random.Random, folder: Path) -> tuple[str, Path]:
    """The small model as a strange zip archive: what is strange, and its path."""
    members = list(small().items())
    way = rng.choice(("method", "size", "members", "head", "many"))
    path = folder / "model.keras"
    method = zipfile.ZIP_DEFLATED
    if way == "method":
        method = rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))
    if way == "members":
        _other_members(rng, members)
    if way == "many":
        members += [
            (rng.choice(("x", METADATA, "assets/y")) + str(number), b"") for number in range(rng.choice((1, 50_000)))
        ]
    if way == "size":
        members = [(name, content + bytes(rng.choice((0, 10, 50_000_000)))) for name, content in members]
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w", method) as archive:
        warnings.simplefilter("ignore")  # of names that are there twice
        for name, content in members:
            archive.writestr(name, content)
    packed = bytearray(path.read_bytes())
    if way == "size":  # what was packed and what it says differ
        for name, _ in members:
            _claim(packed, name.encode(), rng.choice((None, 0, 100, 20_000, 2**31, 2**32 - 1)))
    if way == "head":
        for _ in range(rng.randint(1, 4)):
            begin = packed.find(rng.choice((b"PK\1\2", b"PK\3\4", b"PK\5\6")), rng.randrange(len(packed)))
            place = max(0, begin) + rng.randrange(46)
            if place < len(packed):
                packed[place] = rng.choice((rng.randrange(256), 0, 0xFF))
    path.write_bytes(packed)
    return way, path


def _claim(content: bytearray, name: bytes, size: int | None) -> None:
    """Change the unpacked size of a member, in the list of members and before its contents."""
    for signature, sizes, names in ((b"PK\1\2", 24, 46), (b"PK\3\4", 22, 30)):
        place = content.find(signature)
        while size is not None and place >= 0:
            if content[place + names : place + names + len(name)] == name:
                struct.pack_into("<I", content, place + sizes, size)
            place = content.find(signature, place + 4)


def written(folder: Path, members: dict[str, bytes]) -> Path:
    """A model of these members in the folder: its path."""
    path = folder / "model.keras"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path
