"""HEIC files, also such as no camera writes, for benchmarks/mutations.py and the tests."""

import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pillow_heif
from PIL import Image

ALPHA = "urn:mpeg:hevc:2015:auxid:1"


def encoded(image: Image.Image, **options: Any) -> bytes:
    """The picture as a plain HEIC file. An EXIF orientation becomes a rotation, as in the files of cameras."""
    buffer = io.BytesIO()
    pillow_heif.from_pillow(image).save(buffer, **options)
    return buffer.getvalue()


@dataclass(frozen=True)
class Item:
    """An image in a file. properties: whole boxes. parts: what it is composed of. alpha_of: the image it belongs to."""

    number: int
    kind: bytes
    data: bytes
    properties: tuple[bytes, ...]
    parts: Sequence[int] = ()
    alpha_of: int | None = None


def coded(number: int, image: Image.Image, *properties: bytes, size: tuple[int, int] | None = None) -> Item:
    """A coded image. size: what it states instead of its size."""
    file = encoded(image, quality=50)
    at = file.index(b"hvcC") - 4
    decoder = file[at : at + struct.unpack_from(">I", file, at)[0]]
    data = file[file.rindex(b"mdat") + 4 :]
    return Item(number, b"hvc1", data, (extent(*(size or image.size)), decoder, *properties))


def composed(
    number: int, columns: int, rows: int, size: tuple[int, int], parts: Sequence[int], *properties: bytes
) -> Item:
    """A grid of other images. properties: among them its extent."""
    data = struct.pack(">BBBBII", 0, 1, rows - 1, columns - 1, *size)
    return Item(number, b"grid", data, properties, parts)


def overlay(number: int, size: tuple[int, int], part: int, *properties: bytes) -> Item:
    """A canvas with another image in its corner."""
    return Item(number, b"iovl", struct.pack(">BB4H2I2i", 0, 1, 0, 0, 0, 65535, *size, 0, 0), properties, (part,))


def extent(width: int, height: int) -> bytes:
    """The property that states a size."""
    return _full(b"ispe", struct.pack(">II", width, height))


def rotation(quarters: int) -> bytes:
    """The property that turns an image to the left."""
    return _box(b"irot", bytes([quarters]))


def auxiliary(kind: str = ALPHA) -> bytes:
    """The property that says what an auxiliary image is."""
    return _full(b"auxC", kind.encode() + b"\0")


def heic(*items: Item) -> bytes:
    """A file of these images; the first is the one that is shown. Equal data is written once."""
    kind = _box(b"ftyp", b"heic\0\0\0\0mif1heic")
    data = b"".join(dict.fromkeys(item.data for item in items))
    start = len(kind) + len(_meta(items, data, 0)) + 8
    return kind + _meta(items, data, start) + _box(b"mdat", data)


def _meta(items: Sequence[Item], data: bytes, start: int) -> bytes:
    properties = list(dict.fromkeys(each for item in items for each in item.properties))
    hidden = {part for item in items for part in item.parts}
    entries, places, links, references = b"", b"", b"", b""
    for item in items:
        is_hidden = item.number in hidden or item.alpha_of is not None
        entries += _full(b"infe", struct.pack(">HH4sB", item.number, 0, item.kind, 0), 2, int(is_hidden))
        places += struct.pack(">HHHII", item.number, 0, 1, start + data.index(item.data), len(item.data))
        indices = bytes(properties.index(each) + 1 for each in item.properties)
        links += struct.pack(">HB", item.number, len(indices)) + indices
        if item.parts:
            references += _box(
                b"dimg", struct.pack(f">HH{len(item.parts)}H", item.number, len(item.parts), *item.parts)
            )
        if item.alpha_of is not None:
            references += _box(b"auxl", struct.pack(">HHH", item.number, 1, item.alpha_of))
    count = struct.pack(">H", len(items))
    return _full(
        b"meta",
        _full(b"hdlr", b"\0\0\0\0pict" + bytes(13))
        + _full(b"pitm", struct.pack(">H", items[0].number))
        + _full(b"iinf", count + entries)
        + _full(b"iref", references)
        + _box(b"iprp", _box(b"ipco", b"".join(properties)) + _full(b"ipma", struct.pack(">I", len(items)) + links))
        + _full(b"iloc", b"\x44\0" + count + places),
    )


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + kind + body


def _full(kind: bytes, body: bytes, version: int = 0, flags: int = 0) -> bytes:
    return _box(kind, struct.pack(">I", version << 24 | flags) + body)
