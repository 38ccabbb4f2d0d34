"""Writes colour profiles (ICC.1:2022)."""

import struct
from collections.abc import Mapping

WHITE = (0.9642, 1.0, 0.8249)  # D50
DISPLAY_P3 = ((0.5151, 0.2412, -0.0011), (0.2919, 0.6922, 0.0419), (0.1572, 0.0666, 0.7841))
"""The red, green and blue of iPhones and Macs, as CIE XYZ."""

_Triple = tuple[float, float, float]


def display(primaries: tuple[_Triple, _Triple, _Triple] = DISPLAY_P3, gamma: float = 2.2) -> bytes:
    """The profile of a display or a camera: three primaries, and one curve for each."""
    tags = {f"{name}XYZ".encode(): _xyz(value) for name, value in zip("rgb", primaries, strict=True)}
    tags |= {f"{name}TRC".encode(): _curve(gamma) for name in "rgb"}
    return _profile(b"RGB ", b"XYZ ", tags)


def grey(gamma: float) -> bytes:
    """The profile of grey pictures with this gamma."""
    return _profile(b"GRAY", b"XYZ ", {b"kTRC": _curve(gamma)})


def press() -> bytes:
    """The profile of a press: a table from cyan, magenta, yellow and black to Lab. Its cyan prints as yellow."""
    printed = b""  # L*, a* and b* for all sixteen mixtures of full inks
    for number in range(16):
        cyan, magenta, yellow, black = (number >> place & 1 for place in (3, 2, 1, 0))
        lightness = 0 if black else 255 - 20 * cyan - 100 * magenta - 60 * yellow
        printed += bytes((lightness, 128 + 80 * magenta * (1 - black), 128 + 90 * cyan * (1 - black)))
    straight = bytes(range(256))
    head = b"mft1" + bytes(4) + bytes((4, 3, 2, 0)) + struct.pack(">9i", *(1 << 16, 0, 0, 0) * 2, 1 << 16)
    return _profile(b"CMYK", b"Lab ", {b"A2B0": head + 4 * straight + printed + 3 * straight})


def steps(count: int) -> bytes:
    """A profile that says to multiply by the same matrix again and again: 8 bytes each."""
    matrix = b"matf" + bytes(4) + struct.pack(">HH12f", 3, 3, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0)
    places = struct.pack(">II", 16 + 8 * count, len(matrix)) * count
    return _profile(b"RGB ", b"XYZ ", {b"D2B0": b"mpet" + struct.pack(">IHHI", 0, 3, 3, count) + places + matrix})


def _profile(space: bytes, connection: bytes, tags: Mapping[bytes, bytes]) -> bytes:
    tags = {b"wtpt": _xyz(WHITE), **tags}
    begin = 132 + 12 * len(tags)
    table, data = struct.pack(">I", len(tags)), b""
    for name, value in tags.items():
        table += name + struct.pack(">II", begin + len(data), len(value))
        data += value + bytes(-len(value) % 4)
    head = struct.pack(">I4x4s4s4s4s12x", 128 + len(table + data), b"\4\x40\0\0", b"prtr", space, connection)
    return (head + b"acsp" + bytes(28) + _xyz(WHITE)[8:]).ljust(128, b"\0") + table + data


def _xyz(values: _Triple) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">3i", *(round(value * 65536) for value in values))


def _curve(gamma: float) -> bytes:
    return b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"
