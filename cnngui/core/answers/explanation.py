"""Which parts of a picture speak for a class, found by covering them one after the other (occlusion)."""

import math
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cnngui.core.answers.classifier import Classifier
from cnngui.core.data.augmentation import GREY
from cnngui.core.errors import Stopped
from cnngui.core.pictures.images import view_boxes
from cnngui.core.progress import ShouldStop, never_stop

SQUARES = 8  # along each side, at most; fewer find less of what matters (benchmarks/explanation.py)
COVERED = 150  # covered images, at most: more take longer than 0.1 s


def explain(
    classifier: Classifier, views: NDArray[np.uint8], label: int, *, should_stop: ShouldStop = never_stop
) -> NDArray[np.float32]:
    """How much each pixel of each view speaks for a class.

    views: uint8 (views, height, width, 3). label: the index of the class.
    Returns float32 (views, height, width): how far the logarithm of the class's probability falls when the square
    around the pixel is painted grey; negative if the class becomes more likely. Raises Stopped.
    It needs only the model's answers, so it works for every model. benchmarks/explanation.py compares it with others.
    Source: Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", 2014, section 4.2.
    """
    _, height, width, _ = views.shape
    boxes = _boxes(height, width, min(SQUARES, math.isqrt(COVERED // len(views))))
    covered = np.repeat(views[:, np.newaxis], len(boxes), axis=1)
    for number, (rows, columns) in enumerate(boxes):
        covered[:, number, rows, columns] = GREY
    shown = np.concatenate([views, covered.reshape(-1, *views.shape[1:])])
    step, probabilities = classifier.images_per_call, []
    for start in range(0, len(shown), step):  # each takes seconds in a large network
        if should_stop():
            raise Stopped
        probabilities.append(classifier.probabilities(shown[start : start + step])[:, label])
    logarithms = np.log(np.maximum(np.concatenate(probabilities), 1e-30))
    falls = logarithms[: len(views), np.newaxis] - logarithms[len(views) :].reshape(len(views), -1)
    heat = np.empty(views.shape[:3], np.float32)
    for number, (rows, columns) in enumerate(boxes):
        heat[:, rows, columns] = falls[:, number, np.newaxis, np.newaxis]
    return heat


def over_picture(heat: NDArray[np.float32], picture: tuple[int, int], side: int = 64) -> NDArray[np.float32]:
    """Merge the heat maps of a picture's views into one map of the whole picture.

    heat: float32 (views, height, width), of the first views in :func:`cnngui.core.pictures.images.view_boxes`.
    picture: its (width, height). side: the longer side of the result.
    Returns float32 (rows, columns): at each place, the mean over the views that show it.
    """
    scale = side / max(picture)
    columns, rows = (max(1, round(scale * extent)) for extent in picture)
    total, times = np.zeros((rows, columns), np.float32), np.zeros((rows, columns), np.float32)
    x, y = (np.arange(columns) + 0.5) / scale, (np.arange(rows) + 0.5) / scale
    boxes = view_boxes(picture, heat.shape[1:])[: len(heat)]
    for view, (left, top, right, bottom) in zip(heat, boxes, strict=True):
        across = np.floor((x - left) / (right - left) * view.shape[1]).astype(int)
        down = np.floor((y - top) / (bottom - top) * view.shape[0]).astype(int)
        inside = (down >= 0) & (down < view.shape[0]), (across >= 0) & (across < view.shape[1])
        total[np.ix_(*inside)] += view[np.ix_(down[inside[0]], across[inside[1]])]
        times[np.ix_(*inside)] += 1
    return np.asarray(total / np.maximum(times, 1), np.float32)


def _boxes(height: int, width: int, squares: int) -> list[tuple[slice, slice]]:
    """The rows and columns of ``squares`` × ``squares`` boxes that cover the image without overlap."""
    return [(rows, columns) for rows in _slices(height, squares) for columns in _slices(width, squares)]


def _slices(size: int, count: int) -> list[slice]:
    edges = np.linspace(0, size, min(count, size) + 1).round().astype(int).tolist()
    return [slice(start, end) for start, end in pairwise(edges)]
