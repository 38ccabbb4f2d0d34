"""From any picture file to the pixels that a network sees: read, rotate upright, flatten onto white, shrink."""

import io
import logging
import stat
import warnings
from functools import partial
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from cnngui.core.errors import UserError
from cnngui.core.pictures import formats, heif
from cnngui.core.pictures.heif_parts import pixels_to_decode

Source = Path | bytes
"""A picture: the path of its file, or the file's contents (from the clipboard, from a web page)."""

Box = tuple[float, float, float, float]
"""A part of a picture: left, top, right, bottom."""

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

MAX_SCANNED = 2_000_000_000
"""Progressive JPEGs with more pixels × scans are refused; decoding these takes a few seconds.

A scan of 150 bytes may cover all pixels, and libjpeg sets no limit. Ten scans are usual.
"""

READ_SIDE = 256
"""The shorter side, in pixels, that :func:`load_pixels` reads at least: eight times that of the networks' images."""

_TOO_LONG = "The picture would take too long to decode. Save it with another program, then open that."
_NO_PICTURE = "Not a readable picture. Supported: JPEG, PNG, GIF, WebP, HEIC, BMP, TIFF and AVIF."
_DAMAGED = "The picture is damaged or incomplete. Copy or download it again."

# Pillow checks the size of pictures, also of those inside others (ICO), and refuses those above twice its limit.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2
# Its warnings (sizes above the limit itself, damaged EXIF) are harmless or come with an exception.
warnings.filterwarnings("ignore", module=r"PIL\.")
logging.getLogger("PIL").setLevel(logging.CRITICAL)


def load_pixels(source: Source, size: tuple[int, int] = (32, 32)) -> NDArray[np.uint8]:
    """The pixels of a picture, ready for a network: ``to_pixels(read(source, READ_SIDE), size)``.

    Raises UserError as :func:`read` does.
    """
    return to_pixels(read(source, max(READ_SIDE, *size)), size)


def read(source: Source, min_side: int) -> Image.Image:
    """The picture as a person sees it: upright, mode RGB, transparency on white.

    A JPEG may be shrunk by 2, 4 or 8, which decodes far faster, but its shorter side keeps at least ``min_side`` pixels
    if it has them. An animation gives its first frame.
    Raises UserError if the picture cannot be read; its text does not name the file.
    """
    with _open(source) as opened:
        start = b""
        try:
            start = opened.read(formats.START)
            _check_length(start, opened)
            file = heif.without_metadata(opened) if formats.is_heif(start) else opened
            with Image.open(file, formats=formats.ALL) as image:
                if image.info.get("progressive"):
                    _check_scans(image, file)
                image.draft("", (min_side, min_side))  # before the rotation, because it concerns the file
                _check_size(image)
                if image.format == "HEIF":
                    _check_parts(file)
                image.load()
                _check_size(image)  # an icon may hold a picture of another size than it claims
                _turn_upright(image)
                return _to_rgb(image)
        except UserError:
            raise
        except Image.DecompressionBombError:
            raise _too_large(MAX_PIXELS) from None
        except MemoryError:
            raise UserError("Not enough memory for this picture. Open a smaller version of it.") from None
        except Exception as error:  # damaged data raises nearly everything: OSError, struct.error, KeyError …
            is_damaged = not start or formats.looks_like_picture(start)
            raise UserError(_DAMAGED if is_damaged else _NO_PICTURE) from error


def to_pixels(image: Image.Image, size: tuple[int, int] = (32, 32), box: Box | None = None) -> NDArray[np.uint8]:
    """An RGB picture as a network sees it: uint8 (height, width, 3), where ``size`` is (height, width).

    This is the only preparation of pictures, for training, prediction, evaluation and export alike. The whole picture,
    or the part of it in ``box`` (in pixels), is squeezed to ``size``; a picture of that size is not changed.

    Pillow's BILINEAR gives results as sharp as CIFAR-10's images: 6.1 % of their variance lies above a quarter cycle
    per pixel, against 6.2 % in CIFAR-10, 9.2 % with BOX, 8.1 % with BICUBIC and 9.5 % with LANCZOS
    (benchmarks/resize.py).
    """
    height, width = size
    reduced = image.resize((width, height), Image.Resampling.BILINEAR, box, reducing_gap=3.0)
    return np.array(reduced, dtype=np.uint8)


def to_views(image: Image.Image, size: tuple[int, int] = (32, 32)) -> NDArray[np.uint8]:
    """The views of an RGB picture that are classified together: uint8 (views, height, width, 3).

    The first view is the whole picture squeezed to ``size``. The others show the start, middle and end along its longer
    side, undistorted, so that at least one shows the subject as it is. A picture with the proportions of ``size`` has
    only the first view. benchmarks/photographs.py compares other choices.
    """
    return np.stack([to_pixels(image, size, box) for box in view_boxes(image.size, size)])


def view_boxes(picture: tuple[int, int], size: tuple[int, int] = (32, 32)) -> list[Box]:
    """The parts of a picture (width, height) that :func:`to_views` shows, in pixels."""
    (picture_width, picture_height), (height, width) = picture, size
    whole = (0.0, 0.0, float(picture_width), float(picture_height))
    if picture_width * height == picture_height * width:
        return [whole]
    scale = min(picture_width / width, picture_height / height)
    part_width, part_height = scale * width, scale * height
    room = max(0.0, picture_width - part_width), max(0.0, picture_height - part_height)
    corners = [(share * room[0], share * room[1]) for share in (0, 0.5, 1)]
    ends = [(min(left + part_width, picture_width), min(top + part_height, picture_height)) for left, top in corners]
    return [whole, *((*corner, *end) for corner, end in zip(corners, ends, strict=True))]


def _open(source: Source) -> BinaryIO:
    """Open the source, if it can be read without waiting."""
    if isinstance(source, bytes):
        if not source:
            raise UserError("The picture is empty.")
        return io.BytesIO(source)
    try:
        status = source.stat()
        if stat.S_ISDIR(status.st_mode):
            raise UserError("This is a folder. Open the pictures in it.")
        if not stat.S_ISREG(status.st_mode):  # opening a pipe would wait for its writer
            raise UserError("This is a device or a pipe, not a picture.")
        if status.st_size == 0:
            raise UserError("The file is empty.")
        return source.open("rb")
    except FileNotFoundError:
        raise UserError("The file does not exist. It may have been moved or renamed.") from None
    except PermissionError:
        raise UserError("You do not have permission to read this file. Ask its owner for access.") from None
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        raise UserError(f"The file could not be opened: {error}.") from error


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
        raise UserError(_TOO_LONG)


def _check_scans(image: Image.Image, file: BinaryIO) -> None:
    file.seek(0)
    scans = sum(part.count(b"\xff\xda") for part in iter(partial(file.read, 1 << 20), b""))
    file.seek(0)
    if scans * image.width * image.height > MAX_SCANNED:
        raise UserError(_TOO_LONG)


def _too_large(limit: int) -> UserError:
    return UserError(f"The picture has more than {limit // 1_000_000} megapixels. Open a smaller version of it.")


def _turn_upright(image: Image.Image) -> None:
    """Rotate the picture by its EXIF orientation; ignore EXIF data that cannot be read."""
    try:
        ImageOps.exif_transpose(image, in_place=True)
    except MemoryError:
        raise
    except Exception as error:  # damaged EXIF data says nothing about the pixels
        logging.getLogger(__name__).debug("EXIF that cannot be read: %r", error)


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
