"""How long does it take to read a picture? python -m benchmarks.decoding [--megapixels N] [--times N]

For each format, a picture of 12 megapixels, as a file: the first time, then the shortest and the median of the others,
in milliseconds. The first one of a format that is decoded in a process of its own waits for the start of that process.
"""

import argparse
import io
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks import heif_files
from cnngui.core.pictures import images

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "HEIF", "AVIF", "TIFF", "JPEG2000")


def main() -> None:
    """Print a line for each format."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--megapixels", type=float, default=12.0)
    parser.add_argument("--times", type=int, default=7)
    options = parser.parse_args()
    height = round((options.megapixels * 1e6 * 3 / 4) ** 0.5)
    picture = scene((height * 4 // 3, height))
    print(f"{'':10}{'first':>8}{'least':>8}{'median':>8}   (ms)")
    with tempfile.TemporaryDirectory() as folder:
        for name in FORMATS:
            path = Path(folder) / name
            path.write_bytes(encoded(picture, name))
            first, *others = (milliseconds(path) for _ in range(1 + options.times))
            print(f"{name:10}{first:8.1f}{min(others):8.1f}{statistics.median(others):8.1f}")


def milliseconds(path: Path) -> float:
    """The time to read a picture as for classification."""
    began = time.perf_counter()
    images.to_views(images.read(path, images.READ_SIDE))
    return (time.perf_counter() - began) * 1000


def scene(size: tuple[int, int]) -> Image.Image:
    """A smooth picture with some noise, as a camera takes it."""
    rng = np.random.default_rng(0)
    corners = Image.fromarray(rng.integers(0, 256, (12, 16, 3), np.uint8))
    smooth = np.asarray(corners.resize(size, Image.Resampling.BICUBIC), np.int16)
    return Image.fromarray((smooth + rng.integers(-3, 4, smooth.shape)).clip(0, 255).astype(np.uint8))


def encoded(picture: Image.Image, name: str) -> bytes:
    """The picture as a file of this format."""
    if name == "HEIF":
        return heif_files.encoded(picture)
    buffer = io.BytesIO()
    picture.save(buffer, name, **({"compression": "tiff_lzw"} if name == "TIFF" else {}))
    return buffer.getvalue()


if __name__ == "__main__":
    main()
