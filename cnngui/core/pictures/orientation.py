"""How a picture must be turned to stand upright, as its EXIF or XMP data says.

Pillow's own ``exif_transpose`` reads and writes all of the EXIF data, in which 64 kB may claim gigabytes.
"""

import re
import struct

from PIL import ExifTags, Image

TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What the numbers of EXIF's orientation ask for; 1 and any other ask for nothing."""

_FORMS = {1: "B", 3: "H", 4: "I"}  # of a number, by TIFF's types
_XMP = re.compile(rb'tiff:Orientation(?:="|>)([0-9])')


def orientation(image: Image.Image) -> int:
    """EXIF's number for the orientation; 1 if nothing says so.

    image: a loaded picture. Pillow has turned a TIFF by then.
    Raises struct.error, LookupError or ValueError if its EXIF data is damaged.
    """
    exif, xmp = _exif(image), image.info.get("XML:com.adobe.xmp") or image.info.get("xmp") or b""
    found = _in_exif(exif) if exif else None
    if found is None and (match := _XMP.search(xmp.encode() if isinstance(xmp, str) else xmp)):
        found = int(match[1])
    return found if isinstance(found, int) else 1


def _exif(image: Image.Image) -> bytes:
    exif = image.info.get("exif", b"")
    if not exif and (text := image.info.get("Raw profile type exif")):  # as ImageMagick writes it into PNG files
        exif = bytes.fromhex("".join(text.split("\n")[3:]))
    return bytes(exif)


def _in_exif(exif: bytes) -> int | None:
    """The orientation in the first directory; None if there is none."""
    exif = exif.removeprefix(b"Exif\0\0")
    order = {b"II": "<", b"MM": ">"}[exif[:2]]
    (first,) = struct.unpack_from(order + "I", exif, 4)
    (entries,) = struct.unpack_from(order + "H", exif, first)
    for place in range(first + 2, first + 2 + 12 * entries, 12):
        tag, kind, count = struct.unpack_from(order + "HHI", exif, place)
        if tag == ExifTags.Base.Orientation and count == 1 and kind in _FORMS:
            return int(struct.unpack_from(order + _FORMS[kind], exif, place + 8)[0])
    return None
