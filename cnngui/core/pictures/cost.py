"""Which pictures are known to take little time and memory, before any of it is spent.

Pillow reads some parts of files piece by piece in Python, and decoders repeat work as often as a file tells them to: a
few bytes may take minutes. Cheap are the usual kinds of the usual formats; of others, nothing is known.
"""

import re
import struct
from collections.abc import Callable
from functools import partial
from typing import BinaryIO

MAX_SCANNED = 2_000_000_000
"""Pixels × scans of a JPEG; decoding these takes a few seconds.

A scan of 10 bytes may cover all pixels, and libjpeg sets no limit. Ten scans are usual.
"""

MAX_SEGMENTS = 1000  # before the pixels of a JPEG; photographs have ten to fifty
MAX_PIXEL_CHUNKS = 20_000  # of a PNG; most programs write 8 kB into each
MAX_OTHER_CHUNKS = 200  # of a PNG; each may unpack to 1 MB
MAX_BLOCKS = 10_000  # before the pixels of a GIF; they have 255 bytes each

_START = 512  # bytes, in which the header of a BMP or PPM file ends
_FRAMES = frozenset(range(0xFFC0, 0xFFD0)) - {0xFFC4, 0xFFC8, 0xFFCC}  # SOF markers (ITU-T T.81, table B.1)
_SOS, _APP1 = 0xFFDA, 0xFFE1
_SCAN = re.compile(b"\xff\xda")  # found in half the time that bytes.count takes
_COMMENT = rb"\s(?:#[^\r\n]*[\r\n])?"
_PPM = re.compile(rb"P4%b\d+\s+\d+\s|P[56]%b\d+\s+\d+\s+255\s" % (_COMMENT, _COMMENT))
_BMP_PLAIN, _BMP_MASKS = 0, 3  # kinds of compression


def name_if_cheap(file: BinaryIO) -> str | None:
    """Pillow's name of the picture's format if the picture is known to be cheap, else None.

    file: anything. It is left at its beginning.
    """
    file.seek(0)
    start = file.read(_START)
    try:
        for begins, name, is_cheap in _FORMATS:
            if begins.match(start):
                return name if is_cheap(file, start) else None
    except (struct.error, IndexError):  # the file is cut short
        return None
    finally:
        file.seek(0)
    return None


def _is_cheap_jpeg(file: BinaryIO, start: bytes) -> bool:
    """Whether it has a frame, few segments before its pixels, EXIF data in one of them at most, and few scans."""
    place, pixels, exifs = 2, 0, 0
    for _ in range(MAX_SEGMENTS):
        file.seek(place)
        segment = file.read(10)
        marker, length = struct.unpack_from(">HH", segment)
        if marker == _SOS:
            file.seek(place)
            scans = sum(len(_SCAN.findall(part)) for part in iter(partial(file.read, 1 << 20), b""))
            return 0 < scans * pixels <= MAX_SCANNED
        if marker in _FRAMES:  # libjpeg refuses a second one
            height, width = struct.unpack_from(">HH", segment, 5)
            pixels = width * height
        elif not 0xFFC0 < marker < 0xFFFF:
            return False
        exifs += marker == _APP1 and segment[4:] == b"Exif\0\0"
        if exifs > 1:
            return False
        place += 2 + length
    return False


def _is_cheap_png(file: BinaryIO, start: bytes) -> bool:
    """Whether it has few chunks."""
    place, pixel_chunks, others = 8, 0, 0
    while pixel_chunks <= MAX_PIXEL_CHUNKS and others <= MAX_OTHER_CHUNKS:
        file.seek(place)
        head = file.read(8)
        if len(head) < 8 or head[4:] == b"IEND":
            return True
        pixel_chunks += head[4:] == b"IDAT"
        others += head[4:] != b"IDAT"
        place += 12 + int.from_bytes(head[:4], "big")
    return False


def _is_cheap_gif(file: BinaryIO, start: bytes) -> bool:
    """Whether it has few blocks before its first frame."""
    flags = start[10]
    file.seek(13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0))  # after the colour table
    left = MAX_BLOCKS
    while left > 0 and (kind := file.read(2))[:1] == b"!":
        first = _block(file)
        block = first and _block(file)
        if not first or (first.startswith(b"NETSCAPE2.0") and not block):
            return False  # Pillow would look for its blocks further on
        while block and left > 0:
            left -= 1
            block = _block(file)
        left -= 1
    return left > 0 and kind[:1] == b","


def _block(file: BinaryIO) -> bytes:
    """The next block of a GIF; b"" ends a row of blocks."""
    return file.read(file.read(1)[0])


def _is_cheap_bmp(file: BinaryIO, start: bytes) -> bool:
    """Whether its pixels are stored plainly."""
    header, kind = struct.unpack_from("<I12xI", start, 14)
    return header == 12 or kind in (_BMP_PLAIN, _BMP_MASKS)


def _is_cheap(file: BinaryIO, start: bytes) -> bool:
    """True: the decoder is quick, and its work is limited by the number of pixels."""
    return True


_FORMATS: tuple[tuple[re.Pattern[bytes], str, Callable[[BinaryIO, bytes], bool]], ...] = (
    (re.compile(rb"\xff\xd8\xff"), "JPEG", _is_cheap_jpeg),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "PNG", _is_cheap_png),
    (re.compile(rb"RIFF....WEBPVP8", re.DOTALL), "WEBP", _is_cheap),
    (re.compile(rb"GIF8[79]a"), "GIF", _is_cheap_gif),
    (re.compile(rb"BM"), "BMP", _is_cheap_bmp),
    (_PPM, "PPM", _is_cheap),
)
