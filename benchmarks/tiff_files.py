"""Writes TIFF files of kinds that Pillow does not write: of any depth, in planes or tiles, of either byte order."""

import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

NONE, DEFLATE = 1, 8  # ways of compression
HORIZONTAL, FLOATING = 2, 3  # predictors
REDUCED: Mapping[int, tuple[int, ...]] = {254: (1,)}  # the tag that says that a page is a thumbnail

_FORMATS = {"u": 1, "i": 2, "f": 3}


@dataclass(frozen=True)
class Page:
    """A page of a TIFF.

    pixels: (height, width, channels) of any type. photometric: 0 and 1 are grey, 2 is RGB, 5 is CMYK. side: of its
    tiles, or 0 for strips of seven rows. extra: ExtraSamples. tags: others, which replace those from above.
    """

    pixels: NDArray[Any]
    photometric: int = 2
    in_planes: bool = False
    side: int = 0
    compression: int = NONE
    predictor: int = 1
    extra: tuple[int, ...] = ()
    tags: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    profile: bytes = b""


def tiff(pages: Page | Sequence[Page], order: str = "<", is_big: bool = False) -> bytes:
    """The contents of a TIFF file. order: of its bytes, "<" or ">". is_big: as BigTIFF."""
    long = "Q" if is_big else "I"
    start = (b"II" if order == "<" else b"MM") + struct.pack(order + "H", 43 if is_big else 42)
    content = start + (struct.pack(order + "HH", 8, 0) if is_big else b"")
    place_of_next = len(content)
    content += bytes(8 if is_big else 4)
    for page in [pages] if isinstance(pages, Page) else pages:
        tags, data, profile = _tags(page, order)
        offsets = [len(content) + sum(map(len, data[:number])) for number in range(len(data))]
        content += b"".join(data)
        tags[324 if page.side else 273] = tuple(offsets)
        tags[325 if page.side else 279] = tuple(map(len, data))
        if profile:
            tags[34_675] = tuple(profile)
        tags |= page.tags
        content += bytes(len(content) % 2)
        link = struct.pack(order + long, len(content))
        content = content[:place_of_next] + link + content[place_of_next + len(link) :]
        content += _directory(tags, len(content), order, is_big)
        place_of_next = len(content) - _length_of_values(tags, is_big) - len(link)
    return content


def _tags(page: Page, order: str) -> tuple[dict[int, tuple[int, ...]], list[bytes], bytes]:
    height, width, channels = page.pixels.shape
    tags = {
        256: (width,),
        257: (height,),
        258: (page.pixels.dtype.itemsize * 8,) * channels,
        259: (page.compression,),
        262: (page.photometric,),
        277: (channels,),
        284: (2 if page.in_planes else 1,),
        317: (page.predictor,),
        339: (_FORMATS[page.pixels.dtype.kind],) * channels,
    }
    if page.extra:
        tags[338] = page.extra
    tags |= {322: (page.side,), 323: (page.side,)} if page.side else {278: (7,)}
    planes = np.split(page.pixels, channels, 2) if page.in_planes else [page.pixels]
    return tags, [_packed(part, page, order) for plane in planes for part in _parts(plane, page.side)], page.profile


def _parts(plane: NDArray[Any], side: int) -> list[NDArray[Any]]:
    """Strips of seven rows, or tiles of this side."""
    if not side:
        return [plane[top : top + 7] for top in range(0, len(plane), 7)]
    height, width, _ = plane.shape
    padded = np.pad(plane, ((0, -height % side), (0, -width % side), (0, 0)))
    rows, columns = range(0, height, side), range(0, width, side)
    return [padded[top : top + side, left : left + side] for top in rows for left in columns]


def _packed(part: NDArray[Any], page: Page, order: str) -> bytes:
    size, channels = part.dtype.itemsize, part.shape[2]
    if page.predictor == HORIZONTAL:
        numbers = part.view(f"u{size}")
        part = np.concatenate([numbers[:, :1], np.diff(numbers, axis=1)], 1)
    if page.predictor == FLOATING:
        planes = part.astype(f">f{size}").view(np.uint8).reshape(len(part), -1, size).swapaxes(1, 2)
        planes = planes.reshape(len(part), -1, channels)
        part = np.concatenate([planes[:, :1], np.diff(planes, axis=1)], 1)
    data = part.astype(f"{order}{part.dtype.kind}{part.dtype.itemsize}").tobytes()
    return zlib.compress(data) if page.compression == DEFLATE else data


def _directory(tags: dict[int, tuple[int, ...]], place: int, order: str, is_big: bool) -> bytes:
    long, count = ("Q", "Q") if is_big else ("I", "H")
    size = struct.calcsize(long)
    entries, values = b"", b""
    behind = place + struct.calcsize(count) + len(tags) * (4 + 2 * size) + size
    for tag, numbers in sorted(tags.items()):
        kind, code = (1, "B") if tag == 34_675 else (16 if is_big else 4, long)
        packed = struct.pack(f"{order}{len(numbers)}{code}", *numbers)
        if len(packed) > size:
            packed, values = struct.pack(order + long, behind + len(values)), values + packed
        entries += struct.pack(f"{order}HH{long}", tag, kind, len(numbers)) + packed.ljust(size, b"\0")
    return struct.pack(order + count, len(tags)) + entries + bytes(size) + values


def _length_of_values(tags: dict[int, tuple[int, ...]], is_big: bool) -> int:
    size = 8 if is_big else 4
    lengths = (len(numbers) * (1 if tag == 34_675 else size) for tag, numbers in tags.items())
    return sum(length for length in lengths if length > size)
