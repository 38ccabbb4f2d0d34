"""PNG files of 16 bits a channel.

Of colours and of grey with alpha, Pillow keeps the upper 8: too few where a camera of 10, 12 or 14 bits has left the
upper ones empty, or to tell which pixels have the colour that stands for transparency.
"""

import io
import struct
import zlib
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile

from cnngui.core.pictures import depth

# Pillow's names of the big-endian values that it takes the upper bytes of, and of their lower bytes
_LOWER = {"RGB;16B": "RGB;16L", "RGBA;16B": "RGBA;16L"}
_GREY_WITH_ALPHA = "LA;16B"  # whose lower bytes it does not give
_EMPTY_BITS = 0x3F  # the highest upper byte of values of 14 bits
_MOST_BYTES = 150_000_000  # of a file with grey and alpha: four for each pixel that is decoded at most
_HEADER = slice(8, 33)  # the chunk IHDR, with its length and checksum
_RGBA_OF_8_BITS = b"\x08\x06"  # its depth and kind of colours


def has_upper_bytes(image: Image.Image) -> bool:
    """Whether loading this opened PNG gives the upper bytes of its values, mode RGB or RGBA."""
    return image.format == "PNG" and _stored(image) in (_GREY_WITH_ALPHA, *_LOWER)


def needs_lower_bytes(image: Image.Image) -> bool:
    """Whether its values have 14 bits at most, or one stands for transparency. image: the loaded upper bytes."""
    return "transparency" in image.info or all(most <= _EMPTY_BITS for _, most in depth.ranges(image)[:3])


def with_lower_bytes(image: Image.Image, file: BinaryIO) -> Image.Image:
    """The loaded picture in its file, scaled as :func:`depth.to_8_bits` says; on white."""
    values = _values(image, file)
    if values is None:
        return image
    number = 1 if values.shape[2] == 2 else 3
    colours, alpha = depth.to_8_bits(values[..., :number]), depth.to_8_bits(values[..., number:])
    if "transparency" in image.info:
        is_opaque = (values != np.array(image.info["transparency"], np.uint16)).any(2, keepdims=True)
        alpha = is_opaque.astype(np.uint8) * np.uint8(255)
    found = depth.flattened(np.concatenate([colours, alpha], 2) if alpha.size else colours)
    found.info = dict(image.info)
    found.info.pop("transparency", None)
    return found


def _stored(image: Image.Image) -> object:
    """Pillow's name of how the values of an opened picture are stored."""
    tiles = image.tile if isinstance(image, ImageFile.ImageFile) else []
    return tiles[0].args if tiles else None


def _values(image: Image.Image, file: BinaryIO) -> NDArray[np.uint16] | None:
    """All 16 bits of a file's values, of which the loaded picture has the upper ones: (height, width, channels).

    None if the file is too long to be held.
    """
    file.seek(0)
    with Image.open(file, formats=("PNG",)) as lower:
        stored = _stored(lower)
        if stored not in _LOWER:
            return _grey_with_alpha(file)
        lower.tile = [tile._replace(args=_LOWER[stored]) for tile in lower.tile]
        lower.load()
        values: NDArray[np.uint16] = np.left_shift(np.asarray(image), 8, dtype=np.uint16)
        values |= np.asarray(lower)
    return values


def _grey_with_alpha(file: BinaryIO) -> NDArray[np.uint16] | None:
    """All 16 bits of grey with alpha: (height, width, 2); None if the file is too long to be held.

    Pillow does not give their lower bytes. So it reads a copy that says that the four bytes are those of RGBA.
    """
    file.seek(0)
    content = bytearray(file.read(_MOST_BYTES + 1))
    if len(content) > _MOST_BYTES:
        return None
    header = content[_HEADER]
    header[16:18] = _RGBA_OF_8_BITS
    header[21:] = struct.pack(">I", zlib.crc32(header[4:21]))
    content[_HEADER] = header
    with Image.open(io.BytesIO(content), formats=("PNG",)) as image:
        values: NDArray[np.uint16] = np.asarray(image).view(">u2").astype(np.uint16)
    return values
