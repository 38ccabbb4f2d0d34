"""PPM files of 16 bits a channel.

Pillow keeps the upper 8, too few where a camera of 10, 12 or 14 bits has left the upper ones empty, and takes them one
by one in Python.
"""

from typing import BinaryIO, TypeGuard

import numpy as np
from PIL import Image, ImageFile

from cnngui.core.pictures import depth

_BINARY = ("ppm", ("RGB", 65_535))  # Pillow's names of the decoder and of its values


def is_16_bit(image: Image.Image) -> TypeGuard[ImageFile.ImageFile]:
    """Whether this opened picture is a binary PPM of 16 bits a channel."""
    tiles = image.tile if image.format == "PPM" and isinstance(image, ImageFile.ImageFile) else []
    return [(tile.codec_name, tile.args) for tile in tiles] == [_BINARY]


def read(image: ImageFile.ImageFile, file: BinaryIO) -> Image.Image:
    """The picture that was opened from the file, scaled as :func:`depth.to_8_bits` says.

    Raises ValueError if the file is cut short.
    """
    file.seek(image.tile[0].offset)
    shape = (image.height, image.width, 3)
    values = np.frombuffer(file.read(2 * image.width * image.height * 3), ">u2").reshape(shape)
    return Image.fromarray(depth.to_8_bits(values))
