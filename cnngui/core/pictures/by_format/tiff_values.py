"""The values of TIFF pages with more than 8 bits a channel, or with transparency.

Pillow reads such pages wrongly in many ways: planes become noise, of RGB it keeps the upper bytes, it exchanges the
bytes of compressed big-endian numbers, ignores that white is zero, and refuses most other kinds. But it undoes every
compression. So a page is given to it as another one, grey and without a predictor, whose values are taken apart here.
"""

import io
import shutil
import struct
from enum import IntEnum
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2 as Directory

from cnngui.core.errors import UserError
from cnngui.core.pictures import depth
from cnngui.core.pictures.orientation import TURNS

MAX_VALUES = 110_000_000  # 16-bit ones, or bytes of others: what Pillow decodes at once


class Tag(IntEnum):
    """The tags of a page that matter here (TIFF 6.0)."""

    NEW_SUBFILE_TYPE, OLD_SUBFILE_TYPE, WIDTH, HEIGHT, BITS, COMPRESSION = 254, 255, 256, 257, 258, 259
    PHOTOMETRIC, FILL_ORDER, STRIPS, ORIENTATION, CHANNELS, ROWS, STRIP_LENGTHS = 262, 266, 273, 274, 277, 278, 279
    PLANES, PREDICTOR, TILE_WIDTH, TILE_HEIGHT, TILES, TILE_LENGTHS, SUB_PAGES = 284, 317, 322, 323, 324, 325, 330
    EXTRA, FORMAT, SUBSAMPLING, PROFILE, DNG_VERSION = 338, 339, 530, 34_675, 50_706


_COLOURS = {0: 1, 1: 1, 2: 3, 5: 4}  # channels of white-is-zero and black-is-zero grey, RGB, CMYK
_FORMATS = {1: "u", 2: "i", 3: "f"}
_TYPES = {"u1", "i1", "u2", "i2", "f2", "u4", "i4", "f4", "f8"}
# None, LZW, deflate, PackBits, LZMA, Zstandard: those that keep bytes as they are
_LOSSLESS = (1, 5, 8, 32_946, 32_773, 34_925, 50_000)
_ALPHA = (1, 2)  # premultiplied and not
_HORIZONTAL, _FLOATING = 2, 3


def is_needed(page: Directory) -> bool:
    """Whether Pillow would not read its values rightly, or not all of them."""
    most = max(_bits(page))
    has_others = page.get(Tag.CHANNELS, 1) > _COLOURS.get(page.get(Tag.PHOTOMETRIC, 0), 99)
    return most > 12 or (most == 8 and (max(_formats(page)) > 1 or (has_others and is_possible(page))))


def is_possible(page: Directory) -> bool:
    """Whether :func:`read` reads it."""
    bits, formats, colours = _bits(page), _formats(page), _COLOURS.get(page.get(Tag.PHOTOMETRIC, 0), 99)
    channels, others = page.get(Tag.CHANNELS, 1), 1 if colours == 1 else max(1, len(page.get(Tag.EXTRA, ())))
    return (
        len(set(bits)) == len(set(formats)) == 1
        and f"{_FORMATS.get(formats[0])}{bits[0] / 8:g}" in _TYPES
        and page.get(Tag.COMPRESSION, 1) in _LOSSLESS
        and page.get(Tag.FILL_ORDER, 1) == 1
        and page.get(Tag.PREDICTOR, 1) in (1, _HORIZONTAL, _FLOATING)
        and colours <= channels <= colours + others
    )


def read(file: BinaryIO, page: Directory) -> Image.Image:
    """A page for which :func:`is_possible` holds: mode L, RGB or CMYK, upright, on white, with its colour profile.

    Raises UserError if it is too large, and nearly anything if it is damaged.
    """
    width, height, channels = page[Tag.WIDTH], page[Tag.HEIGHT], page.get(Tag.CHANNELS, 1)
    number = width * height * channels * (1 if _by_words(page) else _bits(page)[0] // 8)
    if number > MAX_VALUES:
        most = MAX_VALUES * width * height // number // 1_000_000
        raise UserError(f"The picture has more than {most} megapixels. Open a smaller version of it.")
    if page.get(Tag.PLANES, 1) == 2:
        values = np.concatenate([_decoded(file, page, plane, 1) for plane in range(channels)], 2)
    else:
        values = _decoded(file, page, 0, channels)
    image = _picture(values, page)
    turn = TURNS.get(page.get(Tag.ORIENTATION, 1))
    image = image if turn is None else image.transpose(turn)
    if Tag.PROFILE in page:
        image.info["icc_profile"] = page[Tag.PROFILE]
    return image


def _picture(values: NDArray[np.generic], page: Directory) -> Image.Image:
    photometric = page.get(Tag.PHOTOMETRIC, 0)
    colours = _COLOURS[photometric]
    pixels = depth.to_8_bits(values[..., :colours])
    if photometric == 0:
        np.subtract(255, pixels, out=pixels)
    if colours == 4:
        return Image.frombytes("CMYK", (pixels.shape[1], pixels.shape[0]), pixels.tobytes())
    kinds = page.get(Tag.EXTRA, (2,))[: values.shape[2] - colours]  # without the tag, one more is alpha
    place = next((place for place, kind in enumerate(kinds) if kind in _ALPHA), None)
    if place is None:
        return depth.flattened(pixels)
    alpha = depth.to_8_bits(values[..., colours + place, None])
    if kinds[place] == 1:
        return depth.flattened(np.minimum(pixels + (255 - alpha.astype(np.int16)), 255).astype(np.uint8))
    return depth.flattened(np.concatenate([pixels, alpha], 2))


def _decoded(file: BinaryIO, page: Directory, plane: int, channels: int) -> NDArray[np.generic]:
    """The values of the page, or of one of its planes: (height, width, channels)."""
    width, height = page[Tag.WIDTH], page[Tag.HEIGHT]
    across = page[Tag.TILE_WIDTH] if Tag.TILES in page else width
    whole = -(-width // across) * across  # with all of the last tiles
    bits = _bits(page)[0]
    wide, deep = (channels, 16) if _by_words(page) else (channels * bits // 8, 8)
    rows = _grey(file, page, plane, whole * wide, deep, across * wide)
    order = ">" if page.prefix == b"MM" else "<"
    if page.get(Tag.PREDICTOR, 1) == _FLOATING:
        order, rows = ">", _bytes_in_order(rows.view(np.uint8).reshape(-1, across * wide), channels, bits // 8)
    kind = _FORMATS[_formats(page)[0]]
    if _by_words(page):
        values = rows.view(rows.dtype.str.replace("u", kind)).reshape(height, whole, channels)
    else:
        values = rows.view(f"{order}{kind}{bits // 8}").reshape(height, whole, channels)
    if page.get(Tag.PREDICTOR, 1) == _HORIZONTAL:
        sums = values.view(values.dtype.str.replace(kind, "u")).astype(f"u{bits // 8}")
        for left in range(0, whole, across):
            tile = sums[:, left : left + across]
            np.add.accumulate(tile, axis=1, out=tile, dtype=tile.dtype)
        values = sums.view(f"{kind}{bits // 8}")
    return values[:, :width]


def _bytes_in_order(rows: NDArray[np.uint8], channels: int, size: int) -> NDArray[np.uint8]:
    """Undo the predictor of floating point (Adobe's technical note 3): differences of bytes, the upper ones first."""
    differences = rows.reshape(len(rows), -1, channels)
    sums = np.add.accumulate(differences, axis=1, dtype=np.uint8)
    return np.ascontiguousarray(sums.reshape(len(rows), size, -1).swapaxes(1, 2)).reshape(-1)


def _grey(file: BinaryIO, page: Directory, plane: int, width: int, bits: int, across: int) -> NDArray[np.generic]:
    """A plane of the page, decoded as if it were grey: (height, width), of 8 or 16 bits.

    across: the width of its tiles, if it has some.
    """
    is_tiled = Tag.TILES in page
    height = page[Tag.HEIGHT]
    numbers = {Tag.WIDTH: width, Tag.HEIGHT: height, Tag.BITS: bits, Tag.PHOTOMETRIC: 1, Tag.CHANNELS: 1}
    numbers[Tag.COMPRESSION] = page.get(Tag.COMPRESSION, 1)
    if is_tiled:
        numbers |= {Tag.TILE_WIDTH: across, Tag.TILE_HEIGHT: page[Tag.TILE_HEIGHT]}
    else:
        numbers[Tag.ROWS] = min(page.get(Tag.ROWS, height), height)
    tags: dict[int, tuple[int, ...]] = {tag: (number,) for tag, number in numbers.items()}
    planes = page.get(Tag.CHANNELS, 1) if page.get(Tag.PLANES, 1) == 2 else 1
    for tag in (Tag.TILES, Tag.TILE_LENGTHS) if is_tiled else (Tag.STRIPS, Tag.STRIP_LENGTHS):
        if tag in page:
            parts = page[tag]
            tags[tag] = parts[plane * len(parts) // planes : (plane + 1) * len(parts) // planes]
    with Image.open(_with_directory(file, tags), formats=("TIFF",)) as image:
        image.load()
        return np.asarray(image)


def copy_from(file: BinaryIO, place: int | None = None) -> io.BytesIO:
    """A copy of a TIFF, in memory, whose first page is the one at this place, or at the copy's end."""
    file.seek(0)
    copy = io.BytesIO()
    shutil.copyfileobj(file, copy)
    with copy.getbuffer() as content:
        long = _forms(content)[0]
        place = place or len(content) + len(content) % 2
        struct.pack_into(long, content, struct.calcsize(long), place)  # where the first page's place stands
    copy.seek(0)
    return copy


def _with_directory(file: BinaryIO, tags: dict[int, tuple[int, ...]]) -> BinaryIO:
    """A copy of a TIFF, in memory, whose only page has these tags."""
    copy = copy_from(file)
    with copy.getbuffer() as content:
        long, count, entry = _forms(content)
        place = len(content) + len(content) % 2
    size = struct.calcsize(long)
    directory = struct.pack(count, len(tags))
    behind = place + len(directory) + len(tags) * struct.calcsize(entry) + size
    values = b""
    for tag, numbers in sorted(tags.items()):
        packed = b"".join(struct.pack(long, number) for number in numbers)
        if len(numbers) > 1:
            packed, values = struct.pack(long, behind + len(values)), values + packed
        kind = 16 if size == 8 else 4
        directory += struct.pack(entry, tag, kind, len(numbers), *struct.unpack(long, packed))
    copy.seek(place)
    copy.write(directory + bytes(size) + values)
    copy.seek(0)
    return copy


def _forms(content: memoryview) -> tuple[str, str, str]:
    """How a TIFF stores numbers, counts of tags, and tags, for struct."""
    order = "<" if content[0] == ord("I") else ">"
    long, count = ("Q", "Q") if content[2] == 43 else ("I", "H")
    return order + long, order + count, f"{order}HH{long}{long}"


def _by_words(page: Directory) -> bool:
    """Whether Pillow is asked for values of 16 bits, not for bytes: it takes half as much of its limit."""
    return _bits(page)[0] == 16 and page.get(Tag.PREDICTOR, 1) != _FLOATING


def _bits(page: Directory) -> tuple[int, ...]:
    return tuple(page.get(Tag.BITS, (1,)))


def _formats(page: Directory) -> tuple[int, ...]:
    return tuple(page.get(Tag.FORMAT, (1,)))
