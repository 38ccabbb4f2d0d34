"""JPEG files whose download or copy was interrupted."""

import io
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from cnngui.core.errors import UserError
from cnngui.core.pictures import decoding, images
from cnngui.core.pictures.by_format import jpeg

KINDS: dict[str, dict[str, Any]] = {
    "sequential": {},
    "without subsampling": {"subsampling": 0},
    "progressive": {"progressive": True, "quality": 90},
    "with restarts": {"restart_marker_rows": 1},
    "with short codes": {"optimize": True, "quality": 40},
}


def scene(size: tuple[int, int]) -> Image.Image:
    """Noisy everywhere, so that every part of it takes about as many bytes."""
    rng = np.random.default_rng(0)
    corners = Image.fromarray(rng.integers(0, 256, (5, 7, 3), np.uint8))
    smooth = np.asarray(corners.resize(size, Image.Resampling.BICUBIC), np.int16)
    return Image.fromarray((smooth + rng.integers(-9, 10, smooth.shape)).clip(0, 255).astype(np.uint8))


def encode(image: Image.Image, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", **options)
    return file.getvalue()


def difference(one: Image.Image, other: Image.Image) -> float:
    return float(np.abs(np.asarray(one, np.int16) - np.asarray(other, np.int16)).mean())


PICTURES = {
    (kind, mode, size): encode(scene(size).convert(mode), **options)
    for kind, options in KINDS.items()
    for mode in ("RGB", "L", "CMYK")
    for size in ((32, 32), (320, 240), (720, 540))  # the last one is shrunk while it is decoded
    if mode == "RGB" or size == (320, 240)
}


def is_refused(content: bytes) -> bool:
    try:
        images.read(content, 256)
    except UserError as error:
        return str(error) == decoding.DAMAGED
    return False


@pytest.mark.parametrize("picture", PICTURES)
def test_one_that_lacks_only_its_end_is_read(picture: tuple[str, str, tuple[int, int]]) -> None:
    content = PICTURES[picture]
    whole = images.read(content, 256)
    for end in (content[:-1], content[:-2], content[:-2] + bytes(300), content[:-2] + b"\xff"):
        assert difference(images.read(end, 256), whole) == 0
    if picture[2] != (32, 32) and picture[:2] != ("progressive", "CMYK"):  # that ends with a whole scan of black
        assert difference(images.read(content[:-40], 256), whole) < 2


@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize("share", [0.35, 0.7])
def test_one_that_lacks_a_good_part_is_refused(picture: tuple[str, str, tuple[int, int]], share: float) -> None:
    content = PICTURES[picture]
    begin = content.index(b"\xff\xda")  # there are headers before
    place = begin + int((len(content) - begin) * (1 - share))
    assert is_refused(content[:place])
    assert is_refused(content[:place] + bytes(len(content) - place))
    if picture[0] != "progressive" or share == 0.7:  # else it lacks only its last bits, as an encoder may intend
        assert is_refused(content[:place] + b"\xff\xd9")
        assert is_refused(content[:place] + b"\xff\xd9" + b"garbage" * 90)


@pytest.mark.parametrize("kind", ["sequential", "with short codes"])
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_gap_in_the_middle(mode: str, kind: str) -> None:
    """Zeros instead of what a disk has not written; the end is there. They stand for few blocks, or for very many."""
    content = encode(scene((640, 480)).convert(mode), **KINDS[kind])
    begin = content.index(b"\xff\xda")
    for place in (begin + 2000, len(content) // 2, len(content) - 2000):
        assert is_refused(content[:place] + bytes(1024) + content[place + 1024 :])


@pytest.mark.parametrize("colour", [128, 255])
@pytest.mark.parametrize("options", [{"optimize": True}, {"progressive": True}, {}])
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_picture_whose_lower_part_has_one_colour(mode: str, options: dict[str, Any], colour: int) -> None:
    """Its file may be full of zeros, and its end grey."""
    image = scene((400, 900)).convert(mode)
    image.paste((colour,) * len(image.getbands()), (0, 100, 400, 900))
    content = encode(image, **options)
    assert mode == "CMYK" or difference(images.read(content, 256).resize((400, 900)), image.convert("RGB")) < 3
    assert images.read(content, 256).size == images.read(content + b"\0" * 20, 256).size


@pytest.mark.parametrize("size", [(320, 240), (720, 540)])
def test_a_progressive_one_may_lack_its_last_bits(size: tuple[int, int]) -> None:
    """They refine what is there already."""
    content = PICTURES["progressive", "RGB", size]
    whole = images.read(content, 256)
    begin = content.rindex(b"\xff\xda")
    for share in (0.01, 0.2, 0.4):
        cut = content[: begin + int((len(content) - begin) * (1 - share))]
        assert difference(images.read(cut, 256), whole) < 3
        assert difference(images.read(cut + b"\xff\xd9", 256), whole) < 3


@settings(deadline=None, max_examples=30)
@given(share=st.floats(0, 1))
@example(share=0.1)
def test_at_most_a_tenth_of_the_picture_may_be_missing(share: float) -> None:
    content = PICTURES["without subsampling", "L", (320, 240)]
    begin = content.index(b"\xff\xda") + 10
    cut = content[: begin + int((len(content) - 2 - begin) * (1 - share))]
    found = jpeg.completed(io.BytesIO(cut), 10_000, 1 << 20)
    if share < 0.07:
        assert found is not None
        whole = np.asarray(images.read(content, 10_000).convert("L"))
        assert (np.asarray(found)[: 240 * 9 // 10 - 8] == whole[: 240 * 9 // 10 - 8]).all()
    if share > 0.14:
        assert found is None


@pytest.mark.parametrize(
    "tail", [b"garbage" * 90, bytes(500), b"\xff\xda" * 500 + bytes(99), b"\0\0\0\x18ftypmp42" * 9]
)
@pytest.mark.parametrize("kind", ["sequential", "progressive"])
def test_what_follows_the_end_does_not_matter(kind: str, tail: bytes) -> None:
    content = PICTURES[kind, "RGB", (720, 540)]
    assert difference(images.read(content + tail, 256), images.read(content, 256)) == 0


def test_zeros_at_the_end() -> None:
    content = PICTURES["sequential", "RGB", (320, 240)]
    for count in (16, 70_000, 140_000):
        assert jpeg.ends_in_zeros(io.BytesIO(content[:-2] + bytes(count)))
        assert not jpeg.ends_in_zeros(io.BytesIO(content + bytes(count)))
    assert not jpeg.ends_in_zeros(io.BytesIO(content))
    assert not jpeg.ends_in_zeros(io.BytesIO(b""))


def test_what_took_long_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    content = PICTURES["sequential", "RGB", (320, 240)][:-2]
    assert not is_refused(content)
    monkeypatch.setattr(decoding, "MAX_FIRST_TRY", -1.0)
    assert is_refused(content)


def test_a_long_file_is_not_held() -> None:
    content = PICTURES["sequential", "L", (320, 240)][:-2]
    assert jpeg.completed(io.BytesIO(content), 256, len(content)) is not None
    assert jpeg.completed(io.BytesIO(content), 256, len(content) - 1) is None


@pytest.mark.parametrize(
    ("marker", "bits", "part"), [(0xC0, 12, "12 bits"), (0xC3, 8, "lossless"), (0xF7, 8, "JPEG-LS")]
)
def test_unusual_kinds_are_named(marker: int, bits: int, part: str) -> None:
    content = PICTURES["sequential", "RGB", (320, 240)]
    place = content.index(b"\xff\xc0")
    changed = content[: place + 1] + bytes((marker,)) + content[place + 2 : place + 4] + bytes((bits,))
    with pytest.raises(UserError, match=part):
        images.read(changed + content[place + 5 :], 256)
