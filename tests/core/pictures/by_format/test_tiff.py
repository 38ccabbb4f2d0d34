"""TIFF files that others write: the values of each kind must come out, or a sentence."""

import io
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from benchmarks.tiff_files import DEFLATE, FLOATING, HORIZONTAL, NONE, REDUCED, Page, tiff
from cnngui.core.errors import UserError
from cnngui.core.pictures import decoding
from cnngui.core.pictures.by_format import tiff_values

WIDTH, HEIGHT = 50, 37
TYPES = {"u1": 1, "u2": 257, "i2": 32_767 / 255, "u4": 257, "i4": 257, "f2": 1 / 255, "f4": 1 / 255, "f8": 1 / 255}
"""What stands for one level of 255 in numbers of these types."""


def scene() -> NDArray[np.uint8]:
    """A picture whose rows, columns and channels differ, uint8 (HEIGHT, WIDTH, 3); white and black are in it."""
    down, right = np.mgrid[0:HEIGHT, 0:WIDTH]
    channels = [down * 255 // (HEIGHT - 1), right * 255 // (WIDTH - 1), (down * 31 + right * 17) % 256]
    return np.stack(channels, -1).astype(np.uint8)


def grey() -> NDArray[np.uint8]:
    return scene()[..., 1:2]


def stored(levels: NDArray[Any], kind: str) -> NDArray[Any]:
    """Levels of 255 as numbers of a type."""
    exact = levels.astype(float) * TYPES[kind]
    return (exact if kind[0] == "f" else np.rint(exact)).astype(kind)


def read(content: bytes) -> NDArray[np.int16]:
    """The levels of the picture in a file, (height, width, 3)."""
    return np.asarray(decoding.decode(io.BytesIO(content), 10_000), np.int16)


def refusal(content: bytes) -> str:
    with pytest.raises(UserError) as caught:
        read(content)
    return str(caught.value)


def on_white(levels: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> NDArray[np.float64]:
    share = alpha / 255
    return levels * share + 255 * (1 - share)


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("in_planes", [False, True])
@pytest.mark.parametrize("side", [0, 16])
@pytest.mark.parametrize("kind", TYPES)
def test_rgb_of_any_depth(kind: str, side: int, in_planes: bool, order: str) -> None:
    predictor = FLOATING if kind[0] == "f" else HORIZONTAL
    for compression, way in ((NONE, 1), (DEFLATE, 1), (DEFLATE, predictor)):
        page = Page(stored(scene(), kind), 2, in_planes, side, compression, way)
        assert np.abs(read(tiff(page, order)) - scene()).max() <= 1, (compression, way)


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("kind", TYPES)
def test_grey_of_any_depth(kind: str, order: str) -> None:
    for compression in (NONE, DEFLATE):
        for photometric, levels in ((1, grey()), (0, 255 - grey())):
            page = Page(stored(levels, kind), photometric, compression=compression)
            assert np.abs(read(tiff(page, order)) - grey()).max() <= 1, (compression, photometric)


@pytest.mark.parametrize("kind", ["u1", "u2", "f4"])
@pytest.mark.parametrize("in_planes", [False, True])
def test_transparency_of_any_depth(kind: str, in_planes: bool) -> None:
    alpha = scene()[..., :1]
    for levels, photometric in ((scene(), 2), (grey(), 1)):
        expected = on_white(levels, alpha)
        plain = stored(np.concatenate([levels, alpha], -1), kind)
        premultiplied = stored(np.concatenate([levels * (alpha / 255), alpha], -1), kind)
        assert np.abs(read(tiff(Page(plain, photometric, in_planes, extra=(2,)))) - expected).max() <= 1
        assert np.abs(read(tiff(Page(premultiplied, photometric, in_planes, extra=(1,)))) - expected).max() <= 2
        ignored = read(tiff(Page(plain, photometric, in_planes, extra=(0,))))
        assert np.abs(ignored - levels).max() <= 1


def test_cmyk_of_16_bits_in_planes() -> None:
    levels = np.concatenate([255 - scene(), np.zeros_like(grey())], -1)
    for in_planes in (False, True):
        assert np.abs(read(tiff(Page(stored(levels, "u2"), 5, in_planes))) - scene()).max() <= 1


@pytest.mark.parametrize("white", [255, 1023, 4095, 16_383, 65_535, -32_767, -4095])
def test_the_first_usual_white_that_no_value_exceeds(white: int) -> None:
    """Negative here: as signed numbers."""
    kind = "u2" if white > 0 else "i2"
    for photometric, levels in ((2, scene()), (1, grey()), (0, 255 - grey())):
        values = np.rint(levels.astype(float) * abs(white) / 255).astype(kind)
        expected = grey() if photometric == 0 else levels
        assert np.abs(read(tiff(Page(values, photometric))) - expected).max() <= 1
    over = values.copy()
    over[0, 0, 0] = min(abs(white) + 1, 65_535 if kind == "u2" else 32_767)
    if over[0, 0, 0] > abs(white):
        assert np.abs(read(tiff(Page(over, 1))) - (255 - grey())).max() > 50  # the next white


def test_negative_values_are_black() -> None:
    values = stored(grey(), "i2")
    values[:9] = -32_768
    assert (read(tiff(Page(values, 1)))[:9] == 0).all()


def test_12_bits_in_12_have_their_own_white() -> None:
    """Packed, so a dark picture is known to be dark."""
    dark = np.zeros((2, 4), np.uint16)
    dark[1] = 1023
    packed = bytes(6) + b"\x3f\xf3\xff" * 2
    whole = tiff(Page(np.zeros((2, 4, 1), np.uint16), 1, tags={258: (12,), 279: (12,)}))
    place = 8
    found = read(whole[:place] + packed + whole[place + 12 :])
    assert found[0].max() == 0
    assert set(np.unique(found[1])) == {64}


@pytest.mark.parametrize("orientation", range(1, 9))
def test_upright(orientation: int) -> None:
    turn = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}[orientation]  # Pillow's numbers of what undoes it
    image = Image.fromarray(scene())
    turned = np.asarray(image if turn is None else image.transpose(Image.Transpose(turn)))
    for kind in ("u1", "u2"):
        assert np.abs(read(tiff(Page(stored(turned, kind), tags={274: (orientation,)}))) - scene()).max() <= 1


def test_big_tiff() -> None:
    for kind in ("u1", "u2"):
        assert np.abs(read(tiff(Page(stored(scene(), kind), in_planes=True), is_big=True)) - scene()).max() <= 1
    assert "big-endian" in refusal(tiff(Page(scene()), ">", is_big=True))


def with_tags(**tags: tuple[int, ...]) -> Page:
    return Page(scene(), tags={int(tag[1:]): numbers for tag, numbers in tags.items()})


@pytest.mark.parametrize(
    ("page", "part"),
    [
        (Page(np.concatenate([scene(), scene()[..., :2]], -1)), "5 channels"),
        (Page(np.concatenate([scene(), scene()], -1).astype(np.uint16)), "6 channels"),
        (Page(scene(), 1, in_planes=True), "3 channels"),
        (Page(np.repeat(stored(grey(), "u2"), 5, 2), 1, extra=(0,) * 4), "5 channels"),
        (Page(stored(scene(), "u2"), 8), "Lab, 16 bits"),
        (Page(stored(grey(), "u2"), 3), "palette, 16 bits"),
        (with_tags(t258=(14,) * 3), "RGB, 14 bits"),
        (with_tags(t258=(4,) * 3), "RGB, 4 bits"),
        (with_tags(t259=(34_712,)), "compression 34712"),
        (with_tags(t259=(50_001,)), "compression 50001"),
        (with_tags(t262=(6,)), "YCbCr, 8 bits a channel, uncompressed"),
        (Page(stored(grey(), "u2"), 1, tags={339: (6,)}), "grey, 16 bits"),
        (with_tags(t262=(32_803,)), "raw file"),
        (with_tags(t50706=(1, 4, 0, 0)), "raw file"),
    ],
)
def test_other_kinds_are_named(page: Page, part: str) -> None:
    text = refusal(tiff(page))
    assert part in text
    assert text.endswith(".")


def test_a_raw_file_with_a_preview() -> None:
    """As Nikon and Sony write it: the sensor's values are in a page inside the first, which is a thumbnail."""
    thumbnail, sensor = Page(scene(), tags={**REDUCED, 330: (0,)}), Page(stored(grey(), "u2"), 32_803)
    first, second = _places(tiff([thumbnail, sensor]))
    content = tiff([replace(thumbnail, tags={**REDUCED, 330: (second,)}), sensor])
    end = first + 2 + 12 * _entries(content, first)
    assert "raw file" in refusal(content[:end] + bytes(4) + content[end + 4 :])


def _places(content: bytes) -> tuple[int, int]:
    """Where the first and the second page are."""
    first = int.from_bytes(content[4:8], "little")
    end = first + 2 + 12 * _entries(content, first)
    return first, int.from_bytes(content[end : end + 4], "little")


def _entries(content: bytes, place: int) -> int:
    return int.from_bytes(content[place : place + 2], "little")


def test_too_many_values(monkeypatch: pytest.MonkeyPatch) -> None:
    page = tiff(Page(stored(scene(), "u2")))
    monkeypatch.setattr(tiff_values, "MAX_VALUES", scene().size)
    assert np.abs(read(page) - scene()).max() <= 1
    monkeypatch.setattr(tiff_values, "MAX_VALUES", scene().size - 1)
    assert "megapixels" in refusal(page)


@pytest.mark.parametrize("kind", ["u1", "u2"])
def test_a_page_that_ends_early_is_damaged(kind: str) -> None:
    content = tiff(Page(stored(scene(), kind), compression=DEFLATE))
    broken = content[:20] + bytes(60) + content[80:]
    assert "damaged" in refusal(broken)


# Of several pages


def one_colour(level: int) -> Page:
    return Page(np.full((HEIGHT, WIDTH, 3), level, np.uint8))


def small() -> Page:
    return Page(scene()[::3, ::3])


def other() -> Page:
    return Page(255 - scene())


@pytest.mark.parametrize(
    "before",
    [
        [],
        [Page(255 - scene(), tags=REDUCED)],
        [Page(255 - scene(), tags={255: (2,)})],
        [Page(grey(), 4, tags={254: (4,)})],
        [small()],
        [one_colour(255)],
        [one_colour(0), small(), one_colour(7), Page(stored(scene(), "u2"), tags=REDUCED)],
    ],
)
@pytest.mark.parametrize("kind", ["u1", "u2"])
def test_the_first_page_that_is_no_thumbnail_and_not_empty(before: list[Page], kind: str) -> None:
    found = read(tiff([*before, Page(stored(scene(), kind)), other()]))
    assert np.abs(found - scene()).max() <= 1


def test_pages_that_all_are_empty_or_thumbnails() -> None:
    assert set(np.unique(read(tiff([one_colour(9), one_colour(99)])))) == {9}
    assert np.abs(read(tiff(Page(scene(), tags=REDUCED))) - scene()).max() == 0


def test_pages_that_follow_one_another_in_a_circle() -> None:
    content = bytearray(tiff([one_colour(1), one_colour(2)]))
    first, second = _places(bytes(content))
    end = second + 2 + 12 * _entries(bytes(content), second)
    content[end : end + 4] = first.to_bytes(4, "little")
    assert set(np.unique(read(bytes(content)))) == {1}
