"""Whether two small pictures show the same, when one may be mirrored or lack a strip at its edges."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from cnngui.core.checks.perceptual_hash import cosines

CUT = 0.05  # of a side, which a copy may lack at either end
_WINDOWS = ((0.0, 1.0), (CUT, 1 - CUT), (CUT, 1.0), (0.0, 1 - CUT))  # what a copy may show of a side
_COARSE = 3  # frequencies that do not count, in each direction: a pale sky above a dark sea says nothing


def correlations(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The correlation of each picture of ``first`` with that of ``second``, where they fit best: float32 (n,), −1 to 1.

    Both are grey pictures, uint8 (n, side, side). One may be a mirror image, and one may lack 5 % at any of its edges.
    Only what is finer than a third of the picture counts. Without any of that, the correlation is nearly 0.
    """
    one, other = first.astype(np.float32), second.astype(np.float32)
    return np.maximum(_best(one, other), _best(other, one))


def _best(whole: NDArray[np.float32], copy: NDArray[np.float32]) -> NDArray[np.float32]:
    """The highest correlation of any part of ``whole`` with ``copy`` or its mirror image: float32 (n,)."""
    waves = cosines(whole.shape[1], _COARSE)
    fine = copy - waves.T @ (waves @ copy @ waves.T) @ waves
    parts = _parts(whole)  # (n, windows, side, side)
    coarse = waves @ parts @ waves.T
    # The coarse part is orthogonal to the fine one, so that it need not be taken from each part.
    lengths = np.sqrt(np.maximum((parts**2).sum((2, 3)) - (coarse**2).sum((2, 3)), 0))
    lengths *= np.sqrt((fine**2).sum((1, 2)))[:, None]
    rows = parts.reshape(*parts.shape[:2], -1)
    products = [rows @ view.reshape(len(view), -1, 1) for view in (fine, fine[:, :, ::-1])]
    return np.asarray((np.maximum(*products)[..., 0] / np.maximum(lengths, 1.0)).max(1), np.float32)


def _parts(images: NDArray[np.float32]) -> NDArray[np.float32]:
    """What copies may show of the images, each part stretched to the whole side: float32 (n, 16, side, side)."""
    side = images.shape[1]
    stretch = _stretch(side)
    wide = (images.reshape(-1, side) @ stretch.T).reshape(len(images), side, -1)
    both = stretch @ wide  # (n, windows × side, windows × side)
    count = len(_WINDOWS)
    return both.reshape(-1, count, side, count, side).swapaxes(2, 3).reshape(-1, count * count, side, side)


@cache
def _stretch(side: int) -> NDArray[np.float32]:
    """The matrices that interpolate ``side`` pixels over each window of a row: float32 (windows × side, side)."""
    middles = (np.arange(side) + 0.5) / side
    places = np.concatenate([(start + middles * (end - start)) * side - 0.5 for start, end in _WINDOWS])
    weights = np.maximum(0, 1 - np.abs(places[:, None] - np.arange(side)))
    return np.asarray(weights / weights.sum(1, keepdims=True), np.float32)
