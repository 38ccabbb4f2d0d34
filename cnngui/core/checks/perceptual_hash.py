"""A hash of what a picture looks like: copies that are compressed, resized or a little brighter have nearly the same.

Source: the DCT hash of Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions", 2010.
"""

import numpy as np
from numpy.typing import NDArray

LOW = 8  # frequencies that count, in each direction


def perceptual_hashes(pixels: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """The hashes, uint64 (n,), of grey pictures, uint8 (n, side, side).

    Each bit tells whether one of a picture's 64 lowest frequencies is above their median.
    """
    waves = cosines(pixels.shape[1], LOW)
    low = (waves @ pixels.astype(np.float32) @ waves.T).reshape(len(pixels), LOW * LOW)
    bits = low > np.median(low, axis=1, keepdims=True)
    return np.packbits(bits, axis=1).view(">u8")[:, 0].astype(np.uint64)


def cosines(side: int, count: int) -> NDArray[np.float32]:
    """The lowest rows of the orthonormal discrete cosine transform (DCT-II): float32 (count, side)."""
    waves = np.cos(np.pi / side * np.arange(count)[:, None] * (np.arange(side) + 0.5))
    return np.asarray(waves / np.linalg.norm(waves, axis=1, keepdims=True), np.float32)
