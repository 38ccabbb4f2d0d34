"""The pages of a TIFF, of which Pillow reads some rightly; others are read by tiff_values, or refused by name."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from PIL import Image, UnidentifiedImageError
from PIL.TiffImagePlugin import ImageFileDirectory_v2 as Directory

from cnngui.core.errors import UserError
from cnngui.core.pictures import kinds
from cnngui.core.pictures.by_format import tiff_values
from cnngui.core.pictures.by_format.tiff_values import Tag

MAX_PAGES = 50  # that are looked at
MAX_SUB_PAGES = 10  # of a page
SMALL = 8  # times fewer pixels than the largest page, or more: a thumbnail

_REDUCED, _MASK = 1, 4  # bits of NewSubfileType
_CR2 = b"CR"
_BIG, _BIG_ENDIAN = 43, b"MM\0+"
_SENSOR = (32_803, 34_892)  # colour filter array, linear raw
_WEBP = 50_001  # Pillow knows it, but its wheels lack it
_COLOURS = {0: "grey", 1: "grey", 2: "RGB", 3: "palette", 5: "CMYK", 6: "YCbCr", 8: "Lab", 9: "Lab", 10: "Lab"}


def pages(file: BinaryIO) -> Iterator[Image.Image]:
    """The pages of a TIFF that are no thumbnails or masks, in their order; all, if there are no others.

    They are opened, but need not be loaded. What tells their white, if it is known, is in ``info["white"]``.
    Raises UserError if a page is of a kind that is not read, and nearly anything if it is damaged.
    """
    file.seek(0)
    start = file.read(16)
    if start.startswith(_BIG_ENDIAN):
        raise UserError("BigTIFF of big-endian byte order is not read. Save it as an ordinary TIFF, then open that.")
    header = start[: 16 if start[2] == _BIG else 8]
    directories = list(_directories(file, header))
    if directories and (start[8:10] == _CR2 or _is_raw(file, header, directories[0])):
        raise UserError(kinds.RAW)
    for number in _worth_seeing(directories):
        yield _page(file, number, directories[number])
    if not directories:
        file.seek(0)
        yield Image.open(file, formats=("TIFF",))


def _directories(file: BinaryIO, header: bytes) -> Iterator[Directory]:
    place, seen = Directory(header).next, set[int]()
    while place and place not in seen and len(seen) < MAX_PAGES:
        seen.add(place)
        directory = _directory(file, header, place)
        yield directory
        place = directory.next


def _directory(file: BinaryIO, header: bytes, place: int) -> Directory:
    directory = Directory(header)
    directory.next = 0  # as long as it is not read
    file.seek(place)
    directory.load(file)
    return directory


def _is_raw(file: BinaryIO, header: bytes, first: Directory) -> bool:
    """Whether it holds what a camera's sensor saw; its own pages are previews then."""
    inner = first.get(Tag.SUB_PAGES, ())[:MAX_SUB_PAGES]
    every = (first, *(_directory(file, header, place) for place in inner))
    return Tag.DNG_VERSION in first or any(each.get(Tag.PHOTOMETRIC) in _SENSOR for each in every)


def _worth_seeing(directories: Sequence[Directory]) -> list[int]:
    areas = [each.get(Tag.WIDTH, 0) * each.get(Tag.HEIGHT, 0) for each in directories]
    found = [
        number
        for number, each in enumerate(directories)
        if not each.get(Tag.NEW_SUBFILE_TYPE, 0) & (_REDUCED | _MASK)
        and each.get(Tag.OLD_SUBFILE_TYPE) != 2
        and areas[number] * SMALL > max(areas)
    ]
    return found or list(range(len(directories)))


def _page(file: BinaryIO, number: int, directory: Directory) -> Image.Image:
    if tiff_values.is_needed(directory):
        if not tiff_values.is_possible(directory):
            raise UserError(_unusual(directory))
        return tiff_values.read(file, directory)
    if _is_subsampled(directory) or directory.get(Tag.COMPRESSION) == _WEBP:
        raise UserError(_unusual(directory))
    try:
        image = _opened(file, number, directory)
    except (UnidentifiedImageError, SyntaxError, KeyError):
        if Tag.WIDTH in directory and (Tag.STRIPS in directory or Tag.TILES in directory):
            raise UserError(_unusual(directory)) from None
        raise
    if directory.get(Tag.BITS) == (12,):
        image.info["white"] = 4095.0
    return image


def _opened(file: BinaryIO, number: int, directory: Directory) -> Image.Image:
    try:
        file.seek(0)
        image = Image.open(file, formats=("TIFF",))
        image.seek(number)
        return image
    except (UnidentifiedImageError, SyntaxError, KeyError):
        if number == 0:
            raise
    return Image.open(tiff_values.copy_from(file, directory.offset), formats=("TIFF",))  # Pillow begins with the first


def _is_subsampled(directory: Directory) -> bool:
    """Whether it has fewer values of colour than of brightness, uncompressed, which Pillow does not notice."""
    is_plain = directory.get(Tag.PHOTOMETRIC) == 6 and directory.get(Tag.COMPRESSION, 1) == 1
    return is_plain and directory.get(Tag.SUBSAMPLING, (2, 2)) != (1, 1)


def _unusual(directory: Directory) -> str:
    """A sentence that says what a page is that is not read."""
    bits = directory.get(Tag.BITS, (1,))
    channels = directory.get(Tag.CHANNELS, len(bits))
    name = _COLOURS.get(directory.get(Tag.PHOTOMETRIC, 0), "unknown colours")
    if channels > (5 if name == "CMYK" else 4) or (name == "grey" and channels > 2):
        part = "it as RGB, or one of them" if channels == 3 else "three of them as RGB, or one"
        return f"This TIFF has {channels} channels. Save {part} as grey, then open that."
    way = directory.get(Tag.COMPRESSION, 1)
    packed = "uncompressed" if way == 1 else f"compression {way}"
    kind = f"{name}, {bits[0]} bits a channel, {packed}"
    return f"TIFF of this kind is not read ({kind}). Save it as RGB of 8 or 16 bits, then open that."
