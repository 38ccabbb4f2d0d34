"""From any picture file to the pixels that a network sees."""

from contextlib import suppress

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnngui.core.errors import UserError
from cnngui.core.pictures import cost, decoder_pool, decoding, formats, kinds
from cnngui.core.pictures.decoding import Source

Box = tuple[float, float, float, float]
"""A part of a picture: left, top, right, bottom."""

READ_SIDE = 256
"""The shorter side, in pixels, that :func:`load_pixels` reads at least: eight times that of the networks' images."""


def load_pixels(source: Source, size: tuple[int, int] = (32, 32)) -> NDArray[np.uint8]:
    """The pixels of a picture, ready for a network: ``to_pixels(read(source, READ_SIDE), size)``.

    Raises UserError as :func:`read` does.
    """
    return to_pixels(read(source, max(READ_SIDE, *size)), size)


def read(source: Source, min_side: int) -> Image.Image:
    """The picture as a person sees it: upright, mode RGB, in the colours of sRGB, transparency on white.

    A large picture may be shrunk by 2, 4 or 8, but its shorter side keeps at least ``min_side`` pixels if it has them.
    An animation or a file of several pages gives the first of them that is neither a thumbnail nor empty.
    A file that is known to take little is decoded here; any other, in a process with limits of time and memory.
    Raises UserError if the picture cannot be read; its text does not name the file.
    """
    with decoding.opened(source) as file:
        head = file.read(kinds.HEAD)
        if not formats.looks_like_picture(head[: formats.START]):
            raise UserError(kinds.reason(head))
        if name := cost.name_if_cheap(file):
            with suppress(decoding.NotCheapError):
                return decoding.decode(file, min_side, name)
    return decoder_pool.decode(source, min_side)


def to_pixels(image: Image.Image, size: tuple[int, int] = (32, 32), box: Box | None = None) -> NDArray[np.uint8]:
    """An RGB picture as a network sees it: uint8 (height, width, 3), where ``size`` is (height, width).

    This is the only preparation of pictures, for training, prediction, evaluation and export alike. The whole picture,
    or the part of it in ``box`` (in pixels), is squeezed to ``size``; a picture of that size is not changed.

    Pillow's BILINEAR gives results as sharp as CIFAR-10's images: 6.1 % of their variance lies above a quarter cycle
    per pixel, against 6.2 % in CIFAR-10, 9.2 % with BOX, 8.1 % with BICUBIC and 9.5 % with LANCZOS
    (benchmarks/resize.py).
    """
    height, width = size
    reduced = image.resize((width, height), Image.Resampling.BILINEAR, box, reducing_gap=3.0)
    return np.array(reduced, dtype=np.uint8)


def resized(images: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """RGB images, uint8 (n, height, width, 3), at another size (height, width): the same array if they have it."""
    if images.shape[1:3] == size:
        return images
    found = [to_pixels(Image.fromarray(image), size) for image in images]
    return np.stack(found) if found else np.zeros((0, *size, 3), np.uint8)


def to_views(image: Image.Image, size: tuple[int, int] = (32, 32)) -> NDArray[np.uint8]:
    """The views of an RGB picture that are classified together: uint8 (views, height, width, 3).

    The first view is the whole picture squeezed to ``size``. The others show the start, middle and end along its longer
    side, undistorted, so that at least one shows the subject as it is. A picture with the proportions of ``size`` has
    only the first view. benchmarks/photographs.py compares other choices.
    """
    return np.stack([to_pixels(image, size, box) for box in view_boxes(image.size, size)])


def view_boxes(picture: tuple[int, int], size: tuple[int, int] = (32, 32)) -> list[Box]:
    """The parts of a picture (width, height) that :func:`to_views` shows, in pixels."""
    (picture_width, picture_height), (height, width) = picture, size
    whole = (0.0, 0.0, float(picture_width), float(picture_height))
    if picture_width * height == picture_height * width:
        return [whole]
    scale = min(picture_width / width, picture_height / height)
    part_width, part_height = scale * width, scale * height
    room = max(0.0, picture_width - part_width), max(0.0, picture_height - part_height)
    corners = [(share * room[0], share * room[1]) for share in (0, 0.5, 1)]
    ends = [(min(left + part_width, picture_width), min(top + part_height, picture_height)) for left, top in corners]
    return [whole, *((*corner, *end) for corner, end in zip(corners, ends, strict=True))]
