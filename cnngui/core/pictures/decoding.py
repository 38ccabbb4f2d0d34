"""Decoding: from a picture file to RGB pixels, upright and flattened onto white."""

import io
import logging
import os
import re
import warnings
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, Jpeg2KImagePlugin

from cnngui.core import reading
from cnngui.core.errors import UserError
from cnngui.core.pictures import formats, heif
from cnngui.core.pictures.heif_parts import pixels_to_decode
from cnngui.core.pictures.orientation import TURNS, orientation

Source = Path | bytes
"""A picture: the path of its file, or the file's contents (from the clipboard, from a web page)."""

MAX_PIXELS = 110_000_000
"""Pictures with more pixels are refused before they are decoded: a file of a few kilobytes may claim any size.

The largest photographs from phones have 108 megapixels. They are JPEGs, which are shrunk while they are decoded.
"""

MAX_DECODED = 35_000_000
"""Pictures that are not shrunk while they are decoded are refused if they have more pixels than this.

WebP with transparency needs the most memory: up to 27 bytes per pixel, 0.96 GB in total.
"""

MAX_HEIF = 55_000_000
"""The same for HEIC and HEIF, which need 8 bytes per pixel, or 16 with transparency.

The largest photographs from iPhones have 49 megapixels. They are composed of tiles; together, both may have twice as
many pixels.
"""

MAX_HELD = 100_000_000
"""WebP, AVIF and HEIC files, which are held in memory as a whole, are refused if they have more bytes than this."""

TOO_LONG = "The picture takes too long to decode, or too much memory. Save it with another program, then open that."
NO_PICTURE = "Not a readable picture. Supported: JPEG, PNG, GIF, WebP, HEIC, BMP, TIFF and AVIF."
NO_MEMORY = "Not enough memory for this picture. Open a smaller version of it."
MISSING = "The file does not exist. It may have been moved or renamed."
FORBIDDEN = "You do not have permission to read this file. Ask its owner for access."
OUT_OF_REACH = (MISSING, FORBIDDEN)
DAMAGED = "The picture is damaged or incomplete. Copy or download it again."

# The marker segment of a JPEG 2000 with the number of times that its picture is halved (ITU-T T.800, A.6.1).
_COD = re.compile(rb"\xff\x52\0[\x0c-\x2d].{5}(.)", re.DOTALL)

# Pillow checks the size of pictures, also of those inside others (ICO), and refuses those above twice its limit.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2
# Its warnings (sizes above the limit itself, damaged EXIF) are harmless or come with an exception.
warnings.filterwarnings("ignore", module=r"PIL\.")
logging.getLogger("PIL").setLevel(logging.CRITICAL)


def opened(source: Source) -> BinaryIO:
    """The source, opened if it can be read without waiting. Raises UserError, as :func:`decode`."""
    if isinstance(source, bytes):
        if not source:
            raise UserError("The picture is empty.")
        return io.BytesIO(source)
    try:
        file = reading.opened(source)
    except IsADirectoryError:
        raise UserError("This is a folder. Open the pictures in it.") from None
    except reading.NotRegularError:
        raise UserError("This is a device or a pipe, not a picture.") from None
    except FileNotFoundError:
        raise UserError(MISSING) from None
    except PermissionError:
        raise UserError(FORBIDDEN) from None
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        raise UserError(f"The file could not be opened: {error}.") from error
    if not os.fstat(file.fileno()).st_size:
        file.close()
        raise UserError("The file is empty.")
    return file


def decode(file: BinaryIO, min_side: int, accepted: tuple[str, ...] = formats.ALL) -> Image.Image:
    """The picture in an opened file: upright, mode RGB, transparency on white; of an animation, its first frame.

    A JPEG or JPEG 2000 may be shrunk by 2, 4 or 8, which decodes far faster, but its shorter side keeps at least
    ``min_side`` pixels if it has them.
    accepted: the formats that it may have, by Pillow's names.
    Raises UserError if the picture cannot be read; its text does not name the file.
    """
    start = b""
    try:
        start = file.read(formats.START)
        _check_length(start, file)
        file = heif.without_metadata(file) if formats.is_heif(start) else file
        with Image.open(file, formats=accepted) as image:
            image.draft("", (min_side, min_side))  # before the rotation, because it concerns the file
            if isinstance(image, Jpeg2KImagePlugin.Jpeg2KImageFile):
                _leave_out_resolutions(image, file, min_side)
            _check_size(image)
            if image.format == "HEIF":
                _check_parts(file)
            image.load()
            _check_size(image)  # an icon may hold a picture of another size than it claims
            return _to_rgb(_upright(image))
    except UserError:
        raise
    except Image.DecompressionBombError:
        raise _too_large(MAX_PIXELS) from None
    except MemoryError:
        raise UserError(NO_MEMORY) from None
    except Exception as error:  # damaged data raises nearly everything: OSError, struct.error, KeyError …
        is_damaged = not start or formats.looks_like_picture(start)
        raise UserError(DAMAGED if is_damaged else NO_PICTURE) from error


def _leave_out_resolutions(image: Jpeg2KImagePlugin.Jpeg2KImageFile, file: BinaryIO, min_side: int) -> None:
    """Decode a JPEG 2000 at a half, a quarter or an eighth of its size, if it holds that, as a JPEG."""
    place = file.tell()
    file.seek(0)
    levels = [match[1][0] for match in _COD.finditer(file.read())]
    file.seek(place)
    fitting = next((times for times in (3, 2, 1) if min(image.size) >= min_side << times), 0)
    image.reduce = min([fitting, *levels])


def _check_size(image: Image.Image) -> None:
    limit = MAX_HEIF if image.format == "HEIF" else MAX_DECODED
    if image.width * image.height > limit:
        raise _too_large(limit)


def _check_length(start: bytes, file: BinaryIO) -> None:
    length = file.seek(0, io.SEEK_END)
    file.seek(0)
    if length > MAX_HELD and formats.begins_like(start, formats.HELD):
        raise UserError(f"The file has more than {MAX_HELD // 1_000_000} MB. Open a smaller version of the picture.")


def _check_parts(file: BinaryIO) -> None:
    file.seek(0)
    if pixels_to_decode(file.read()) > 2 * MAX_HEIF:
        raise UserError(TOO_LONG)


def _too_large(limit: int) -> UserError:
    return UserError(f"The picture has more than {limit // 1_000_000} megapixels. Open a smaller version of it.")


def _upright(image: Image.Image) -> Image.Image:
    """The picture turned upright; orientation data that cannot be read is ignored."""
    try:
        turn = TURNS.get(orientation(image))
    except MemoryError:
        raise
    except Exception as error:  # it says nothing about the pixels
        logging.getLogger(__name__).debug("EXIF that cannot be read: %r", error)
        return image
    return image if turn is None else image.transpose(turn)


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        image = _to_8_bits(image)
    elif image.has_transparency_data:
        layer = image.convert("RGBA")
        image = Image.new("RGBA", layer.size, "white")
        image.alpha_composite(layer)
    return image.convert("RGB")


def _to_8_bits(image: Image.Image) -> Image.Image:
    """Convert 16- or 32-bit grey values to mode L; Pillow's own conversion clips them at 255.

    Black is 0. White is 65535; for floating point, it is the first of 1, 255 and 65535 that no value exceeds, or the
    highest value if there is none.
    """
    values = np.nan_to_num(np.asarray(image, dtype=np.float32), posinf=0.0)
    highest = float(values.max())
    whites = (1.0, 255.0, 65535.0) if image.mode == "F" else (65535.0,)
    white = next((white for white in whites if highest <= white), highest)
    return Image.fromarray(np.rint(values.clip(0.0) * (255.0 / white)).astype(np.uint8))
