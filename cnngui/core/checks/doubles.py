"""Near-doubles: pictures that show the same, compressed, resized, brighter, cropped or mirrored."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from cnngui.core.checks.alignment import correlations
from cnngui.core.checks.looks import Looks
from cnngui.core.checks.perceptual_hash import perceptual_hashes
from cnngui.core.data.groups import Groups
from cnngui.core.errors import Stopped
from cnngui.core.progress import Progress, Report, ShouldStop, never_stop, no_report

# Chosen on planted copies and on what else was found, among photographs and CIFAR-10 images (benchmarks/doubles.py).
# The features alone take any two brown horses for the same, the hash alone any two ships on a horizon.
LEAST_OF_ANY = 0.9  # cosine similarity of the features of near-doubles
MOST_BITS = 6  # of 64 by which their hashes differ; if more,
LEAST_SIMILARITY = 0.95  # the features are more alike than this,
LEAST_CORRELATION = 0.85  # and so are the pixels where the pictures fit best
MOST_FITTED = 5  # pictures that each is fitted to, pixel by pixel: the later ones with the most similar features

_CELLS = 2_000_000  # similarities in memory at once: 8 MB; more would hold Python's lock for longer than 20 ms
_FITTED_AT_ONCE = 100  # pairs: 20 MB


def near_doubles(looks: Looks, progress: Report = no_report, should_stop: ShouldStop = never_stop) -> Groups:
    """The groups of pictures that show the same, also by way of others in the group. Raises Stopped."""
    sets = _Sets(len(looks))
    for first, second in pairs(looks, progress, should_stop):
        sets.join(first, second)
    return sets.groups()


def pairs(
    looks: Looks, progress: Report = no_report, should_stop: ShouldStop = never_stop
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """The pairs of near-doubles: their lower and their higher numbers, a part at a time; a pair may come twice."""
    features, hashes = looks.features.astype(np.float32), perceptual_hashes(looks.pixels)
    step = max(1, _CELLS // max(1, len(looks)))
    for start in range(0, len(looks), step):
        if should_stop():
            raise Stopped
        progress(Progress("Comparing the pictures", start, len(looks)))
        cosine = features[start : start + step] @ features[start:].T
        cosine[np.tril_indices(len(cosine))] = -1  # only with later ones
        rows, others = np.nonzero(cosine >= LEAST_OF_ANY)
        same = np.bitwise_count(hashes[rows + start] ^ hashes[others + start]) <= MOST_BITS
        yield rows[same] + start, others[same] + start
        cosine[rows[same], others[same]] = -1  # found
        rows, others = _nearest(cosine)
        yield _fitted(looks.pixels, rows + start, others + start)


def _nearest(cosine: NDArray[np.float32]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The rows and columns of the few highest similarities of each row, if they are worth a closer look."""
    count = min(MOST_FITTED, cosine.shape[1])
    rows = np.flatnonzero(cosine.max(1, initial=-1) >= LEAST_SIMILARITY)
    nearest = np.argpartition(-cosine[rows], count - 1, axis=1)[:, :count]
    similar = cosine[rows[:, None], nearest] >= LEAST_SIMILARITY
    return np.repeat(rows, count)[similar.ravel()], nearest[similar]


def _fitted(
    pixels: NDArray[np.uint8], first: NDArray[np.intp], second: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Those of the pairs whose pixels are alike where they fit best."""
    alike = np.zeros(len(first), bool)
    for start in range(0, len(first), _FITTED_AT_ONCE):
        part = slice(start, start + _FITTED_AT_ONCE)
        alike[part] = correlations(pixels[first[part]], pixels[second[part]]) >= LEAST_CORRELATION
    return first[alike], second[alike]


class _Sets:
    """Disjoint sets of the numbers below ``count``; each has its lowest number as its name."""

    def __init__(self, count: int) -> None:
        self._name = np.arange(count)

    def join(self, first: NDArray[np.intp], second: NDArray[np.intp]) -> None:
        """Join the set of each number of ``first`` with that of ``second``."""
        while True:
            names = self._name[first], self._name[second]
            if np.array_equal(*names):
                return
            np.minimum.at(self._name, np.maximum(*names), np.minimum(*names))
            while not np.array_equal(shorter := self._name[self._name], self._name):
                self._name = shorter

    def groups(self) -> Groups:
        """The sets of two and more, sorted."""
        order = np.argsort(self._name, kind="stable")
        borders = np.flatnonzero(np.diff(self._name[order])) + 1
        return tuple(tuple(part.tolist()) for part in np.split(order, borders) if len(part) > 1)
