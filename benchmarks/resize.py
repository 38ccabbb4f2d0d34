"""Which filter makes photographs as sharp as CIFAR-10? python benchmarks/resize.py FOLDER (needs CIFAR-10)

For 5,000 training images of CIFAR-10, and for the photographs in FOLDER squeezed to 32×32 with each of Pillow's
filters, prints the fraction of the variance above a quarter cycle per pixel.
"""

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnngui.core.data import datasets
from cnngui.core.pictures import images

IMAGES = 5000


def sharpness(pixels: NDArray[np.uint8]) -> float:
    """The fraction of the variance above a quarter cycle per pixel. pixels: uint8 (n, 32, 32, 3)."""
    spectrum = np.abs(np.fft.fft2(pixels.astype(np.float32).mean(-1))) ** 2
    spectrum[:, 0, 0] = 0  # the mean is no variance
    frequency = np.abs(np.fft.fftfreq(32))
    high = np.maximum(frequency[:, None], frequency[None, :]) > 0.25
    return float(np.mean(spectrum[:, high].sum(-1) / np.maximum(spectrum.sum((1, 2)), 1e-9)))


def main() -> None:
    """Print a line for CIFAR-10 and one for each filter."""
    print(f"{'CIFAR-10':12}{sharpness(datasets.load('cifar10').train.images[:IMAGES]):8.1%}")
    photographs = [images.read(path, images.READ_SIDE) for path in sorted(Path(sys.argv[1]).rglob("*.jpg"))]
    for kernel in (k for k in Image.Resampling if k is not Image.Resampling.NEAREST):
        squeezed = [np.asarray(photo.resize((32, 32), kernel, reducing_gap=3.0)) for photo in photographs]
        print(f"{kernel.name.lower():12}{sharpness(np.stack(squeezed)):8.1%}")


if __name__ == "__main__":
    main()
