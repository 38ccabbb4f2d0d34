"""Damaged pictures and models for benchmarks/fuzz.py and the tests. The same random numbers give the same damage."""

import io
import json
import random
import shutil
import struct
import tempfile
import warnings
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif
from PIL import Image, features

from benchmarks import heif_files
from cnngui import paths
from cnngui.core.models.archive import CONFIG, WEIGHTS

SIZE = (203, 151)  # of the drawn pictures: numbers that stand for nothing else in their files
EXTREMES = (0, 1, 2, 7, 0x7F, 0xFF, 0x7FFF, 10_000, 0xFFFF, 0x10000, 10**6, 0x7FFFFFFF, 0xFFFFFFFF)

PNG_HEAD = b"\x89PNG\r\n\x1a\n"


def samples(large: bool = True) -> dict[str, list[bytes]]:
    """Undamaged pictures by format: every accepted format, in the modes and compressions that Pillow writes."""
    scene = _scene(SIZE)
    indexed = scene.convert("P", palette=Image.Palette.ADAPTIVE)
    clear = scene.convert("RGBA")
    clear.putalpha(scene.convert("L"))
    frames = {"save_all": True, "append_images": [scene.rotate(90), scene.rotate(180)]}
    sideways = Image.Exif()
    sideways[0x0112] = 6
    grey, bits = scene.convert("L"), scene.convert("1")
    deep = Image.fromarray(np.asarray(grey, np.uint16) * 257)
    real = Image.fromarray(np.asarray(grey, np.float32) / 255)
    ways: dict[str, list[tuple[Image.Image, dict[str, Any]]]] = {
        "JPEG": [
            *((scene, {}), (grey, {}), (scene, {"progressive": True, "quality": 95, "subsampling": 0})),
            *((scene.convert("CMYK"), {}), (scene, {"exif": sideways}), (scene, {"restart_marker_rows": 1})),
        ],
        "MPO": [(scene, {"save_all": True, "append_images": [grey]})],
        "PNG": [
            *((image, {}) for image in (scene, clear, indexed, grey, grey.convert("LA"), bits, deep)),
            *((indexed, {"transparency": 3}), (scene, {"exif": sideways}), (scene, frames)),
        ],
        "GIF": [(indexed, {}), (indexed, {"transparency": 3, "interlace": 0}), (scene, frames), (bits, {})],
        "WEBP": [(scene, {}), (clear, {}), (clear, {"lossless": True}), (scene, frames), (scene, {"exif": sideways})],
        "BMP": [(image, {}) for image in (scene, clear, indexed, grey, bits)],
        "TIFF": [
            *((image, {}) for image in (scene, clear, indexed, grey, bits, deep, real, scene.convert("CMYK"))),
            *((scene.convert("LAB"), {}), (scene, frames), (scene, {"exif": sideways})),
            *((scene, {"compression": way}) for way in ("tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg", "zstd")),
            *((deep, {"compression": "tiff_lzw"}), (bits, {"compression": "group4"}), (grey, {"compression": "lzma"})),
        ],
        "AVIF": [(scene, {}), (clear, {}), (grey, {}), (scene, frames), (scene, {"exif": sideways})],
        "JPEG2000": [
            *((image, {}) for image in (scene, clear, grey, deep)),
            *((scene, {"no_jp2": True}), (scene, {"irreversible": True, "tile_size": (64, 64)})),
        ],
        "ICO": [(clear, {}), (clear, {"bitmap_format": "bmp", "sizes": [(32, 32), (64, 48)]})],
        "PPM": [(image, {}) for image in (scene, grey, bits, deep, real)],
    }
    if not features.check("avif"):
        del ways["AVIF"]
    pictures = {name: [_encoded(image, name, way) for image, way in images] for name, images in ways.items()}
    for name, content in pictures.items():
        content.append(_encoded(Image.new("RGB", (1, 1), "red"), name, {}))
        if large:
            content.append(_encoded(_scene((2030, 1510)), name, {}))
    pictures["HEIF"] = _heifs(scene, clear, grey, sideways, large)
    pictures["PPM"] += [b"P3\n203 2\n255\n" + b"9 200 7 " * 406, b"P2\n203 2\n9\n" + b"4 " * 406, b"P1\n8 1\n01011100"]
    return pictures


def picture(rng: random.Random, pictures: dict[str, list[bytes]]) -> tuple[str, bytes]:
    """One of the pictures, damaged in a few ways: its format and the contents of its file."""
    name = rng.choice(list(pictures))
    content = bytearray(rng.choice(pictures[name]))
    other = rng.choice(pictures[rng.choice(list(pictures))])
    for _ in range(rng.choice((1, 1, 2, 4))):
        rng.choice(DAMAGES)(rng, content, other)
    if rng.random() < 0.7:  # a wrong checksum would hide what else is wrong
        content = _with_checksums(content)
    return name, bytes(content)


def _scene(size: tuple[int, int]) -> Image.Image:
    """A smooth picture with some noise: many colours, and something to compress."""
    rng = np.random.default_rng(0)
    corners = Image.fromarray(rng.integers(0, 256, (4, 5, 3), np.uint8))
    smooth = np.asarray(corners.resize(size, Image.Resampling.BICUBIC), np.int16)
    return Image.fromarray((smooth + rng.integers(-9, 10, smooth.shape)).clip(0, 255).astype(np.uint8))


def _encoded(image: Image.Image, name: str, way: dict[str, Any]) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, name, **way)
    return buffer.getvalue()


def _heifs(scene: Image.Image, clear: Image.Image, grey: Image.Image, sideways: Image.Exif, large: bool) -> list[bytes]:
    tile = heif_files.coded(2, scene.crop((0, 0, 128, 128)))
    tiles = [replace(tile, number=number) for number in (2, 3, 4, 5)]
    parts = [each.number for each in tiles]
    grid = heif_files.composed(1, 2, 2, SIZE, parts, heif_files.extent(*SIZE), heif_files.rotation(1))
    deep = pillow_heif.from_bytes("RGB;16", scene.size, (np.asarray(scene, np.uint16) * 257).tobytes())
    buffer = io.BytesIO()
    deep.save(buffer)
    return [
        *(heif_files.encoded(image) for image in (scene, clear, grey, Image.new("RGB", (64, 64), "red"))),
        heif_files.encoded(scene, exif=sideways.tobytes()),
        heif_files.heic(grid, *tiles),
        buffer.getvalue(),
        *([heif_files.encoded(_scene((2030, 1510)))] if large else []),
    ]


# Damage: each changes the contents in place; ``other`` is another picture.


def _bytes(rng: random.Random, content: bytearray, other: bytes) -> None:
    for _ in range(min(len(content), rng.choice((1, 3, 30)))):
        content[rng.randrange(len(content))] = rng.randrange(256)


def _bits(rng: random.Random, content: bytearray, other: bytes) -> None:
    for _ in range(min(len(content), rng.choice((1, 3, 30)))):
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)


def _head(rng: random.Random, content: bytearray, other: bytes) -> None:
    """Replace a number in the first bytes, where most of the structure is."""
    value, width = rng.choice(EXTREMES), rng.choice((1, 2, 4))
    begin = rng.randrange(min(len(content), rng.choice((32, 128, 1024))) + 1)
    content[begin : begin + width] = (value % 256**width).to_bytes(width, rng.choice(("big", "little")))


def _size(rng: random.Random, content: bytearray, other: bytes) -> None:
    """Replace the picture's width or height by an extreme number, wherever it occurs."""
    told, value = rng.choice(SIZE), rng.choice(EXTREMES)
    for form in (">H", "<H", ">I", "<I", "text"):
        for less in (0, 1):  # WebP writes one less
            old = str(told).encode() if form == "text" else struct.pack(form, told - less)
            new = str(value).encode() if form == "text" else struct.pack(form, value % 256 ** len(old))
            begin = content.find(old, 0, 2000)
            if begin >= 0:
                content[begin : begin + len(old)] = new


def _cut(rng: random.Random, content: bytearray, other: bytes) -> None:
    del content[rng.randrange(len(content) + 1) :]


def _removed(rng: random.Random, content: bytearray, other: bytes) -> None:
    begin = rng.randrange(len(content) + 1)
    del content[begin : begin + rng.randint(1, 1000)]


def _inserted(rng: random.Random, content: bytearray, other: bytes) -> None:
    begin = rng.randrange(len(content) + 1)
    content[begin:begin] = rng.randbytes(rng.choice((1, 10, 1000)))


def _doubled(rng: random.Random, content: bytearray, other: bytes) -> None:
    begin, end = sorted(rng.randrange(len(content) + 1) for _ in range(2))
    content[begin:begin] = content[begin:end]


def _swapped(rng: random.Random, content: bytearray, other: bytes) -> None:
    one, two, three = sorted(rng.randrange(len(content) + 1) for _ in range(3))
    content[one:three] = content[two:three] + content[one:two]


def _joined(rng: random.Random, content: bytearray, other: bytes) -> None:
    content[rng.randrange(len(content) + 1) :] = other[rng.choice((0, rng.randrange(len(other)))) :]


DAMAGES: tuple[Callable[[random.Random, bytearray, bytes], None], ...] = (
    *(_bytes, _bits, _head, _size, _cut, _removed, _inserted, _doubled, _swapped, _joined),
)


def _with_checksums(content: bytearray) -> bytearray:
    """A PNG file with the right checksums for its chunks; any other file as it is."""
    begin = len(PNG_HEAD)
    while content.startswith(PNG_HEAD) and begin + 12 <= len(content):
        end = begin + 8 + int.from_bytes(content[begin : begin + 4], "big")
        if end + 4 > len(content):
            break
        content[end : end + 4] = struct.pack(">I", zlib.crc32(content[begin + 4 : end]))
        begin = end + 4
    return content


# Models

FUNCTIONAL = "keras.src.models.functional"
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
# What an attacker would make: each function writes one to a folder; its path.


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
    """A model of one layer, with a card, without weights."""
    inputs = {"module": "keras.layers", "class_name": "InputLayer", "config": {"batch_shape": [None, side, side, 3]}}
    layers = [inputs, layer or {"module": "keras.layers", "class_name": "Flatten", "config": {}}]
    config = {"module": "keras", "class_name": "Sequential", "config": {"name": "model", "layers": layers}}
    path = folder / "model.keras"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {CONFIG: json.dumps(config).encode(), WEIGHTS: b"", **(members or {})}.items():
            archive.writestr(name, content)
    return _with_card(path)


def _with_card(path: Path) -> Path:
    shutil.copy(paths.shipped_model().with_suffix(".json"), path.with_suffix(".json"))
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
}
