"""Which files are pictures: by their suffixes, and by their first bytes."""

import re
from collections.abc import Sequence

from PIL import Image

from cnngui.core.pictures.by_format import heif

SUFFIXES = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".apng", ".gif", ".webp", ".avif", ".heic", ".heif", ".hif"),
    *(".bmp", ".ico"),
    *(".tif", ".tiff", ".jp2", ".ppm", ".pgm", ".pbm", ".pnm"),
)
"""The usual suffixes of readable files, for file dialogs. Reading itself considers the contents only."""

# Pillow reads more, but some of them run programs (EPS) or have no signature, so that anything may match (TGA).
ALL = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF", "JPEG2000", "ICO", "PPM", "HEIF")
"""The formats that are read, by Pillow's names."""

HELD = ("WEBP", "AVIF", "HEIF")
"""Those whose files Pillow holds in memory as a whole."""

_USUAL = {
    "JPEG": ".jpg",
    "PNG": ".png",
    "GIF": ".gif",
    "WEBP": ".webp",
    "BMP": ".bmp",
    "TIFF": ".tif",
    "AVIF": ".avif",
    "JPEG2000": ".jp2",
    "ICO": ".ico",
    "PPM": ".ppm",
    "HEIF": ".heic",
}

START = 64
"""The first bytes of a file, enough for :func:`looks_like_picture`."""

# Text may begin like BMP and PPM: "BMW", "Python". A picture goes on like this.
_WEAK = (b"BM", b"P")
_AFTER_WEAK = re.compile(
    rb"BM.{12}[\x0c\x10\x28\x34\x38\x40\x6c\x7c]\0\0\0 | P([1-6f]|0CMYK|y(P|RGBA|CMYK))\s+[\d#]", re.DOTALL | re.VERBOSE
)


def looks_like_picture(start: bytes) -> bool:
    """Whether a file with these first bytes, ``START`` of them, may be a picture of one of the formats."""
    if start.startswith(_WEAK) and not _AFTER_WEAK.match(start):
        return False
    return begins_like(start, ALL)


def begins_like(start: bytes, formats: Sequence[str]) -> bool:
    """Whether Pillow takes these bytes for the beginning of one of these formats."""
    Image.init()
    if _has_boxes(start):
        heif.register()
    checks = (Image.OPEN[name][1] for name in formats if name in Image.OPEN)
    return any(accepts is not None and accepts(start) for accepts in checks)


def suffix_of(start: bytes) -> str:
    """The usual suffix of a picture that begins with these bytes; "" if it is none."""
    return next((suffix for name, suffix in _USUAL.items() if begins_like(start[:START], (name,))), "")


def is_heif(start: bytes) -> bool:
    """Whether these first bytes are those of a HEIC or HEIF file. Quick for others."""
    return _has_boxes(start) and begins_like(start, ("HEIF",))


def _has_boxes(start: bytes) -> bool:
    """Whether a file may be HEIF, AVIF or a video."""
    return start[4:8] == b"ftyp"
