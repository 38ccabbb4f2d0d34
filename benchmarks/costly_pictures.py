"""Small pictures that take long or much memory to decode, for benchmarks/fuzz.py and the tests.

Each function writes one with ``count`` of what makes it costly; MAKERS has a count that takes more than 5 s or 1 GB.
"""

import io
import struct
import zlib
from collections.abc import Callable

import numpy as np
from PIL import Image

from benchmarks import icc_files, tiff_files


def jpeg_scans(count: int, side: int = 9000) -> bytes:
    """A sequential JPEG in which empty scans cover the picture again and again."""
    tables, frame = _jpeg_parts(side)
    scan = b"".join(b"\xff\xda" + struct.pack(">HB", 8, 1) + bytes((part, 0, 0, 63, 0)) for part in (1, 2, 3))
    return b"\xff\xd8" + tables + frame + scan * (count // 3) + b"\xff\xd9"


def jpeg_segments(count: int) -> bytes:
    """A JPEG with empty comments before its pixels."""
    whole = _encoded(Image.new("RGB", (16, 16)), "JPEG")
    return whole[:2] + b"\xff\xfe\0\2" * count + whole[2:]


def jpeg_fill(count: int) -> bytes:
    """A JPEG with padding before a marker."""
    whole = _encoded(Image.new("RGB", (16, 16)), "JPEG")
    return whole[:2] + b"\xff" * count + whole[2:]


def jpeg_exif(count: int) -> bytes:
    """A JPEG to be turned, whose EXIF tags all refer to the same 50 kB, in each of several segments."""
    entries = [(0x0112, 3, 1, 6 << 16), *((0x9000 + number, 3, 25_000, 12_000) for number in range(900))]
    directory = struct.pack(">H", len(entries)) + b"".join(struct.pack(">HHII", *entry) for entry in entries)
    exif = b"Exif\0\0MM\0*" + struct.pack(">I", 8) + directory + bytes(4)
    segment = b"\xff\xe1" + struct.pack(">H", 65_535) + exif.ljust(65_533, b"\1")
    whole = _encoded(Image.new("RGB", (16, 16)), "JPEG")
    return whole[:2] + segment * count + whole[2:]


def png_chunks(count: int) -> bytes:
    """A PNG with empty chunks that nobody knows."""
    whole = _encoded(Image.new("RGB", (16, 16)), "PNG")
    return whole[:33] + _chunk(b"abCd", b"") * count + whole[33:]


def png_pixels(count: int) -> bytes:
    """A PNG whose pixels come in chunks, most of them empty."""
    whole = _encoded(Image.new("RGB", (16, 16)), "PNG")
    return whole[:33] + _chunk(b"IDAT", b"") * count + whole[33:]


def png_profiles(count: int) -> bytes:
    """A PNG with colour profiles that unpack to 1 MB each."""
    whole = _encoded(Image.new("RGB", (16, 16)), "PNG")
    return whole[:33] + _chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(1_000_000), 9)) * count + whole[33:]


def gif_comments(count: int) -> bytes:
    """A GIF with a comment in blocks of one byte."""
    whole = _encoded(Image.new("P", (16, 16)), "GIF")
    return _before_frame(whole, b"!\xfe" + b"\1x" * count + b"\0")


def gif_hidden_blocks(count: int) -> bytes:
    """A GIF whose loop extension ends at once, where Pillow takes what follows for more blocks."""
    whole = _encoded(Image.new("P", (16, 16)), "GIF")
    like_a_frame = b",".ljust(1 + ord(","), b"\0")
    return _before_frame(whole, b"!\xff\x0bNETSCAPE2.0\0" + like_a_frame + b"\1x" * count + b"\0")


def gif_junk(count: int) -> bytes:
    """A GIF with bytes that mean nothing before its frame."""
    return _before_frame(_encoded(Image.new("P", (16, 16)), "GIF"), b"\1" * count)


def bmp_runs(count: int) -> bytes:
    """A BMP whose pixels are runs of one."""
    width = 5000
    height = count // width
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 1, 2 * count, 0, 0, 256, 0)
    pixels = (b"\1\5" * width + b"\0\0") * height + b"\0\1"
    start = 14 + 40 + 1024
    return b"BM" + struct.pack("<IHHI", start + len(pixels), 0, 0, start) + header + bytes(1024) + pixels


def pgm_values(count: int) -> bytes:
    """A PGM whose largest value is not 255."""
    return b"P5 1000 %d 254\n" % (count // 1000) + b"\7" * count


def ppm_comment(count: int) -> bytes:
    """A PPM with a long comment in its header."""
    return b"P6\n#" + b"x" * count + b"\n1 1 255\nabc"


def ppm_text(count: int) -> bytes:
    """A PGM written as text."""
    return b"P2 1000 %d 9\n" % (count // 1000) + b"7 " * count


def tiff_strips(count: int) -> bytes:
    """A TIFF of one column, with a strip for every pixel."""
    tags = [
        *((256, 4, 1, 1), (257, 4, 1, count), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1)),
        *((273, 1, count, 200), (278, 4, 1, 1), (279, 1, count, 200)),
    ]
    return _tiff(tags).ljust(200, b"\0") + b"\1" * count


def tiff_profile(count: int) -> bytes:
    """A TIFF with a colour profile of many steps."""
    return tiff_files.tiff(tiff_files.Page(np.zeros((16, 16, 3), np.uint8), profile=icc_files.steps(count)))


def tiff_pages(count: int) -> bytes:
    """A TIFF of small empty pages."""
    return tiff_files.tiff([tiff_files.Page(np.zeros((1, 1, 1), np.uint8), 1)] * count)


def jp2_tiles(count: int, components: int = 600) -> bytes:
    """A JPEG 2000 whose box says RGB, and whose code stream has many tiles and components."""
    columns = 150
    rows = count // columns
    siz = struct.pack(">HIIIIIIIIH", 0, columns, rows, 0, 0, 1, 1, 0, 0, components) + b"\7\1\1" * components
    cod = b"\xff\x52" + struct.pack(">HBBHBBBBBB", 12, 0, 0, 1, 0, 5, 4, 4, 0, 1)
    qcd = b"\xff\x5c" + struct.pack(">HB", 3 + 16, 0x40) + bytes(16)
    sot = b"\xff\x90" + struct.pack(">HHIBB", 10, 0, 14, 0, 1) + b"\xff\x93"
    stream = b"\xff\x4f\xff\x51" + struct.pack(">H", len(siz) + 2) + siz + cod + qcd + sot + b"\xff\xd9"
    header = _box(b"ihdr", struct.pack(">IIHBBBB", rows, columns, 3, 7, 7, 0, 0))
    colour = _box(b"colr", struct.pack(">BBBI", 1, 0, 0, 16))
    start = _box(b"jP  ", b"\r\n\x87\n") + _box(b"ftyp", b"jp2 \0\0\0\0jp2 ")
    return start + _box(b"jp2h", header + colour) + _box(b"jp2c", stream)


def icon_of_chunks(count: int) -> bytes:
    """An icon that holds a PNG with empty chunks."""
    png = png_chunks(count)
    return struct.pack("<HHH", 0, 1, 1) + struct.pack("<BBBBHHII", 16, 16, 0, 0, 1, 32, len(png), 22) + png


def _jpeg_parts(side: int) -> tuple[bytes, bytes]:
    """The tables of a JPEG, and a frame of three components."""
    small = _encoded(Image.new("L", (16, 16)), "JPEG")
    place, tables = 2, b""
    while small[place + 1] != 0xDA:
        length = struct.unpack_from(">H", small, place + 2)[0]
        if small[place + 1] in (0xDB, 0xC4):
            tables += small[place : place + 2 + length]
        place += 2 + length
    parts = b"".join(bytes((part, 0x11, 0)) for part in (1, 2, 3))
    return tables, b"\xff\xc0" + struct.pack(">HBHHB", 17, 8, side, side, 3) + parts


def _before_frame(gif: bytes, content: bytes) -> bytes:
    place = 13 + (3 << (gif[10] & 7) + 1 if gif[10] & 0x80 else 0)
    return gif[:place] + content + gif[place:]


def _tiff(tags: list[tuple[int, int, int, int]]) -> bytes:
    entries = b"".join(struct.pack("<HHII", *tag) for tag in tags)
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + kind + content


def _encoded(image: Image.Image, name: str) -> bytes:
    file = io.BytesIO()
    image.save(file, name)
    return file.getvalue()


MAKERS: dict[str, tuple[Callable[[int], bytes], int]] = {
    "JPEG, scans": (jpeg_scans, 20_000),
    "JPEG, segments": (jpeg_segments, 12_000_000),
    "JPEG, fill": (jpeg_fill, 50_000_000),
    "JPEG, EXIF": (jpeg_exif, 700),
    "PNG, chunks": (png_chunks, 4_000_000),
    "PNG, pixels": (png_pixels, 4_000_000),
    "PNG, profiles": (png_profiles, 45_000),
    "GIF, comments": (gif_comments, 24_000_000),
    "GIF, hidden": (gif_hidden_blocks, 24_000_000),
    "GIF, junk": (gif_junk, 49_000_000),
    "BMP, runs": (bmp_runs, 24_000_000),
    "PGM, values": (pgm_values, 34_000_000),
    "PPM, comment": (ppm_comment, 49_000_000),
    "PPM, text": (ppm_text, 24_000_000),
    "TIFF, strips": (tiff_strips, 3_000_000),
    "TIFF, profile": (tiff_profile, 1_000_000),
    "TIFF, pages": (tiff_pages, 5_000),
    "JP2, tiles": (jp2_tiles, 30_000),
    "ICO, chunks": (icon_of_chunks, 4_000_000),
}
