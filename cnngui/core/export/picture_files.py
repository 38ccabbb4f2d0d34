"""Picture files of the kinds that people have, made of small images, to prove the way from a file to an answer."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image

COUNT = 50
SIDE = 300  # pixels, of the pictures' shorter side


def write(images: NDArray[np.uint8], folder: Path) -> list[Path]:
    """Write at most 50 picture files of some of the images, uint8 (n, height, width, 3), into the folder.

    They are JPEG and PNG; wide, tall and square; turned by EXIF; grey, with a palette, transparent. Raises OSError.
    """
    chosen = images[np.linspace(0, len(images) - 1, min(len(images), COUNT)).astype(int)]
    return [_write(Image.fromarray(image), number, folder) for number, image in enumerate(chosen)]


def _write(image: Image.Image, number: int, folder: Path) -> Path:
    wide, tall = ((SIDE, SIDE), (2 * SIDE, SIDE), (SIDE, SIDE * 4 // 3), (4 * SIDE, 3 * SIDE), (41, 67))[number % 5]
    picture = image.resize((wide, tall), Image.Resampling.BICUBIC)
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
