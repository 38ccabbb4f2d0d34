"""From any picture file to the pixels that a network sees: read, turn upright, flatten on white, reduce."""

import io
import logging
import stat
import warnings
from functools import partial
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from cnngui.core.errors import UserError

Source = Path | bytes
"""A picture: the path of its file, or the file's contents (from the clipboard, from a web page)."""

Box = tuple[float, float, float, float]
"""A part of a picture: left, top, right, bottom."""

SUFFIXES = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".apng", ".gif", ".webp", ".avif", ".bmp", ".ico"),
    *(".tif", ".tiff", ".jp2", ".ppm", ".pgm", ".pbm", ".pnm"),
)
"""For file dialogs: the usual endings of the files that can be read. Reading itself looks at the contents only."""

MAX_PIXELS = 110_000_000
"""Pictures with more pixels are refused before they are decoded: a file of a few kilobytes can claim any number.

The largest photographs of telephones have 108 megapixels, as JPEG, which is reduced while it is decoded.
"""

MAX_DECODED = 35_000_000
"""Pictures that come with more pixels than this, not being reduced while they are decoded, are refused as well.

What takes the most, WebP with transparency, takes 27 bytes a pixel at times, 0.96 GB in all.
"""

MAX_SCANNED = 2_000_000_000
"""Progressive JPEGs of more pixels times scans are refused: some seconds. They are decoded scan by scan, a scan may go
over all pixels in 150 bytes, and libjpeg has no limit of its own. Usual are ten scans.
"""

READ_SIDE = 256
"""The shorter side, in pixels, that :func:`load_pixels` reads at least: eight source pixels for one of 32."""

# Pillow has more, but some of those run programs (EPS) or have no signature and take anything (TGA).
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF", "JPEG2000", "ICO", "PPM")

# Pillow checks the size of pictures, and of those inside others (ICO), and refuses what is above twice its limit.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2
# What it warns of (a size above the limit itself, damaged EXIF) either does no harm or comes with an exception.
warnings.filterwarnings("ignore", module=r"PIL\.")
logging.getLogger("PIL").setLevel(logging.CRITICAL)


def load_pixels(source: Source, size: tuple[int, int] = (32, 32)) -> NDArray[np.uint8]:
    """The pixels of a picture, ready for a network: ``to_pixels(read(source, READ_SIDE), size)``.

    Raises UserError as :func:`read` does.
    """
    return to_pixels(read(source, max(READ_SIDE, *size)), size)


def read(source: Source, min_side: int) -> Image.Image:
    """The picture as a person sees it: upright by its EXIF orientation, mode RGB, transparency on white.

    A JPEG may come reduced by 2, 4 or 8, which decodes far faster, but its shorter side keeps at least ``min_side``
    pixels if it has them. Of an animation it is the first frame.

    Raises UserError where there is no picture to be had; its text does not name the file.
    """
    with _open(source) as file:
        try:
            with Image.open(file, formats=_FORMATS) as image:
                if image.info.get("progressive"):
                    _check_scans(image, file)
                image.draft("", (min_side, min_side))  # before the rotation: it acts on the file as it is
                _check_size(image)
                image.load()
                _check_size(image)  # an icon may hold a picture of another size than it says
                _turn_upright(image)
                return _to_rgb(image)
        except UserError:
            raise
        except Image.DecompressionBombError:
            raise _too_large(MAX_PIXELS) from None
        except UnidentifiedImageError:
            formats = "JPEG, PNG, GIF, WebP, BMP, TIFF and AVIF"
            raise UserError(f"Not a readable picture. Supported: {formats}.") from None
        except MemoryError:
            raise UserError("There is not enough memory for this picture. Reduce it, then open it again.") from None
        except (
            Exception
        ) as error:  # decoders raise nearly everything on damaged data: OSError, struct.error, KeyError …
            raise UserError("The picture is damaged or cut short. Copy or download it again.") from error


def to_pixels(image: Image.Image, size: tuple[int, int] = (32, 32), box: Box | None = None) -> NDArray[np.uint8]:
    """An RGB picture as a network sees it: uint8 of shape (height, width, 3), ``size`` being (height, width).

    This is the one preparation of pictures, for training, prediction, evaluation and export alike. The whole picture,
    or the part of it in ``box`` (in pixels), is squeezed to ``size``; one that has it already
    passes unchanged.

    The filter is Pillow's triangle, widened to the scale, because its result is as sharp as CIFAR-10: 6.2 % of the
    variance of CIFAR-10's images lies above a quarter cycle a pixel, and of photographs reduced with this filter 6.1 %;
    with BOX it is 9.2 %, with BICUBIC 8.1 %, with LANCZOS 9.5 % (benchmarks/resize.py).
    """
    height, width = size
    reduced = image.resize((width, height), Image.Resampling.BILINEAR, box, reducing_gap=3.0)
    return np.array(reduced, dtype=np.uint8)


def to_views(image: Image.Image, size: tuple[int, int] = (32, 32)) -> NDArray[np.uint8]:
    """The views of an RGB picture that are classified together: uint8 (views, height, width, 3).

    The whole of it squeezed to ``size``; and its beginning, middle and end along its longer side, undistorted, so that
    a subject anywhere is seen as it is once. One of the same proportions has one view, and one that has this size
    already passes unchanged. How these were chosen: benchmarks/photographs.py.
    """
    return np.stack([to_pixels(image, size, box) for box in view_boxes(image.size, size)])


def view_boxes(picture: tuple[int, int], size: tuple[int, int] = (32, 32)) -> list[Box]:
    """The parts of a picture (width, height) that :func:`to_views` shows, in the picture's pixels."""
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
    """The source as an open file, if it is one that can be read without waiting."""
    if isinstance(source, bytes):
        if not source:
            raise UserError("The picture is empty.")
        return io.BytesIO(source)
    try:
        status = source.stat()
        if stat.S_ISDIR(status.st_mode):
            raise UserError("This is a folder. Open the pictures inside it.")
        if not stat.S_ISREG(status.st_mode):  # opening a pipe would wait for its writer
            raise UserError("This is a device or a pipe, not a picture.")
        if status.st_size == 0:
            raise UserError("The file is empty.")
        return source.open("rb")
    except FileNotFoundError:
        raise UserError("There is no such file. It may have been moved or renamed.") from None
    except PermissionError:
        raise UserError("You may not read this file. Change its permissions, or copy it to where you may.") from None
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        raise UserError(f"The file cannot be opened: {error}.") from error


def _check_size(image: Image.Image) -> None:
    if image.width * image.height > MAX_DECODED:
        raise _too_large(MAX_DECODED)


def _check_scans(image: Image.Image, file: BinaryIO) -> None:
    file.seek(0)
    scans = sum(part.count(b"\xff\xda") for part in iter(partial(file.read, 1 << 20), b""))
    file.seek(0)
    if scans * image.width * image.height > MAX_SCANNED:
        raise UserError("The picture takes too long to decode. Save it anew with another program, then open it again.")


def _too_large(limit: int) -> UserError:
    return UserError(f"The picture has more than {limit // 1_000_000} megapixels. Reduce it, then open it again.")


def _turn_upright(image: Image.Image) -> None:
    """Turn the picture as its EXIF orientation says; EXIF that cannot be read says nothing."""
    try:
        ImageOps.exif_transpose(image, in_place=True)
    except MemoryError:
        raise
    except Exception as error:  # the pixels are good, whatever the parser of damaged EXIF raises
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
    """Grey values of 16 or 32 bits as mode L; Pillow's own conversion clips them at 255.

    Black is 0. White is 65535, for floating point the first of 1, 255 and 65535 that no value exceeds, and the
    largest value where even 65535 is exceeded.
    """
    values = np.nan_to_num(np.asarray(image, dtype=np.float32), posinf=0.0)
    highest = float(values.max())
    whites = (1.0, 255.0, 65535.0) if image.mode == "F" else (65535.0,)
    white = next((white for white in whites if highest <= white), highest)
    return Image.fromarray(np.rint(values.clip(0.0) * (255.0 / white)).astype(np.uint8))
