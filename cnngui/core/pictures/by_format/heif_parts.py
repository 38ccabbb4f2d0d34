"""How much there is to decode in a HEIC or HEIF file.

Its decoder, libheif, limits each coded image, but not what is composed of them. Grids of grids multiply: four levels in
3 kB take 17 s. And it compares the size that a composed image states with the real one only at the end.
The boxes are those of ISO/IEC 14496-12 and 23008-12.
"""

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

_ALPHA = (b"urn:mpeg:hevc:2015:auxid:1\0", b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0")  # decoded with its image


@dataclass
class _Item:
    """A part of the file: an image, or data about images.

    area: in pixels, as stated; infinite if it is not stated, or need not be true. parts: the images that it is composed
    of. auxiliaries: masks, depth maps and the like that belong to it.
    """

    area: float = math.inf
    is_alpha: bool = False
    parts: list[int] = field(default_factory=list)
    auxiliaries: list[int] = field(default_factory=list)


def pixels_to_decode(contents: bytes) -> float:
    """The pixels that decoding an image of the file takes: its own, those of its parts and of their alpha.

    contents: a file that the decoder has opened. Returns the most that any image of it takes; infinite if an image does
    not state its size. Raises ValueError, LookupError, struct.error or RecursionError if the file is damaged.
    """
    items = _items(memoryview(contents))
    totals: dict[int, float] = {}

    def total(number: int) -> float:
        if number not in totals:
            item = items.get(number, _Item())
            alphas = (other for other in item.auxiliaries if items[other].is_alpha)
            totals[number] = item.area + sum(map(total, [*item.parts, *alphas]))
        return totals[number]

    return max((total(number) for number, item in items.items() if item.parts or item.area < math.inf), default=0)


def _items(contents: memoryview) -> dict[int, _Item]:
    items: dict[int, _Item] = {}
    properties: list[tuple[bytes, memoryview]] = []
    for meta in _inside(contents, b"meta"):
        for references in _inside(meta[4:], b"iref"):
            _note_references(references, items)
        for group in _inside(meta[4:], b"iprp"):
            properties += [each for container in _inside(group, b"ipco") for each in boxes(container)]
            for associations in _inside(group, b"ipma"):
                _note_properties(associations, properties, items)
        for information in _inside(meta[4:], b"iinf"):
            _distrust_overlays(information, items)
    return items


def _note_references(box: memoryview, items: dict[int, _Item]) -> None:
    width = "I" if box[0] else "H"
    for kind, body in boxes(box[4:]):
        size = struct.calcsize(width)
        origin, count = struct.unpack_from(f">{width}H", body)
        targets = struct.unpack_from(f">{count}{width}", body, size + 2)
        if kind == b"dimg":  # from a composed image to its parts
            items.setdefault(origin, _Item()).parts += targets
        elif kind == b"auxl":
            for target in targets:
                items.setdefault(origin, _Item())
                items.setdefault(target, _Item()).auxiliaries.append(origin)


def _note_properties(box: memoryview, properties: list[tuple[bytes, memoryview]], items: dict[int, _Item]) -> None:
    number_width, index_width = "I" if box[0] else "H", "H" if box[3] & 1 else "B"
    (count,) = struct.unpack_from(">I", box, 4)
    at = 8
    for _ in range(count):
        number, indices = struct.unpack_from(f">{number_width}B", box, at)
        at += struct.calcsize(f">{number_width}B")
        for index in struct.unpack_from(f">{indices}{index_width}", box, at):
            index &= 0x7FFF if index_width == "H" else 0x7F  # the first bit says whether it is essential
            if index:
                kind, body = properties[index - 1]
                _note_property(kind, body, items.setdefault(number, _Item()))
        at += struct.calcsize(f">{indices}{index_width}")


def _note_property(kind: bytes, body: memoryview, item: _Item) -> None:
    if kind == b"ispe":
        width, height = struct.unpack_from(">II", body, 4)
        item.area = width * height if item.area == math.inf else max(item.area, width * height)
    elif kind == b"auxC":
        item.is_alpha |= bytes(body[4:]).startswith(_ALPHA)


def _distrust_overlays(box: memoryview, items: dict[int, _Item]) -> None:
    """The size of an overlay need not be that of its parts. No camera writes overlays."""
    for entry in _inside(box[8 if box[0] else 6 :], b"infe"):
        if entry[0] >= 2:
            number, _, kind = struct.unpack_from(">HH4s" if entry[0] == 2 else ">IH4s", entry, 4)
            if kind == b"iovl":
                items.setdefault(number, _Item()).area = math.inf


def _inside(data: memoryview, wanted: bytes) -> Iterator[memoryview]:
    return (body for kind, body in boxes(data) if kind == wanted)


def boxes(data: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    """The boxes in there: their kinds and what they hold. Raises ValueError or struct.error if one is damaged."""
    at = 0
    while at + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        header = 8
        if size == 1:  # a large one
            (size,) = struct.unpack_from(">Q", data, at + 8)
            header = 16
        elif size == 0:  # the last one
            size = len(data) - at
        if size < header:
            raise ValueError("a box that is too short")
        yield kind, data[at + header : at + size]
        at += size
