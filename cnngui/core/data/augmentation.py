"""Changes to training images, which all but ``mixed`` leave what they show.

Images are uint8 (n, height, width, 3), RGB 0–255; what is given stays untouched.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SHIFT = 2  # pixels, as in airbench
GREY = 124  # about the mean of CIFAR-10's pixels
ZOOM = (0.65, 1.35)  # the part of the image that is seen, as a share of its side: a photograph's subject fills any part
STRETCH = 0.15  # e to the power of twice this is the most by which width and height are drawn apart


def moved_and_mirrored(
    images: NDArray[np.uint8], offsets: NDArray[np.int64], mirrored: NDArray[np.bool_]
) -> NDArray[np.uint8]:
    """Move each image and mirror some; what comes in from outside is the image reflected at its edge.

    offsets: int (n, 2), 0 to 2 × SHIFT, down and right, SHIFT being the place where the image was;
    mirrored: bool (n,).
    """
    height, width = images.shape[1:3]
    padded = np.pad(images, ((0, 0), (SHIFT, SHIFT), (SHIFT, SHIFT), (0, 0)), mode="reflect")
    result = np.empty_like(images)
    for index, ((top, left), mirror) in enumerate(zip(offsets.tolist(), mirrored.tolist(), strict=True)):
        moved = padded[index, top : top + height, left : left + width]
        result[index] = moved[:, ::-1] if mirror else moved
    return result


def as_photographed(images: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Half of the images zoomed, half of them in other colours, and a quarter-side square of each painted over."""
    changed = images.copy()
    for change in (zoomed, recoloured):
        chosen = rng.random(len(images)) < 0.5
        changed[chosen] = change(changed[chosen], rng)
    return cut_out(changed, rng)


def zoomed(images: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Show a part of each image, or more than all of it, reflected at its edge, in the whole frame."""
    height, width = images.shape[1:3]
    margin = max(height, width) // 5  # more is never shown, however an image is stretched
    padded = np.pad(images, ((0, 0), (margin, margin), (margin, margin), (0, 0)), mode="reflect")
    scale = rng.uniform(*ZOOM, len(images))
    stretch = np.exp(rng.uniform(-STRETCH, STRETCH, len(images)))
    left, right = _part(width, margin, scale * stretch, rng)
    top, bottom = _part(height, margin, scale / stretch, rng)
    result = np.empty_like(images)
    for index, box in enumerate(zip(left, top, right, bottom, strict=True)):
        picture = Image.fromarray(padded[index])
        result[index] = np.asarray(picture.resize((width, height), Image.Resampling.BILINEAR, box=box))
    return result


def _part(
    size: int, margin: int, scale: NDArray[np.float64], rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where a part of ``scale`` × ``size`` begins and ends; only what is larger than the image reaches its margin."""
    extent = np.minimum(scale * size, size + 2 * margin)
    room = np.where(extent <= size, size - extent, size + 2 * margin - extent)
    begin = np.where(extent <= size, margin, 0) + rng.random(len(scale)) * room
    return begin, np.minimum(begin + extent, size + 2 * margin)


def recoloured(images: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Other light: contrast by up to 20 %, each channel by up to 7 %, brightness by up to 20 of 255."""
    count = len(images)
    gain = rng.uniform(0.8, 1.2, (count, 1, 1, 1)) * rng.uniform(0.93, 1.07, (count, 1, 1, 3))
    offset = rng.uniform(-20, 20, (count, 1, 1, 1))
    lit = images * gain.astype(np.float32) + offset.astype(np.float32)
    return lit.clip(0, 255).astype(np.uint8)


def cut_out(images: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """A grey square of a quarter of the side anywhere in each image, after DeVries and Taylor's "Cutout", 2017."""
    height, width = images.shape[1:3]
    side = min(height, width) // 4
    corners = np.stack([rng.integers(0, size - side + 1, len(images)) for size in (height, width)], axis=1)
    result = images.copy()
    for image, (top, left) in zip(result, corners, strict=True):
        image[top : top + side, left : left + side] = GREY
    return result


def mixed(
    images: NDArray[np.uint8], labels: NDArray[np.float32], rng: np.random.Generator
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """About half of the images with a part of another one pasted in, and labels by how much is seen of each.

    labels: float32 (n, classes), each row summing to 1.
    Source: Yun et al., "CutMix", 2019, but each image has a part of its own, which lies wholly inside. As there, the
    part's share of the area is uniformly distributed.
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
