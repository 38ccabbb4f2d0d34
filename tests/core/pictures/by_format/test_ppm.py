"""PPM of 16 bits a channel, as cameras of fewer bits fill it."""

import numpy as np
import pytest

from cnngui.core.errors import UserError
from cnngui.core.pictures import decoding, images


@pytest.mark.parametrize("bits", [8, 10, 12, 14, 16])
def test_the_first_usual_white_that_no_value_exceeds(bits: int) -> None:
    levels = np.random.default_rng(0).integers(0, 256, (40, 50, 3))
    levels[0, 0] = 255
    values = np.rint(levels * ((2**bits - 1) / 255)).astype(">u2").tobytes()
    found = np.asarray(images.read(b"P6\n# drawn\n50 40\n65535\n" + values, 256), np.int16)
    assert np.abs(found - levels).max() <= 1


def test_one_that_is_cut_short() -> None:
    with pytest.raises(UserError, match=decoding.DAMAGED):
        images.read(b"P6 50 40 65535\n" + bytes(11_999), 256)
