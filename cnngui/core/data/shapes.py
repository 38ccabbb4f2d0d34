"""Pictures of ten shapes, drawn by the program: a data set that needs neither a network connection nor a disk.

A shape is a signed distance function, negative inside; it is about as large as the unit circle. Each picture moves,
rotates, scales and stretches its shape and blends it into a striped and shaded background, with lines and noise on top.
NumPy draws many pictures at once: 12,000 of them take about two seconds, and other threads can run meanwhile.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnngui.core.errors import Stopped
from cnngui.core.progress import Progress, Report, ShouldStop, never_stop, no_report

SIZE = 32  # pixels a side, as in CIFAR-10
TRAIN_PER_CLASS = 1000
TEST_PER_CLASS = 200
# The pictures are the same for everyone, as with any data set: figures of two people can be compared.
TRAIN_SEED = 32_001
TEST_SEED = 32_002

Field = NDArray[Any]  # float32, (n, 32, 32): one value for each pixel of n pictures
_Shape = Callable[[Field, Field], Field]

_CHUNK = 100  # pictures drawn at once: few enough for the CPU cache and a prompt stop
# Chosen so that they are neither trivial nor hopeless: the article's network reaches a test accuracy of 0.87 to 0.91 in
# three epochs (seeds 0 to 2).
_TILT = 0.3  # radians, to either side
_LINES = 2  # across each picture
_LINE_CONTRAST = 0.35
_NOISE = 0.03  # standard deviation; 1 is the range from black to white
_CONTRAST = (0.45, 1.0)  # distance between the colours of the shape and the background


def _disc(x: Field, y: Field, radius: float = 0.95) -> Field:
    return np.hypot(x, y) - np.float32(radius)


def _ring(x: Field, y: Field) -> Field:
    return np.abs(_disc(x, y, 0.8)) - np.float32(0.2)


def _crescent(x: Field, y: Field) -> Field:
    return np.maximum(_disc(x + 0.2, y, 1.0), -_disc(x - 0.35, y, 0.85))


def _heart(x: Field, y: Field) -> Field:
    """Two discs above a square standing on its corner."""
    lobes = _disc(np.abs(x) - 0.47, y + 0.33, 0.54)
    body = (np.abs(x) + np.abs(y - 0.03) - 0.9) / np.float32(np.sqrt(2))
    return np.minimum(lobes, np.maximum(body, -y - np.float32(0.33)))


def _polygon(corners: Sequence[tuple[float, float]]) -> _Shape:
    """The signed distance to a closed polygon, which may cross itself; inside by the even-odd rule."""

    def distance(x: Field, y: Field) -> Field:
        nearest = np.full_like(x, np.inf)
        inside = np.zeros(x.shape, bool)
        for (ax, ay), (bx, by) in zip(corners, [*corners[1:], corners[0]], strict=True):
            ex, ey = bx - ax, by - ay
            px, py = x - np.float32(ax), y - np.float32(ay)
            along = np.clip((px * ex + py * ey) / (ex * ex + ey * ey), 0, 1)
            np.minimum(nearest, (px - along * ex) ** 2 + (py - along * ey) ** 2, out=nearest)
            if ay != by:  # does a ray to the right cross this edge?
                inside ^= ((py < 0) != (y < np.float32(by))) & (px < py * (ex / ey))
        nearest = np.sqrt(nearest)
        return np.where(inside, -nearest, nearest)

    return distance


def _star_corners(points: int, inner: float) -> list[tuple[float, float]]:
    """The corners of a star in the unit circle; a regular polygon if ``inner`` is cos(π / points)."""
    angles = np.arange(2 * points) * np.pi / points - np.pi / 2
    radii = np.where(np.arange(2 * points) % 2, inner, 1.0)
    return [(float(r * np.cos(a)), float(r * np.sin(a))) for r, a in zip(radii, angles, strict=True)]


_ARM = 0.25
_SHAPES: dict[str, _Shape] = {
    "arrow": _polygon(
        [(1.0, 0.0), (0.15, -0.8), (0.15, -0.25), (-0.95, -0.25), (-0.95, 0.25), (0.15, 0.25), (0.15, 0.8)]
    ),
    "circle": _disc,
    "crescent": _crescent,
    "cross": lambda x, y: np.minimum(
        np.maximum(np.abs(x) - 0.95, np.abs(y) - _ARM), np.maximum(np.abs(y) - 0.95, np.abs(x) - _ARM)
    ),
    "heart": _heart,
    "hourglass": _polygon([(-0.75, -0.9), (0.75, -0.9), (-0.75, 0.9), (0.75, 0.9)]),
    "ring": _ring,
    "square": lambda x, y: np.maximum(np.abs(x), np.abs(y)) - np.float32(0.8),
    "star": _polygon(_star_corners(5, 0.42)),
    "triangle": _polygon([(0.0, -1.0), (0.9, 0.65), (-0.9, 0.65)]),
}

CLASSES = tuple(_SHAPES)


def draw(
    per_class: int, seed: int, progress: Report = no_report, should_stop: ShouldStop = never_stop
) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """Draw ``per_class`` pictures of each class, in random order. The same seed draws the same pictures.

    Returns the images, uint8 (n, 32, 32, 3), RGB 0–255, and their labels, int32 (n,), indices into ``CLASSES``.
    Raises Stopped.
    """
    rng = np.random.default_rng(seed)
    total = per_class * len(CLASSES)
    images = np.empty((total, SIZE, SIZE, 3), np.uint8)
    labels = np.empty(total, np.int32)
    places = rng.permutation(total).reshape(len(CLASSES), per_class)
    done = 0
    for label, shape in enumerate(_SHAPES.values()):
        for start in range(0, per_class, _CHUNK):
            if should_stop():
                raise Stopped
            chunk = places[label, start : start + _CHUNK]
            images[chunk] = _pictures(shape, len(chunk), rng)
            labels[chunk] = label
            done += len(chunk)
            progress(Progress(f"Drawing shapes, {done:,} of {total:,}", done, total))
    return images, labels


def _pictures(shape: _Shape, count: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """``count`` pictures of one shape: uint8 (count, 32, 32, 3)."""
    paper, ink = _colours(count, rng)
    mask = _mask(shape, count, rng)[..., None]
    image = _shaded(paper, count, rng)
    image += mask * (_shaded(ink, count, rng) - image)
    for _ in range(_LINES):
        tint = rng.uniform(-_LINE_CONTRAST, _LINE_CONTRAST, (count, 1, 1, 3)).astype(np.float32)
        image += _line(count, rng)[..., None] * tint
    image += np.float32(_NOISE) * rng.standard_normal(image.shape, np.float32)
    return (np.clip(image, 0, 1) * 255 + np.float32(0.5)).astype(np.uint8)


def _uniform(rng: np.random.Generator, low: float, high: float, count: int) -> Field:
    """A random number for each picture, (count, 1, 1)."""
    return rng.uniform(low, high, (count, 1, 1)).astype(np.float32)


def _pixels() -> tuple[Field, Field]:
    """The x and y of the pixels' centres, relative to the picture's centre: (1, 1, 32) and (1, 32, 1)."""
    centre = np.arange(SIZE, dtype=np.float32) - np.float32((SIZE - 1) / 2)
    return centre.reshape(1, 1, SIZE), centre.reshape(1, SIZE, 1)


def _turned(angle: Field, x: Field, y: Field) -> tuple[Field, Field]:
    """The coordinates in a frame that is rotated by ``angle`` (radians)."""
    cos, sin = np.cos(angle), np.sin(angle)
    return x * cos + y * sin, y * cos - x * sin


def _mask(shape: _Shape, count: int, rng: np.random.Generator) -> Field:
    """The fraction of each pixel that the shape covers: (count, 32, 32)."""
    x, y = _pixels()
    radius = _uniform(rng, 9.5, 14.0, count)
    room = SIZE / 2 - radius  # the shape's unit circle stays inside the picture
    x, y = _turned(
        _uniform(rng, -_TILT, _TILT, count),
        x - room * _uniform(rng, -1, 1, count),
        y - room * _uniform(rng, -1, 1, count),
    )
    stretch = _uniform(rng, 0.85, 1.0, count)
    distance = shape(x / radius, y / (radius * stretch)) * radius * stretch
    return np.clip(np.float32(0.5) - distance, 0, 1)


def _colours(count: int, rng: np.random.Generator) -> tuple[Field, Field]:
    """The colours of background and shape in each picture, both (count, 1, 1, 3), which differ visibly."""
    paper = rng.uniform(0.1, 0.9, (count, 1, 1, 3))
    # Step from the background's colour towards the far side of the colour cube, to stay inside it.
    step = np.where(paper < 0.5, 1, -1) * rng.uniform(0.0, 1.0, paper.shape)
    step /= np.linalg.norm(step, axis=-1, keepdims=True)
    ink = paper + step * rng.uniform(*_CONTRAST, (count, 1, 1, 1))
    return paper.astype(np.float32), np.clip(ink, 0, 1).astype(np.float32)


def _shaded(colour: Field, count: int, rng: np.random.Generator) -> Field:
    """The colour with a gradient and stripes: (count, 32, 32, 3)."""
    x, y = _pixels()
    along, _ = _turned(_uniform(rng, 0, 2 * np.pi, count), x, y)
    stripes, _ = _turned(_uniform(rng, 0, 2 * np.pi, count), x, y)
    light = along * _uniform(rng, 0, 0.012, count)
    light += _uniform(rng, 0, 0.05, count) * np.sin(
        stripes * _uniform(rng, 0.3, 1.8, count) + _uniform(rng, 0, 2 * np.pi, count)
    )
    shaded: Field = colour + light[..., None]
    return shaded


def _line(count: int, rng: np.random.Generator) -> Field:
    """The fraction of each pixel that a thin straight line across the picture covers: (count, 32, 32)."""
    x, y = _pixels()
    across, _ = _turned(_uniform(rng, 0, 2 * np.pi, count), x, y)
    distance = np.abs(across - _uniform(rng, -SIZE / 2, SIZE / 2, count))
    cover: Field = np.clip(_uniform(rng, 0.3, 1.0, count) + np.float32(0.5) - distance, 0, 1)
    return cover
