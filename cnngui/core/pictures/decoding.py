"""Decoding: from a picture file to RGB pixels, upright, flattened onto white, in the colours of sRGB."""

import io
import logging
import os
import time
import warnings
from pathlib import Path
from typing import BinaryIO

from PIL import Image, Jpeg2KImagePlugin

from cnngui.core import reading
from cnngui.core.errors import UserError
from cnngui.core.pictures import depth, formats, frames, kinds, profiles
from cnngui.core.pictures.by_format import heif, jpeg, jpeg2000, png, ppm, tiff
from cnngui.core.pictures.by_format.heif_parts import pixels_to_decode
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

MAX_FIRST_TRY = 0.8
"""A JPEG that lacks a part is read anew if this did not take longer, in seconds; all must keep to the limit of time."""

TOO_LONG = "The picture takes too long to decode, or too much memory. Save it with another program, then open that."
NO_MEMORY = "Not enough memory for this picture. Open a smaller version of it."
MISSING = "The file does not exist. It may have been moved or renamed."
FORBIDDEN = "You do not have permission to read this file. Ask its owner for access."
CLOUD = "If it lies in a cloud storage (iCloud, OneDrive), download it there first."
OUT_OF_REACH = (MISSING, FORBIDDEN)
DAMAGED = "The picture is damaged or incomplete. Copy or download it again."

# Pillow checks the size of pictures, also of those inside others (ICO), and refuses those above twice its limit.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2
# Its warnings (sizes above the limit itself, damaged EXIF) are harmless or come with an exception.
warnings.filterwarnings("ignore", module=r"PIL\.")
logging.getLogger("PIL").setLevel(logging.CRITICAL)


class NotCheapError(Exception):
    """More must be done for a picture than is known to be cheap."""


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


def decode(file: BinaryIO, min_side: int, cheap: str | None = None) -> Image.Image:
    """The picture in an opened file: upright, mode RGB, in the colours of sRGB, transparency on white.

    Of several pages or frames, the first that is neither a thumbnail nor empty. A large picture may be shrunk by 2, 4
    or 8 where that saves time, but its shorter side keeps at least ``min_side`` pixels if it has them.
    cheap: Pillow's name of the format, if the file is known to take little. What would take more is not done then:
    raises NotCheapError.
    Raises UserError if the picture cannot be read; its text does not name the file.
    """
    start = b""
    try:
        start = file.read(formats.START)
        _check_length(start, file)
        if formats.begins_like(start, ("TIFF",)):
            return frames.first_to_show(_finished(page, min_side) for page in tiff.pages(file))
        file = heif.without_metadata(file) if formats.is_heif(start) else file
        with Image.open(file, formats=(cheap,) if cheap else formats.ALL) as image:
            return _picture(image, file, min_side, bool(cheap))
    except (UserError, NotCheapError):
        raise
    except Image.DecompressionBombError:
        raise _too_large(MAX_PIXELS) from None
    except MemoryError:
        raise UserError(NO_MEMORY) from None
    except Exception as error:  # damaged data raises nearly everything: OSError, struct.error, KeyError …
        raise UserError(_fault(file, start, error)) from error


def _picture(image: Image.Image, file: BinaryIO, min_side: int, is_cheap: bool) -> Image.Image:
    """The picture in an opened file that is no TIFF. Raises as :func:`decode`, and nearly anything for damaged data."""
    image.draft("", (min_side, min_side))  # before the rotation, because it concerns the file
    if isinstance(image, Jpeg2KImagePlugin.Jpeg2KImageFile):
        jpeg2000.leave_out_resolutions(image, file, min_side)
    _check_size(image)
    if ppm.is_16_bit(image):
        return ppm.read(image, file)
    if jpeg2000.has_upper_bytes(image, file):
        return _finished(jpeg2000.scaled(image), min_side)
    if image.format == "HEIF":
        _check_parts(file)
    if is_cheap and not profiles.is_cheap(image.info.get("icc_profile") or b""):
        raise NotCheapError
    has_upper_bytes = png.has_upper_bytes(image)
    is_jpeg = image.format in ("JPEG", "MPO")
    began = time.monotonic()
    try:
        if is_jpeg and jpeg.ends_in_zeros(file):
            raise OSError("Pillow takes zeros for pixels")
        image.load()
        if is_jpeg and jpeg.is_doubtful(image, file):
            if is_cheap:
                raise NotCheapError
            if time.monotonic() - began < MAX_FIRST_TRY and not jpeg.is_whole(file, min_side, MAX_HELD):
                raise UserError(DAMAGED)
    except OSError:
        if not is_jpeg or time.monotonic() - began > MAX_FIRST_TRY:
            raise
        if is_cheap:
            raise NotCheapError from None
        completed = jpeg.completed(file, min_side, MAX_HELD)
        if completed is None:
            raise
        image = completed
    _check_size(image)  # an icon may hold a picture of another size than it claims
    if has_upper_bytes and png.needs_lower_bytes(image):
        if is_cheap:
            raise NotCheapError
        image = png.with_lower_bytes(image, file)
    picture = _finished(image, min_side)
    if frames.may_follow(image) and frames.is_empty(picture):
        if is_cheap:
            raise NotCheapError
        return frames.first_to_show(_finished(each, min_side) for each in frames.each(image))
    return picture


def _fault(file: BinaryIO, start: bytes, error: Exception) -> str:
    """A sentence for what went wrong with a file that begins like this."""
    if isinstance(error, OSError) and error.errno is not None:
        return f"The file could not be read: {error.strerror}. {CLOUD}"
    if not start or not formats.looks_like_picture(start):
        return kinds.NO_PICTURE
    if start.startswith(b"\xff\xd8") and (kind := jpeg.unusual(file)):
        return f"JPEG of this kind is not read ({kind}). Save it as PNG or as an ordinary JPEG, then open that."
    return DAMAGED


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


def _finished(image: Image.Image, min_side: int) -> Image.Image:
    """An opened picture upright, on white, in the colours of sRGB. Raises UserError if it is too large."""
    _check_size(image)
    profile, is_grey = image.info.get("icc_profile"), image.mode != "LAB" and image.mode[0] in "1LIF"
    image = _upright(image)
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        image = depth.one_channel(image, image.info.get("white"), image.info.get("transparency"))
    elif image.has_transparency_data:
        image = depth.on_white(image)
    if not profile:
        return image.convert("RGB")
    if image.mode not in ("L", "RGB", "CMYK"):
        image = image.convert("RGB")
    return profiles.to_srgb(image.convert("L") if is_grey else image, profile, min_side)
