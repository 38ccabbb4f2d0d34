"""Values of more than 8 bits as 8 bits; Pillow's own conversions clip them, or keep their upper bits only."""

from collections.abc import Iterator
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_CAMERAS = (255.0, 1023.0, 4095.0, 16_383.0)  # of 8, 10, 12 and 14 bits, which leave the upper ones of 16 empty
_OTHERS = {"i1": (127.0,), "i2": (*_CAMERAS, 32_767.0), "f": (1.0, *_CAMERAS, 65_535.0)}

# Floating-point numbers may exceed their white: highlights, hot pixels, what sharpening adds.
_NEARLY_ALL = 0.999
_OVERSHOOT = 1.5
_DARK = 16  # times the brightest value: no white of these values

_AT_ONCE = 1_000_000  # values, so that what is computed in between takes little memory


def usual_whites(dtype: np.dtype[Any]) -> tuple[float, ...]:
    """The values that usually are white in numbers of this type, the lowest first."""
    return _OTHERS.get(dtype.kind) or _OTHERS.get(f"{dtype.kind}{dtype.itemsize}") or (*_CAMERAS, 65_535.0)


def to_8_bits(values: NDArray[Any], white: float | None = None) -> NDArray[np.uint8]:
    """Integers or floating-point numbers of any size as uint8 of the same shape. Black is 0, and what is less.

    values: (height, …). white: their white; if it is None, the one that :func:`white_of` finds. Not-a-number and
    infinity are black.
    """
    if white is None:
        white = white_of(values)
    kind, size = values.dtype.kind, values.dtype.itemsize
    if kind in "ui" and size <= 2:  # a table of all numbers is far quicker
        every = np.arange(1 << 8 * size, dtype=f"u{size}")
        levels = _scaled(every.view(f"{kind}{size}"), white)
        small: NDArray[np.uint8] = levels[values.view(f"{values.dtype.byteorder}u{size}")]
        return small
    found = np.empty(values.shape, np.uint8)
    for place, rows in _bands(values):
        found[place] = _scaled(rows, white)
    return found


def white_of(values: NDArray[Any]) -> float:
    """The white of integers: the first usual one that none exceeds, or the highest value if there is none.

    Of floating-point numbers: the first that nearly all keep to, give or take an overshoot; what lies above it becomes
    white. If such a white would leave the picture black, it is the value that nearly all keep to.
    """
    usual = usual_whites(values.dtype)
    if values.dtype.kind != "f":
        highest = max((float(rows.max(initial=0)) for _, rows in _bands(values)), default=0.0)
        return next((white for white in usual if highest <= white), highest)
    level = _level(values)
    white = next((white for white in usual if level <= white * _OVERSHOOT), level)
    return level if usual[0] < level < white / _DARK else white


def _level(values: NDArray[Any]) -> float:
    """The value that nearly all floating-point numbers keep to, of some rows where there are many."""
    sample = values[:: values.size // _AT_ONCE + 1]
    finite = sample[np.isfinite(sample)]
    return float(np.quantile(finite, _NEARLY_ALL, method="higher")) if finite.size else 0.0


def _scaled(values: NDArray[Any], white: float) -> NDArray[np.uint8]:
    return np.rint(values.clip(0, white) * (255.0 / white)).astype(np.uint8)


def _bands(values: NDArray[Any]) -> Iterator[tuple[slice, NDArray[Any]]]:
    """Some rows after the other: their places, and their values, of which those that are not finite are zero."""
    step = max(1, _AT_ONCE // max(1, values[0].size)) if len(values) else 1
    for begin in range(0, len(values), step):
        place = slice(begin, begin + step)
        rows = values[place]
        if rows.dtype.kind == "f":
            rows = np.nan_to_num(rows.astype(np.float64), copy=False, nan=0.0, posinf=0.0, neginf=0.0)
        yield place, rows


def one_channel(image: Image.Image, white: float | None = None, transparent: object = None) -> Image.Image:
    """A picture of one channel of 16 or 32 bits, in Pillow's modes I, I;16… or F, as mode L.

    transparent: the value that stands for transparency, if it is a number; it becomes white.
    """
    values = np.asarray(image)
    pixels = to_8_bits(values, white)
    if isinstance(transparent, int):
        pixels[values == transparent] = 255
    return Image.fromarray(pixels)


def ranges(image: Image.Image) -> tuple[tuple[int, int], ...]:
    """The lowest and the highest value of each band of a picture that has several bands of 8 bits."""
    return cast("tuple[tuple[int, int], ...]", image.getextrema())


def flattened(pixels: NDArray[np.uint8]) -> Image.Image:
    """Pixels (height, width, channels) as mode L or RGB, on white. channels: 1 or 3, and perhaps alpha as the last."""
    channels = pixels.shape[2]
    if channels in (1, 3):
        return Image.fromarray(pixels[..., 0] if channels == 1 else pixels)
    return on_white(Image.fromarray(pixels))


def on_white(image: Image.Image) -> Image.Image:
    """A picture with transparency as mode RGB, on white."""
    layer = image.convert("RGBA")
    ground = Image.new("RGBA", layer.size, "white")
    ground.alpha_composite(layer)
    return ground.convert("RGB")
