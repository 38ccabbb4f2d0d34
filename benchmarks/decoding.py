"""How long does it take to read a picture? python -m benchmarks.decoding [--megapixels N] [--times N] [--before FOLDER]

For each format, a picture of 12 megapixels, as a file: the first time, then the shortest and the median of the others,
in milliseconds. The first one of a format that is decoded in a process of its own waits for the start of that process.

--before: the folder of another checkout, whose code reads each picture in turn with this one's, in the same process.
The ratio of the shortest times and the median of the ratios follow.
"""

import argparse
import importlib
import io
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageCms

from benchmarks import heif_files
from cnngui.core.pictures import images

FORMATS = ("JPEG", "JPEG, sRGB", "PNG", "WEBP", "GIF", "BMP", "HEIF", "AVIF", "TIFF", "JPEG2000")


def main() -> None:
    """Print a line for each format."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--megapixels", type=float, default=12.0)
    parser.add_argument("--times", type=int, default=7)
    parser.add_argument("--before", type=Path, metavar="FOLDER")
    parser.add_argument("--formats", nargs="+", default=FORMATS, choices=FORMATS, metavar="FORMAT")
    options = parser.parse_args()
    height = round((options.megapixels * 1e6 * 3 / 4) ** 0.5)
    picture = scene((height * 4 // 3, height))
    other = images_of(options.before.absolute()) if options.before else None
    print(f"{'':10}{'first':>8}{'least':>8}{'median':>8}   (ms)" + ("   now / before: least, median" if other else ""))
    with tempfile.TemporaryDirectory() as folder:
        for name in options.formats:
            path = Path(folder) / name
            path.write_bytes(encoded(picture, name))
            first, others, before = milliseconds(path), [], []
            for _ in range(options.times):
                if other:
                    before.append(milliseconds(path, other))
                others.append(milliseconds(path))
            line = f"{name:10}{first:8.1f}{min(others):8.1f}{statistics.median(others):8.1f}"
            if other:
                ratios = [now / then for now, then in zip(others, before, strict=True)]
                line += f"{min(others) / min(before):20.3f}{statistics.median(ratios):8.3f}"
            print(line)


def images_of(checkout: Path) -> Any:
    """The module cnngui.core.pictures.images of another checkout, beside this one's."""
    ours = {name: sys.modules.pop(name) for name in list(sys.modules) if name.partition(".")[0] == "cnngui"}
    sys.path.insert(0, str(checkout))
    try:
        found = importlib.import_module("cnngui.core.pictures.images")
        assert Path(str(found.__file__)).is_relative_to(checkout), f"{found.__file__} is not in {checkout}"
        return found
    finally:
        sys.path.remove(str(checkout))
        sys.modules.update(ours)


def milliseconds(path: Path, code: Any = images) -> float:
    """The time to read a picture as for classification. code: the module images that does it."""
    began = time.perf_counter()
    code.to_views(code.read(path, code.READ_SIDE))
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
    if name == "JPEG, sRGB":
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        picture.save(buffer, "JPEG", icc_profile=profile)
        return buffer.getvalue()
    picture.save(buffer, name, **({"compression": "tiff_lzw"} if name == "TIFF" else {}))
    return buffer.getvalue()


if __name__ == "__main__":
    main()
