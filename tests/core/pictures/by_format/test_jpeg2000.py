"""JPEG 2000 of 16 bits a channel, as cameras of fewer bits fill it. Pillow writes none in colour."""

import numpy as np
import pytest
from PIL import Image

from cnngui.core.pictures import images
from cnngui.core.pictures.by_format import jpeg2000

# 8 × 8 pixels of RGB (4095, 2048, 1024), lossless, as OpenJPEG writes them.
OF_12_BITS_IN_16 = bytes.fromhex(
    "ff4fff51002f0000000000080000000800000000000000000000000800000008000000000000000000030f01010f01010f01"
    "01ff52000c00000001000004040001ff5c00044080ff90000a00000000004d0001ff93cffc3054115054af823d4800018484"
    "bfee40a00000000c2423cffc303c115054af850d1400000018484bff7fcffc303c115054af861e1400000018484bff7fffd9"
)


def test_12_bits_in_16() -> None:
    found = np.asarray(images.read(OF_12_BITS_IN_16, 256), np.int16)
    assert np.abs(found - (255, 128, 64)).max() <= 8


def test_8_bits_stay() -> None:
    place = OF_12_BITS_IN_16.index(b"\xff\x51") + 40
    assert OF_12_BITS_IN_16[place] == 15
    changed = OF_12_BITS_IN_16[:place] + b"\x07" + OF_12_BITS_IN_16[place + 1 :]
    assert images.read(changed, 256).getextrema()[1] == (8, 8)


@pytest.mark.parametrize(("bits", "mode"), [(8, "RGB"), (10, "RGB"), (12, "RGBA"), (14, "LA"), (16, "RGB")])
def test_the_first_usual_white_that_no_value_exceeds(bits: int, mode: str) -> None:
    """The transparency has a white of its own."""
    steps = np.linspace(0, 2**bits - 1, 100)[:, None].repeat(4, 1)
    values = np.stack([np.rint(steps / 256)] * len(mode), -1).clip(0, 255).astype(np.uint8)
    if mode != "RGB":
        values[..., -1] = 255
    found = np.asarray(jpeg2000.scaled(Image.fromarray(values, mode)), np.int16)
    assert np.abs(found[..., 0] - steps * 255 / (2**bits - 1)).max() <= 128 * 255 / (2**bits - 1) + 1
    assert mode == "RGB" or (found[..., -1] == 255).all()
