"""Random changes to training images.

Images are uint8 (n, height, width, 3), RGB 0–255. Every function returns new arrays.
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnngui.core.recipes.parts import Augmentation

GREY = 124  # about the mean of CIFAR-10's pixels
STRETCH = 3 / 7  # of the zoom: at 0.35, width and height differ by a factor of at most exp(2 × 0.15)
CHANNELS, BRIGHTNESS = 0.35, 100.0  # of the colour jitter: at 0.2, each channel by 7 % and brightness by 20 of 255

OTHERS = 8  # images beside each one that CutMix shows an example of: in a batch, it hardly ever meets itself


def augmented(
    images: NDArray[np.uint8],
    chosen: Augmentation,
    flipped: NDArray[np.bool_],
    offsets: NDArray[np.int64],
    rng: np.random.Generator,
) -> NDArray[np.uint8]:
    """The images as a network sees them in one epoch, but for CutMix.

    flipped: bool (n,), which of them are mirrored, if any are. offsets: int (n, 2), as for :func:`shift`.
    """
    if chosen.shift:
        images = shift(images, offsets, chosen.shift)
    if chosen.horizontal_flip:
        images = horizontal_flip(images, flipped)
    if chosen.zoom:
        images = on_half(lambda some: zoom(some, chosen.zoom, rng), images, rng)
    if chosen.rotation:
        images = on_half(lambda some: rotate(some, chosen.rotation, rng), images, rng)
    if chosen.colour_jitter:
        images = on_half(lambda some: colour_jitter(some, chosen.colour_jitter, rng), images, rng)
    if chosen.cutout:
        images = cutout(images, chosen.cutout, rng)
    return images


def examples(
    image: NDArray[np.uint8],
    chosen: Augmentation,
    others: NDArray[np.uint8],
    count: int,
    rng: np.random.Generator,
) -> NDArray[np.uint8]:
    """One image, uint8 (height, width, 3), as a network gets it in ``count`` epochs: uint8 (count, height, width, 3).

    others: uint8 (n, height, width, 3), the images that CutMix takes parts of; without any, there is no CutMix.
    """
    images = np.repeat(image[None], count, axis=0)
    flipped = (np.arange(count) + rng.integers(2)) % 2 == 1  # every other epoch
    offsets = rng.integers(0, 2 * chosen.shift + 1, size=(count, 2))
    images = augmented(images, chosen, flipped, offsets, rng)
    mixed = int(chosen.cutmix * count)
    if mixed and len(others):
        parts = np.concatenate([images[:mixed], others[rng.integers(0, len(others), OTHERS * mixed)]])
        images[:mixed] = cutmix(parts, np.zeros((len(parts), 1), np.float32), rng)[0][:mixed]
    return images[rng.permutation(count)] if mixed else images


def horizontal_flip(images: NDArray[np.uint8], flipped: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Mirror the images for which ``flipped``, bool (n,), is true."""
    result = images.copy()
    result[flipped] = images[flipped, :, ::-1]
    return result


def shift(images: NDArray[np.uint8], offsets: NDArray[np.int64], most: int) -> NDArray[np.uint8]:
    """Move each image by up to ``most`` pixels in each direction; its reflection fills the gap.

    offsets: int (n, 2), rows and columns, 0 to 2 × ``most``; ``most`` leaves the image where it is, and less moves it
    down or right.
    """
    height, width = images.shape[1:3]
    padded = np.pad(images, ((0, 0), (most, most), (most, most), (0, 0)), mode="reflect")
    result = np.empty_like(images)
    for index, (top, left) in enumerate(offsets.tolist()):
        result[index] = padded[index, top : top + height, left : left + width]
    return result


def on_half(
    change: Callable[[NDArray[np.uint8]], NDArray[np.uint8]],
    images: NDArray[np.uint8],
    rng: np.random.Generator,
) -> NDArray[np.uint8]:
    """Apply ``change`` to each image with a probability of one half."""
    result = images.copy()
    chosen = rng.random(len(images)) < 0.5
    result[chosen] = change(result[chosen])
    return result


def zoom(images: NDArray[np.uint8], most: float, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Zoom in on a part of each image, or out, by up to this fraction; its reflection fills the border."""
    height, width = images.shape[1:3]
    margin = int(max(height, width) * most * 4 / 7)  # no zoom and stretch shows more
    padded = np.pad(images, ((0, 0), (margin, margin), (margin, margin), (0, 0)), mode="reflect")
    scale = rng.uniform(1 - most, 1 + most, len(images))
    stretch = np.exp(rng.uniform(-STRETCH * most, STRETCH * most, len(images)))
    left, right = _span(width, margin, scale * stretch, rng)
    top, bottom = _span(height, margin, scale / stretch, rng)
    result = np.empty_like(images)
    for index, box in enumerate(zip(left, top, right, bottom, strict=True)):
        picture = Image.fromarray(padded[index])
        result[index] = np.asarray(picture.resize((width, height), Image.Resampling.BILINEAR, box=box))
    return result


def _span(
    size: int, margin: int, scale: NDArray[np.float64], rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The start and end of a random span of ``scale`` × ``size``; only a span larger than ``size`` uses the margin."""
    extent = np.minimum(scale * size, size + 2 * margin)
    room = np.where(extent <= size, size - extent, size + 2 * margin - extent)
    begin = np.where(extent <= size, margin, 0) + rng.random(len(scale)) * room
    return begin, np.minimum(begin + extent, size + 2 * margin)


def rotate(images: NDArray[np.uint8], most: float, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Turn each image about its centre by up to so many degrees, either way; its reflection fills the corners."""
    height, width = images.shape[1:3]
    margin = math.ceil((math.hypot(height, width) - min(height, width)) / 2) + 1  # where the corners turn
    padded = np.pad(images, ((0, 0), (margin, margin), (margin, margin), (0, 0)), mode="reflect")
    result = np.empty_like(images)
    for index, angle in enumerate(rng.uniform(-most, most, len(images)).tolist()):
        turned = Image.fromarray(padded[index]).rotate(angle, Image.Resampling.BILINEAR)
        result[index] = np.asarray(turned)[margin : margin + height, margin : margin + width]
    return result


def colour_jitter(images: NDArray[np.uint8], most: float, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Change contrast by up to this fraction, each channel and the brightness by less."""
    count, channels, brightness = len(images), CHANNELS * most, BRIGHTNESS * most
    gain = rng.uniform(1 - most, 1 + most, (count, 1, 1, 1)) * rng.uniform(1 - channels, 1 + channels, (count, 1, 1, 3))
    offset = rng.uniform(-brightness, brightness, (count, 1, 1, 1))
    lit = images * gain.astype(np.float32) + offset.astype(np.float32)
    return lit.clip(0, 255).astype(np.uint8)


def cutout(images: NDArray[np.uint8], share: float, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Paint a grey square, this fraction of the side wide, somewhere on each image.

    Source: DeVries and Taylor, "Improved Regularization of Convolutional Neural Networks with Cutout", 2017.
    """
    height, width = images.shape[1:3]
    side = round(share * min(height, width))
    corners = np.stack([rng.integers(0, size - side + 1, len(images)) for size in (height, width)], axis=1)
    result = images.copy()
    for image, (top, left) in zip(result, corners, strict=True):
        image[top : top + side, left : left + side] = GREY
    return result


def cutmix(
    images: NDArray[np.uint8], labels: NDArray[np.float32], rng: np.random.Generator
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Paste a rectangle of another image into about half of the images, and mix the labels by area.

    labels: float32 (n, classes); each row sums to 1.
    Source: Yun et al., "CutMix", 2019. As there, the rectangle's fraction of the area is uniformly distributed; but
    each image has its own rectangle, which never crosses the edge.
    """
    height, width = images.shape[1:3]
    result, shares = images.copy(), np.zeros((len(images), 1), np.float32)
    others = rng.permutation(len(images))
    for index in np.flatnonzero(rng.random(len(images)) < 0.5):
        side = np.sqrt(rng.random())
        tall, wide = round(side * height), round(side * width)
        top, left = rng.integers(0, height - tall + 1), rng.integers(0, width - wide + 1)
        part = (slice(top, top + tall), slice(left, left + wide))
        result[index][part] = images[others[index]][part]
        shares[index] = tall * wide / (height * width)
    return result, labels * (1 - shares) + labels[others] * shares
