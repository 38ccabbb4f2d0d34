"""JPEG 2000: smaller versions within a file, and colours of 16 bits a channel, of which Pillow keeps the upper 8."""

import re
import struct
from typing import BinaryIO

from PIL import Image, Jpeg2KImagePlugin

from cnngui.core.pictures import depth

# Marker segments (ITU-T T.800, A.5.1 and A.6.1): with the size and the channels, and with how often it is halved.
_SIZ = re.compile(rb"\xff\x51\0.{37}", re.DOTALL)
_COD = re.compile(rb"\xff\x52\0[\x0c-\x2d].{5}(.)", re.DOTALL)
_16_BITS = 15
_HEADERS = 1 << 20  # bytes, in which the size stands
_WHITES = (255, 1023, 4095, 16_383)  # of values that leave upper bits empty


def leave_out_resolutions(image: Jpeg2KImagePlugin.Jpeg2KImageFile, file: BinaryIO, min_side: int) -> None:
    """Decode it at a half, a quarter or an eighth of its size, if it holds that, as a JPEG."""
    place = file.tell()
    file.seek(0)
    levels = [match[1][0] for match in _COD.finditer(file.read())]
    file.seek(place)
    fitting = next((times for times in (3, 2, 1) if min(image.size) >= min_side << times), 0)
    image.reduce = min([fitting, *levels])


def has_upper_bytes(image: Image.Image, file: BinaryIO) -> bool:
    """Whether loading this opened JPEG 2000 gives the upper bytes of its values."""
    if image.format != "JPEG2000" or image.mode not in ("LA", "RGB", "RGBA"):
        return False
    place = file.tell()
    file.seek(0)
    content = file.read(_HEADERS)
    file.seek(place)
    if not (match := _SIZ.search(content)):
        return False
    (channels,) = struct.unpack(">H", match[0][-2:])
    return set(content[match.end() : match.end() + 3 * channels : 3]) == {_16_BITS}


def scaled(image: Image.Image) -> Image.Image:
    """Upper bytes, loaded, scaled by the first usual white of values of 16 bits that none exceeds.

    What they lack is lost: of 12 bits, 16 levels are left.
    """
    bands, ranges = image.split(), depth.ranges(image)
    colours = 1 if image.mode == "LA" else 3
    scales = [_scale(max(most for _, most in part)) for part in (ranges[:colours], ranges[colours:]) if part]
    changed = [
        band.point([min(255, round(level * scales[number >= colours])) for level in range(256)])
        for number, band in enumerate(bands)
    ]
    found = Image.merge(image.mode, changed)
    found.info = dict(image.info)
    return found


def _scale(highest: int) -> float:
    return next((255 * 256 / white for white in _WHITES if highest <= round(white / 256)), 1.0)
