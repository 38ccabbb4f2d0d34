"""PNG files of 16 bits a channel in colour.

Pillow keeps the upper 8: too few of them where a camera of 10, 12 or 14 bits has left the upper ones empty.
"""

from typing import BinaryIO

import numpy as np
from PIL import Image, ImageFile

from cnngui.core.pictures import depth

_UPPER, _LOWER = ";16B", ";16L"  # Pillow's names of the bytes of big-endian values that it takes
_READABLE = ("RGB", "RGBA")  # whose lower bytes it can take
_EMPTY_BITS = 0x3F  # the highest upper byte of values of 14 bits


def has_upper_bytes(image: Image.Image) -> bool:
    """Whether loading this opened PNG gives the upper bytes of its values."""
    tiles = image.tile if isinstance(image, ImageFile.ImageFile) else []
    return image.format == "PNG" and image.mode in _READABLE and any(tile.args == image.mode + _UPPER for tile in tiles)


def are_low(image: Image.Image) -> bool:
    """Whether the values of a loaded picture, of which these are the upper bytes, have 14 bits at most."""
    return all(most <= _EMPTY_BITS for _, most in depth.ranges(image)[:3])


def with_lower_bytes(image: Image.Image, file: BinaryIO) -> Image.Image:
    """The loaded picture in its file, scaled as :func:`depth.to_8_bits` says; on white."""
    file.seek(0)
    with Image.open(file, formats=("PNG",)) as lower:
        lower.tile = [tile._replace(args=image.mode + _LOWER) for tile in lower.tile]
        lower.load()
        values = np.asarray(image).astype(np.uint16) << 8
        values |= np.asarray(lower)
    colours, alpha = depth.to_8_bits(values[..., :3]), values[..., 3:]
    pixels = np.concatenate([colours, depth.to_8_bits(alpha)], 2) if alpha.size else colours
    found = depth.flattened(pixels)
    found.info = dict(image.info)
    found.info.pop("transparency", None)
    return found
