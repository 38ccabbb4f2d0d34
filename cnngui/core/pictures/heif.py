"""HEIC and HEIF for Pillow, by pi_heif."""

import io
import struct
from functools import cache
from typing import BinaryIO

MOST_BOXES = 1000  # at the top level; photographs have three or four
METADATA = b"cdsc"  # the reference from an EXIF or XMP block to its image


@cache
def register() -> None:
    """Teach Pillow to read HEIC and HEIF. pi_heif decodes upright; there is no EXIF orientation to follow then."""
    import pi_heif  # not above: it takes up to 0.1 s

    pi_heif.register_heif_opener()


def without_metadata(file: BinaryIO) -> BinaryIO:
    """A copy of a HEIC or HEIF file, in memory, with its EXIF and XMP data detached from the image.

    pi_heif 1.4.0 crashes the process where such data is damaged (found by benchmarks/fuzz.py), and nothing here needs
    it. Remove when that is mended.
    Raises ValueError if the file has too many boxes to look at each.
    """
    content = bytearray(file.read())
    for begin, end in _boxes(content):
        if content[begin + 4 : begin + 8] != b"mdat":  # the pixels, in which the name may occur by chance
            content[begin:end] = content[begin:end].replace(METADATA, b"free")
    return io.BytesIO(content)


def _boxes(content: bytearray) -> list[tuple[int, int]]:
    """The begin and end of each box at the top level; the rest of the file, if a size makes no sense, is one.

    Raises ValueError if there are more than MOST_BOXES.
    """
    boxes: list[tuple[int, int]] = []
    begin = 0
    while begin + 8 <= len(content):
        if len(boxes) == MOST_BOXES:
            raise ValueError("too many boxes")
        (size,) = struct.unpack_from(">I", content, begin)
        if size == 1 and begin + 16 <= len(content):
            (size,) = struct.unpack_from(">Q", content, begin + 8)
        end = begin + size if 8 <= size <= len(content) - begin else len(content)
        boxes.append((begin, end))
        begin = end
    return [*boxes, (begin, len(content))]
