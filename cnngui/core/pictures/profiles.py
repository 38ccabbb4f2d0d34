"""Colour profiles (ICC): from the colours of a camera, a display or a press to sRGB."""

import io
import re
from functools import lru_cache

import numpy as np
from PIL import Image, ImageChops, ImageCms

from cnngui.core.pictures.depth import ranges

MAX_CHEAP = 16_384  # bytes; the profiles of cameras and displays have up to 4 kB

_SIGNATURE = slice(36, 40)
_SPACE = slice(16, 20)
_MODES = {b"RGB ": "RGB", b"GRAY": "L", b"CMYK": "CMYK"}
_TABLES = re.compile(rb"[AD]2B[0-3]")  # of colours, or of arbitrary steps, instead of three curves and a matrix
_UNNOTICED = 2  # levels by which sRGB’s own profiles differ from one another
_CONTRAST = 64  # levels between white and black, at least


def is_cheap(profile: bytes) -> bool:
    """Whether it takes some microseconds to prepare. Others may take any time: their steps can be repeated."""
    return len(profile) <= MAX_CHEAP and not _TABLES.search(profile)


def to_srgb(image: Image.Image, profile: bytes, min_side: int) -> Image.Image:
    """An image in mode L, RGB or CMYK as RGB in the colours of sRGB.

    A damaged profile, or one for pictures of another kind, is ignored. Where its colours change, a large image is
    shrunk before by 2, 4 or 8, which takes less time, but its shorter side keeps ``min_side`` pixels if it has them.
    """
    mode = _MODES.get(profile[_SPACE])
    if image.mode == "L" and mode == "RGB":
        image = image.convert("RGB")
    if mode == image.mode and (transform := _transform(profile, mode)):
        return transform.apply(shrunk(image, min_side))
    return image.convert("RGB")


def shrunk(image: Image.Image, min_side: int) -> Image.Image:
    """The image at an eighth, a quarter or a half of its size if its shorter side keeps ``min_side`` pixels."""
    factor = next((factor for factor in (8, 4, 2) if min(image.size) >= factor * min_side), 1)
    return image if factor == 1 else image.reduce(factor)


@lru_cache(maxsize=4)
def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """What leads from a profile's colours to those of sRGB; None if they are the same, or if it is damaged."""
    if profile[_SIGNATURE] != b"acsp":
        return None
    try:
        opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        transform = ImageCms.ImageCmsTransform(opened, _srgb(), mode, "RGB")
    except (OSError, ValueError):
        return None
    ends = Image.new(mode, (2, 1))
    ends.putpixel((1, 0), (255,) * len(mode) if mode != "L" else 255)
    levels = np.asarray(transform.apply(ends), np.int16).sum(2)[0]
    if (levels[0] - levels[1]) * (1 if mode == "CMYK" else -1) < 3 * _CONTRAST:
        return None  # damaged where it can be noticed by its results only
    if mode == "CMYK":
        return transform
    trial = _trial(mode)
    changes = ImageChops.difference(transform.apply(trial), trial.convert("RGB"))
    return transform if any(most > _UNNOTICED for _, most in ranges(changes)) else None


@lru_cache(maxsize=1)
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def _trial(mode: str) -> Image.Image:
    """Colours of every kind, or all greys."""
    if mode == "L":
        return Image.linear_gradient("L")
    levels = range(0, 256, 51)
    trial = Image.new("RGB", (36, 6))
    trial.putdata([(red, green, blue) for red in levels for green in levels for blue in levels])
    return trial
