"""Pictures whose structure is damaged, for benchmarks/fuzz.py and the tests: their counts, sizes and parts.

A picture is taken apart into what its format is made of (segments, chunks, blocks, boxes, tags), some of which are
repeated, left out, exchanged or given other numbers. The same random numbers give the same damage.
"""

import random
import struct
import zlib
from collections.abc import Callable

from benchmarks.mutations import EXTREMES, PNG_HEAD

COUNTS = (2, 10, 300, 5_000, 100_000)
MAX_BYTES = 5_000_000  # of a damaged picture

Parts = list[bytes]


def picture(rng: random.Random, pictures: dict[str, list[bytes]]) -> tuple[str, bytes]:
    """One of the pictures, with another structure: its format and the contents of its file."""
    name = rng.choice(list(pictures))
    content = rng.choice(pictures[name])
    if name == "TIFF":
        return name, _other_tiff(rng, content)
    apart, together = _WAYS.get(name, _WAYS["PPM"])
    parts = apart(content)
    for _ in range(rng.choice((1, 1, 2, 3))):
        _change(rng, parts)
    return name, together(parts)[:MAX_BYTES]


def _change(rng: random.Random, parts: Parts) -> None:
    """Repeat, leave out, move or change a part."""
    place = rng.randrange(len(parts))
    match rng.randrange(6):
        case 0 | 1:
            times = min(rng.choice(COUNTS), MAX_BYTES // max(1, len(parts[place])))
            parts[place : place + 1] = [parts[place]] * max(1, times)
        case 2 if len(parts) > 1:
            del parts[place]
        case 3:
            parts.insert(rng.randrange(len(parts)), parts[place])
        case _:
            parts[place] = _other_number(rng, parts[place])


def _other_number(rng: random.Random, part: bytes) -> bytes:
    """The part with another number, near its beginning as a rule, in which its sizes and counts stand."""
    if not part:
        return part
    content = bytearray(part)
    width = rng.choice((1, 2, 4))
    begin = rng.randrange(min(len(content), rng.choice((16, 64, 4096))))
    value = rng.choice(EXTREMES) % 256**width
    content[begin : begin + width] = value.to_bytes(width, rng.choice(("big", "little")))
    return bytes(content)


# Each format, taken apart and put together


def _jpeg_apart(content: bytes) -> Parts:
    """The marker at its beginning, its segments, and its scans with their data."""
    parts, place = [content[:2]], 2
    while place + 4 <= len(content) and content[place] == 0xFF and content[place + 1] != 0xDA:
        end = place + 2 + int.from_bytes(content[place + 2 : place + 4], "big")
        parts.append(content[place:end])
        place = end
    scans = content[place:].split(b"\xff\xda")
    return [*parts, *(b"\xff\xda" + scan for scan in scans[1:])]


def _png_apart(content: bytes) -> Parts:
    """Its signature and its chunks, without their checksums."""
    parts, place = [PNG_HEAD], len(PNG_HEAD)
    while place + 12 <= len(content):
        end = place + 8 + int.from_bytes(content[place : place + 4], "big")
        parts.append(content[place:end])
        place = end + 4
    return parts


def _png_together(parts: Parts) -> bytes:
    return b"".join(
        part if part == PNG_HEAD else part + struct.pack(">I", zlib.crc32(part[4:])) for part in parts if part
    )


def _gif_apart(content: bytes) -> Parts:
    """Its head with the colours, and every block of what follows."""
    place = 13 + (3 << (content[10] & 7) + 1 if content[10] & 0x80 else 0)
    parts = [content[:place]]
    while place < len(content):
        kind = content[place : place + 1]
        if kind == b",":
            flags = content[place + 9]
            end = place + 10 + (3 << (flags & 7) + 1 if flags & 0x80 else 0) + 1
        elif kind == b"!":
            end = place + 2
        else:
            end = len(content)
        parts.append(content[place:end])
        place = end
        while kind in (b",", b"!") and place < len(content):
            end = place + 1 + content[place]
            parts.append(content[place:end])
            place = end
            if parts[-1] == b"\0":
                break
    return parts


def _riff_apart(content: bytes) -> Parts:
    """The head of a WebP and its chunks."""
    parts, place = [content[:12]], 12
    while place + 8 <= len(content):
        length = int.from_bytes(content[place + 4 : place + 8], "little")
        end = place + 8 + length + (length & 1)
        parts.append(content[place:end])
        place = end
    return parts


def _riff_together(parts: Parts) -> bytes:
    whole = b"".join(parts)
    return whole[:4] + struct.pack("<I", (len(whole) - 8) % 2**32) + whole[8:]


def _boxes_apart(content: bytes) -> Parts:
    """The boxes of a HEIF, AVIF or JPEG 2000 file; those that hold others are opened, without their lengths."""
    parts, place = [], 0
    while place + 8 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, place)
        end = place + length if length >= 8 else len(content)
        head = {b"meta": 12, b"iprp": 8, b"ipco": 8, b"iinf": 14, b"jp2h": 8}.get(kind)
        if head is None:
            parts.append(content[place:end])
        else:
            parts += [content[place : place + head], *_boxes_apart(content[place + head : end])]
        place = end
    return [*parts, content[place:]] if place < len(content) or not parts else parts


def _stream_apart(content: bytes) -> Parts:
    """A JPEG 2000: its boxes, and the marker segments of its code stream."""
    start = content.find(b"\xff\x4f\xff\x51")
    parts, place = [content[:start], content[start : start + 2]], start + 2
    while place + 4 <= len(content) and content[place] == 0xFF and content[place + 1] != 0x93:
        end = place + 2 + int.from_bytes(content[place + 2 : place + 4], "big")
        parts.append(content[place:end])
        place = end
    return [*(part for part in parts if part), content[place:]]


def _icon_apart(content: bytes) -> Parts:
    """An icon's head, its list of pictures, and these."""
    count = int.from_bytes(content[4:6], "little")
    entries = [content[6 + 16 * number : 22 + 16 * number] for number in range(count)]
    return [content[:6], *entries, content[6 + 16 * count :]]


def _bitmap_apart(content: bytes) -> Parts:
    """The heads of a BMP, and its colours and pixels."""
    return [content[:14], content[14:54], content[54:]]


def _words_apart(content: bytes) -> Parts:
    """The words in the head of a PPM, and its pixels."""
    words = content.split(None, 4)
    return [part for word in words[:4] for part in (word, b"\n")] + words[4:] or [content]


def _other_tiff(rng: random.Random, content: bytes) -> bytes:
    """A TIFF with other types, counts or values in its tags, or a longer chain of directories."""
    changed = bytearray(content)
    order = "<" if content[:2] == b"II" else ">"
    (first,) = struct.unpack_from(order + "I", content, 4)
    (entries,) = struct.unpack_from(order + "H", content, first)
    for _ in range(rng.choice((1, 1, 2, 4))):
        place = first + 2 + 12 * rng.randrange(entries)
        match rng.randrange(6):
            case 0:
                struct.pack_into(order + "H", changed, place + 2, rng.choice((1, 2, 3, 4, 5, 7, 12, 13, 16, 999)))
            case 1 | 2:
                struct.pack_into(order + "I", changed, place + 4, rng.choice((*EXTREMES, *COUNTS)) % 2**32)
            case 3 | 4:
                value = rng.choice((*EXTREMES, *COUNTS, 5, 6, 8, 32_773, 34_712, 50_000, first, len(content)))
                struct.pack_into(order + "I", changed, place + 8, value % 2**32)
            case _:
                tag = rng.choice((254, 273, 277, 278, 279, 284, 317, 320, 322, 323, 324, 325, 330, 338, 34_665, 34_675))
                struct.pack_into(order + "H", changed, place, tag)
    if rng.random() < 0.2:  # the data for what claims much
        changed += bytes([rng.randrange(256)]) * rng.choice((1_000, 100_000, 3_000_000))
    return bytes(changed)


_WAYS: dict[str, tuple[Callable[[bytes], Parts], Callable[[Parts], bytes]]] = {
    "JPEG": (_jpeg_apart, b"".join),
    "MPO": (_jpeg_apart, b"".join),
    "PNG": (_png_apart, _png_together),
    "GIF": (_gif_apart, b"".join),
    "WEBP": (_riff_apart, _riff_together),
    "BMP": (_bitmap_apart, b"".join),
    "AVIF": (_boxes_apart, b"".join),
    "HEIF": (_boxes_apart, b"".join),
    "JPEG2000": (_stream_apart, b"".join),
    "ICO": (_icon_apart, b"".join),
    "PPM": (_words_apart, b"".join),
}
