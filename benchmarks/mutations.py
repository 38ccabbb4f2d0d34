"""Damaged pictures for benchmarks/fuzz.py and the tests. The same random numbers give the same damage."""

import io
import random
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image, features

from benchmarks import heif_files, icc_files
from benchmarks.tiff_files import DEFLATE, FLOATING, HORIZONTAL, NONE, REDUCED, Page, tiff

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
            *(
                (scene, {"icc_profile": icc_files.display()}),
                (scene.convert("CMYK"), {"icc_profile": icc_files.press()}),
            ),
        ],
        "MPO": [(scene, {"save_all": True, "append_images": [grey]})],
        "PNG": [
            *((image, {}) for image in (scene, clear, indexed, grey, grey.convert("LA"), bits, deep)),
            *((indexed, {"transparency": 3}), (scene, {"exif": sideways}), (scene, frames)),
            *((scene, {"icc_profile": icc_files.display()}), (grey, {"icc_profile": icc_files.grey(1.0)})),
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
    pictures["TIFF"] += _tiffs(np.asarray(scene))
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


def _tiffs(levels: NDArray[np.uint8]) -> list[bytes]:
    """Of more than 8 bits a channel, in several ways, and of several pages."""
    deep, real = levels.astype(np.uint16) * 257, (levels / 255).astype(np.float32)
    alpha = np.concatenate([deep, deep[..., :1]], -1)
    thumbnail = Page(levels[::9, ::9], tags=REDUCED)
    return [
        *(
            tiff(Page(deep, in_planes=in_planes, compression=way))
            for in_planes in (False, True)
            for way in (NONE, DEFLATE)
        ),
        tiff(Page(deep, 2, True, 64, DEFLATE, HORIZONTAL), ">"),
        tiff(Page(real, 2, False, 32, DEFLATE, FLOATING)),
        tiff(Page(alpha, in_planes=True, extra=(2,), profile=icc_files.display())),
        tiff(Page((deep[..., :1] // 16 - 500).astype(np.int16), 0), ">", is_big=False),
        tiff([thumbnail, Page(np.zeros_like(levels)), Page(deep), thumbnail], is_big=True),
    ]


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
