"""Animations whose first frames show nothing."""

import io
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image, ImageDraw

from cnngui.core.pictures import decoder_pool, frames, images

FORMATS = ["GIF", "PNG", "WEBP", "AVIF"]


def drawn(colour: str) -> Image.Image:
    image = Image.new("RGBA", (60, 40), "white")
    ImageDraw.Draw(image).ellipse((10, 5, 50, 35), fill=colour)
    return image


def animation(name: str, *pictures: Image.Image) -> bytes:
    file = io.BytesIO()
    options = {"disposal": 2} if name == "GIF" else {}
    pictures[0].save(file, name, save_all=True, append_images=pictures[1:], duration=100, **options)
    return file.getvalue()


def difference(content: bytes, picture: Image.Image) -> float:
    found = np.asarray(images.read(content, 256), np.int16)
    return float(np.abs(found - np.asarray(picture.convert("RGB"), np.int16)).mean())


BLACK, CLEAR = Image.new("RGBA", (60, 40), "black"), Image.new("RGBA", (60, 40), (9, 99, 9, 0))


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("empty", [[], [BLACK], [CLEAR], [CLEAR, BLACK]])
def test_the_first_frame_that_is_not_empty(name: str, empty: list[Image.Image]) -> None:
    content = animation(name, *empty, drawn("red"), drawn("blue"))
    assert difference(content, drawn("red")) < 6


@pytest.mark.parametrize("name", FORMATS)
def test_where_all_are_empty_the_first(name: str) -> None:
    content = animation(name, BLACK, Image.new("RGBA", (60, 40), "red"))
    assert difference(content, BLACK) < 3


@pytest.mark.parametrize("name", FORMATS)
def test_one_picture_of_one_colour(name: str) -> None:
    file = io.BytesIO()
    BLACK.convert("RGB").save(file, name)
    assert difference(file.getvalue(), BLACK) < 3


@pytest.mark.parametrize("name", ["GIF", "PNG"])
def test_an_empty_frame_before_a_damaged_one_is_shown(name: str) -> None:
    content = animation(name, BLACK, drawn("red"))
    assert difference(content[: len(content) * 2 // 3], BLACK) < 3


def test_no_further_frames_of_a_huge_animation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "MAX_FRAME", 60 * 40 - 1)
    assert difference(animation("GIF", BLACK, drawn("red")), BLACK) < 3


def test_further_frames_are_looked_at_in_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a file may take is known up to its first frame only."""
    asked: list[int] = []
    monkeypatch.setattr(decoder_pool, "decode", lambda source, min_side: asked.append(min_side))
    for name in ("GIF", "PNG", "WEBP"):
        images.read(animation(name, drawn("red"), BLACK), 256)
        assert not asked
        images.read(animation(name, BLACK, drawn("red")), 256)
        assert asked.pop()


def test_not_all_of_many_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[int] = []

    def many(side: int) -> Iterator[Image.Image]:
        for number in range(1000):
            looked_at.append(number)
            yield Image.new("RGB", (side, side), (number % 256, 0, 0))

    assert frames.first_to_show(many(8)).getpixel((0, 0)) == (0, 0, 0)
    assert len(looked_at) <= frames.MAX_LOOKED_AT + 1
    looked_at.clear()
    monkeypatch.setattr(frames, "MAX_PIXELS", 4 * 50**2)
    assert frames.first_to_show(many(50)).getpixel((0, 0)) == (0, 0, 0)
    assert len(looked_at) <= 6
