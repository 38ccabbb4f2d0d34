"""Of several pictures in a file, the one to show."""

import struct
from collections.abc import Iterator

from PIL import Image

from cnngui.core.pictures.depth import ranges

MAX_LOOKED_AT = 20  # frames or pages
MAX_PIXELS = 50_000_000  # of these together
MAX_FRAME = 12_000_000  # pixels of an animation: larger ones are none that people have

_ANIMATED = ("GIF", "PNG", "WEBP", "AVIF")
_SAMPLE = (16, 16)
_ALIKE = 8  # levels by which compression changes what has one colour


def may_follow(image: Image.Image) -> bool:
    """Whether the file of an opened picture may hold further frames that are worth a look.

    Costs nothing: of a GIF it is not known without reading on.
    """
    if image.width * image.height > MAX_FRAME:
        return False
    return image.format == "GIF" or (image.format in _ANIMATED and getattr(image, "is_animated", False))


def each(image: Image.Image) -> Iterator[Image.Image]:
    """The picture, and the same one at each of its further frames, loaded, as far as they can be read."""
    yield image
    for number in range(1, MAX_LOOKED_AT):
        try:
            image.seek(number)
            image.load()
        except (EOFError, OSError, SyntaxError, ValueError, LookupError, struct.error):  # the last, or it is damaged
            return
        yield image


def first_to_show(pictures: Iterator[Image.Image]) -> Image.Image:
    """The first that is not empty; the first of all if none is, or none of those looked at. pictures: RGB, on white."""
    first = picture = next(pictures)
    left = MAX_PIXELS
    for _ in range(MAX_LOOKED_AT):
        left -= picture.width * picture.height
        if not is_empty(picture):
            return picture
        if left < 0 or (following := next(pictures, None)) is None:
            break
        picture = following
    return first


def is_empty(picture: Image.Image) -> bool:
    """Whether an RGB picture has one colour."""
    sample = picture.resize(_SAMPLE, Image.Resampling.NEAREST)  # enough for most, and far quicker
    return all(high - low <= _ALIKE for part in (sample, picture) for low, high in ranges(part))
