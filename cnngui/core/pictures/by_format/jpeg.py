"""JPEG files that lack a part, as an interrupted download or a full disk leaves them."""

import io
import re
import struct
from contextlib import suppress
from functools import partial
from typing import BinaryIO, NamedTuple

from PIL import Image, ImageChops

MAX_MISSING = 0.1  # the share of a picture, at its end, which is grey then
MAX_UNREFINED = 0.5  # the share that lacks the last bit of its coefficients, which nobody sees

_END = b"\xff\xd9"
_AT_ONCE = 1 << 16  # bytes
_MANY = 16  # zeros; what other programs append may end in some
_GAP = bytes(512)  # the least that a disk leaves unwritten; a blank picture may have so many zeros too
_LAST = 16  # bytes, without which a picture lacks its last blocks
_GREY = {127, 128}  # what libjpeg makes of missing blocks, in any colours
_NOISE = bytes(range(1, 255))
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # that is no part of a scan
_STRANGE = (struct.error, LookupError, ValueError)
_PART = 1 << 18  # bytes
_BLOCKS = 16  # rows of pixels that are coded together, as a rule
_CORNER = 2  # pixels: these blocks, where the picture is shrunk the most
_SCAN = 0xDA
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_READ = {0xC0, 0xC1, 0xC2, 0xC9, 0xCA}


def ends_in_zeros(file: BinaryIO) -> bool:
    """Whether a JPEG ends in zeros that follow no end of a picture: room on the disk that was never filled."""
    end = place = file.seek(0, io.SEEK_END)
    last = b""
    while place > 0 and not last:
        begin = max(0, place - _AT_ONCE)
        file.seek(begin)
        last = file.read(place - begin).rstrip(b"\0")
        place = begin
    file.seek(max(0, place + len(last) - len(_END)))
    return end - place - len(last) >= _MANY and file.read(len(_END)) != _END


def completed(file: BinaryIO, min_side: int, most_bytes: int) -> Image.Image | None:
    """A JPEG that lacks only its end, loaded; None if it lacks more, or has another fault.

    It is shrunk as by Pillow's draft mode. most_bytes: longer files are not read.
    Raises OSError, or what else Pillow raises for damaged pictures.
    """
    file.seek(0)
    content = file.read(most_bytes + 1)
    if len(content) > most_bytes:
        return None
    content = content.rstrip(b"\0").rstrip(b"\xff")  # zeros as in ends_in_zeros
    if content.endswith(_END):
        return None
    scans = _scans(content)
    if not scans.are_all:
        return None
    image, share = _with_missing(content, min_side)
    return image if share <= (MAX_UNREFINED if scans.last_refines else MAX_MISSING) else None


def is_doubtful(image: Image.Image, file: BinaryIO) -> bool:
    """Whether a loaded JPEG may lack a part before its end, going by what is quickly seen: grey, a gap or few scans."""
    width, height = image.size
    corner = image.crop((max(0, width - _CORNER), max(0, height - _CORNER), width, height))
    if set(corner.tobytes()) <= _GREY:
        return True
    file.seek(0)
    if not image.info.get("progressive"):
        return any(_GAP in part for part in iter(partial(file.read, _PART), b""))  # of twice its size, surely
    with suppress(*_STRANGE):
        return not _scans(file.read()).are_all
    return False


def is_whole(file: BinaryIO, min_side: int, most_bytes: int) -> bool:
    """Whether a doubtful JPEG has what it needs: all of its scans, and data for its blocks up to its end, no more.

    most_bytes: of longer files, nothing is said. Raises as :func:`completed`.
    """
    file.seek(0)
    content = file.read(most_bytes + 1)
    if len(content) > most_bytes:
        return True
    try:
        scans = _scans(content)
    except _STRANGE:
        return True
    data = content[: scans.end]
    if not scans.are_all or _with_missing(data, min_side)[1] > (0 if _GAP in data else MAX_MISSING):
        return False
    # After a gap, the decoder is out of step: it has all blocks before the data end.
    return _GAP not in data or _with_missing(data[:-_LAST].rstrip(b"\xff"), min_side)[1] > 0


def _with_missing(data: bytes, min_side: int) -> tuple[Image.Image, float]:
    """The picture of a JPEG without its end marker, and the share of it that lacks data."""
    image = _loaded(data + _END, min_side)
    return image, _missing(image, _loaded(data + _NOISE + _END, min_side))  # the same up to where the data end


def _loaded(content: bytes, min_side: int) -> Image.Image:
    image = Image.open(io.BytesIO(content), formats=("JPEG",))
    image.draft("", (min_side, min_side))
    image.load()
    return image


def _missing(image: Image.Image, other: Image.Image) -> float:
    """The share of the picture from where the two differ on."""
    difference = ImageChops.difference(image, other)
    box = difference.getbbox()
    if box is None:
        return 0.0
    width, height = image.size
    top = box[1]
    row = difference.crop((0, top, width, top + 1)).getbbox()
    left = row[0] if row else 0
    return 1 - (top + min(_BLOCKS, height - top) * left / width) / height


class _Scans(NamedTuple):
    """are_all: whether every coefficient of every component is in a scan, to its last bit; the last scan may end early.

    last_refines: whether the last scan only adds a bit to what others hold. end: the place of the end marker, or of the
    file's end.
    """

    are_all: bool
    last_refines: bool
    end: int


def _scans(content: bytes) -> _Scans:
    """Raises one of _STRANGE if the file ends in a header, or is no ordinary JPEG."""
    missing: dict[int, dict[int, int]] = {}  # by component: the bits that each coefficient still lacks
    place, refines = 2, False
    while match := _MARKER.search(content, place):
        place = match.end()
        marker = match[0][1]
        if marker == _END[1]:  # what follows is no part of it
            break
        (length,) = struct.unpack_from(">H", content, place)
        if marker in _FRAMES:
            count = content[place + 7]
            missing = {content[place + 8 + 3 * number]: dict.fromkeys(range(64), 99) for number in range(count)}
        elif marker == _SCAN:
            count = content[place + 2]
            first, last, bits = content[place + length - 3 : place + length]
            refines = bits >> 4 > 0
            for number in range(count):
                coefficients = missing[content[place + 3 + 2 * number]]
                coefficients |= dict.fromkeys(range(first, last + 1), bits & 15)
        place += length
    are_all = bool(missing) and not any(any(each.values()) for each in missing.values())
    return _Scans(are_all, refines, match.start() if match else len(content))


def unusual(file: BinaryIO) -> str:
    """What makes a JPEG one that few programs read, such as “of 12 bits”; "" if nothing does."""
    file.seek(0)
    content = file.read(1 << 20)
    place = 2
    while match := _MARKER.search(content, place):
        marker, place = match[0][1], match.end()
        if marker == 0xF7:
            return "JPEG-LS"
        if marker in _FRAMES and len(content) > place + 2:
            bits = content[place + 2]
            if bits != 8:
                return f"of {bits} bits"
            return "" if marker in _READ else "lossless or hierarchical"
        if marker == _SCAN or len(content) < place + 2:
            return ""
        place += int.from_bytes(content[place : place + 2], "big")
    return ""
