"""HEIC and HEIF for Pillow, by pi_heif."""

import io
from functools import cache
from typing import BinaryIO

from cnngui.core.pictures.by_format.heif_parts import boxes

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
    Raises ValueError or struct.error if the file's boxes are damaged, or too many to look at each.
    """
    content = bytearray(file.read())
    for number, (kind, body) in enumerate(boxes(memoryview(content))):
        if number == MOST_BOXES:
            raise ValueError("too many boxes")
        if kind != b"mdat":  # the pixels, in which the name may occur by chance
            body[:] = body.tobytes().replace(METADATA, b"free")
    return io.BytesIO(content)
