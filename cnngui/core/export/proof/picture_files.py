"""Picture files of the kinds that people have, made of small images, to prove the way from a file to an answer."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image

COUNT = 50
SIZES = ((128, 128), (200, 128), (96, 144), (41, 67), (160, 120))  # width and height, in pixels
LARGE, TIMES = 16, 6  # one in so many is so many times as wide: reading shrinks it


def write(images: NDArray[np.uint8], folder: Path) -> list[Path]:
    """Write at most 50 picture files of some of the images, uint8 (n, height, width, 3), into the folder.

    They are JPEG and PNG; wide, tall and square; turned by EXIF; grey, with a palette, transparent. Raises OSError.
    """
    chosen = images[np.linspace(0, len(images) - 1, min(len(images), COUNT)).astype(int)]
    return [_write(Image.fromarray(image), number, folder) for number, image in enumerate(chosen)]


def _write(image: Image.Image, number: int, folder: Path) -> Path:
    times = 1 if number % LARGE else TIMES
    wide, tall = SIZES[number % len(SIZES)]
    picture = image.resize((times * wide, times * tall), Image.Resampling.BICUBIC)
    match number % 7:
        case 0 | 1:
            picture.save(path := folder / f"{number}.jpg")
            return path
        case 2 | 3:
            exif = Image.Exif()
            exif[ExifTags.Base.Orientation] = 1 + number % 8
            picture.save(path := folder / f"{number}.jpg", exif=exif)
            return path
        case 4:
            picture.putalpha(Image.linear_gradient("L").resize(picture.size))
        case 5:
            picture = picture.quantize(64)
        case 6:
            picture = picture.convert("L")
    picture.save(path := folder / f"{number}.png")
    return path
