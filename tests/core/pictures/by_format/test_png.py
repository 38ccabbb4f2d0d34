"""PNG files of 16 bits a channel, as cameras of fewer bits fill them."""

import struct
import zlib

import numpy as np
import pytest
from numpy.typing import NDArray

from cnngui.core.pictures import depth, images


def png(values: NDArray[np.uint16], transparent: tuple[int, ...] = ()) -> bytes:
    """A PNG of 16 bits a channel: grey, grey with alpha, RGB or RGBA. transparent: the value that stands for that."""
    height, width, channels = values.shape
    kind = {1: 0, 2: 4, 3: 2, 4: 6}[channels]
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 16, kind, 0, 0, 0))
    if transparent:
        header += chunk(b"tRNS", struct.pack(f">{len(transparent)}H", *transparent))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def levels() -> NDArray[np.uint8]:
    down, right = np.mgrid[0:40, 0:50]
    return np.stack([down * 255 // 39, right * 255 // 49, (down * 31 + right * 17) % 256], -1).astype(np.uint8)


@pytest.mark.parametrize("bits", [8, 10, 12, 14, 16])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_the_first_usual_white_that_no_value_exceeds(bits: int, channels: int) -> None:
    colours = 1 if channels < 3 else 3
    values = np.rint(levels() * ((2**bits - 1) / 255)).astype(np.uint16)[..., :colours]
    expected = np.broadcast_to(levels()[..., :colours], levels().shape)
    if channels in (2, 4):
        values = np.concatenate([values, np.full_like(values[..., :1], 65_535)], -1)
    found = np.asarray(images.read(png(values), 256), np.int16)
    assert np.abs(found - expected).max() <= 1


def test_transparency_of_few_bits() -> None:
    values = np.zeros((4, 4, 4), np.uint16)
    values[:2, :, 3] = 4095
    values[2:, :, 0] = 4095
    found = np.asarray(images.read(png(values), 256))
    assert (found[:2] == 0).all()
    assert (found[2:] == 255).all()


def test_grey_with_transparency() -> None:
    values = np.full((4, 4, 2), 65_535, np.uint16)
    values[:2, :, 0] = 0
    values[:, 2:, 1] = 0
    found = np.asarray(images.read(png(values), 256))
    assert found[:, :, 0].tolist() == [[0, 0, 255, 255]] * 2 + [[255] * 4] * 2


@pytest.mark.parametrize("bits", [12, 16])
@pytest.mark.parametrize("channels", [1, 3])
def test_a_transparent_value_is_white(bits: int, channels: int) -> None:
    """No other value is, however near: it is told by all of its 16 bits."""
    values = np.rint(levels() * ((2**bits - 1) / 255)).astype(np.uint16)[..., :channels]
    transparent = tuple(map(int, values[3, 7]))
    values[4, 7] = [value + 1 for value in transparent]
    expected = np.broadcast_to(depth.to_8_bits(values), levels().shape).copy()
    expected[(values == transparent).all(2)] = 255
    found = np.asarray(images.read(png(values, transparent), 256), np.int16)
    assert (found[3, 7] == 255).all()
    assert np.abs(found - expected).max() <= 1
