"""Colour profiles: colours come out as they are meant, at no cost where there is nothing to do."""

import io
import time
from typing import Any

import numpy as np
import pillow_heif
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageCms

from benchmarks import icc_files
from benchmarks.tiff_files import Page, tiff
from cnngui.core.errors import UserError
from cnngui.core.pictures import decoder_pool, images, profiles

RED_IS_BLUE = icc_files.display(tuple(reversed(icc_files.DISPLAY_P3)))  # type: ignore[arg-type]
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
FORMATS = ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"]


def scene() -> Image.Image:
    corners = Image.new("RGB", (2, 2))
    corners.putdata([(220, 30, 30), (30, 200, 40), (30, 40, 220), (240, 220, 40)])
    return corners.resize((300, 200), Image.Resampling.BICUBIC)


def encode(image: Image.Image, name: str, **options: Any) -> bytes:
    file = io.BytesIO()
    if name == "HEIF":
        pillow_heif.from_pillow(image).save(file, quality=95, **options)
    else:
        image.save(file, name, **({"quality": 95} if name in ("JPEG", "WEBP", "AVIF") else {}), **options)
    return file.getvalue()


def levels(image: Image.Image) -> NDArray[np.int16]:
    return np.asarray(image.convert("RGB"), np.int16)


def shown(image: Image.Image, profile: bytes) -> NDArray[np.int16]:
    """What littleCMS makes of the picture with this profile."""
    opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    result = ImageCms.profileToProfile(image, opened, ImageCms.createProfile("sRGB"), outputMode="RGB")
    assert result is not None
    return levels(result)


@pytest.mark.parametrize("name", FORMATS)
def test_colours_of_a_profile(name: str) -> None:
    found = levels(images.read(encode(scene(), name, icc_profile=RED_IS_BLUE), 256))
    expected = shown(scene(), RED_IS_BLUE)
    assert np.abs(found - expected).mean() < 4
    assert np.abs(expected - levels(scene())).mean() > 60


@pytest.mark.parametrize("mode", ["L", "P", "1", "RGBA", "LA"])
def test_colours_of_a_profile_in_any_mode(mode: str) -> None:
    image = scene().convert(mode)
    found = levels(images.read(encode(image, "PNG", icc_profile=icc_files.display(gamma=1.0)), 256))
    assert np.abs(found - shown(image.convert("RGB"), icc_files.display(gamma=1.0))).max() <= 1


@pytest.mark.parametrize("mode", ["L", "LA"])
def test_a_grey_profile(mode: str) -> None:
    profile = icc_files.grey(1.0)
    image = scene().convert("L")
    found = levels(images.read(encode(image.convert(mode), "PNG", icc_profile=profile), 256))
    assert np.abs(found - shown(image, profile)).max() <= 1
    assert np.abs(found - levels(image)).mean() > 20


@pytest.mark.parametrize("name", ["JPEG", "TIFF"])
def test_a_press_profile(name: str) -> None:
    image = scene().convert("CMYK")
    found = levels(images.read(encode(image, name, icc_profile=icc_files.press()), 256))
    assert np.abs(found - shown(image, icc_files.press())).mean() < 3
    assert np.abs(found - levels(image)).mean() > 20


def test_a_profile_of_16_bits_in_planes() -> None:
    deep = np.asarray(scene()).astype(np.uint16) * 257
    found = levels(images.read(tiff(Page(deep, in_planes=True, profile=RED_IS_BLUE)), 256))
    assert np.abs(found - shown(scene(), RED_IS_BLUE)).max() <= 1


def test_transparency_stays_white() -> None:
    clear = Image.new("RGBA", (300, 300), (200, 10, 10, 0))
    found = levels(images.read(encode(clear, "PNG", icc_profile=RED_IS_BLUE), 256))
    assert (found == 255).all()


@pytest.mark.parametrize(
    "profile",
    [
        b"x",
        b"no profile at all" * 50,
        RED_IS_BLUE[:130],
        RED_IS_BLUE[:250],
        RED_IS_BLUE[:150] + bytes(len(RED_IS_BLUE) - 150),
        icc_files.display(((0, 0, 0), (0, 0, 0), (0, 0, 0))),
        RED_IS_BLUE.replace(b"acsp", b"____"),
        RED_IS_BLUE.replace(b"RGB ", b"CMYK"),
        icc_files.press(),
        icc_files.grey(1.0),
    ],
)
def test_a_profile_that_is_damaged_or_of_another_kind_is_ignored(profile: bytes) -> None:
    found = levels(images.read(encode(scene(), "PNG", icc_profile=profile), 256))
    assert np.abs(found - levels(scene())).max() == 0


def test_srgb_changes_nothing() -> None:
    image = scene()
    assert profiles.to_srgb(image, SRGB, 256).tobytes() == image.tobytes()
    assert profiles._transform(SRGB, "RGB") is None


def test_a_large_picture_is_shrunk_before() -> None:
    large = scene().resize((1200, 900))
    assert profiles.to_srgb(large, RED_IS_BLUE, 200).size == (300, 225)
    assert profiles.to_srgb(large, SRGB, 200).size == (1200, 900)
    assert images.read(encode(large, "PNG", icc_profile=RED_IS_BLUE), 200).size == (300, 225)


def test_only_three_curves_and_a_matrix_are_cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    assert all(profiles.is_cheap(each) for each in (b"", SRGB, RED_IS_BLUE, icc_files.grey(2.2)))
    costly = [icc_files.press(), icc_files.steps(10), RED_IS_BLUE.ljust(profiles.MAX_CHEAP + 1, b"\0")]
    assert not any(profiles.is_cheap(each) for each in costly)
    asked: list[int] = []
    monkeypatch.setattr(decoder_pool, "decode", lambda source, min_side: asked.append(min_side))
    for name in ("JPEG", "PNG", "WEBP"):
        images.read(encode(scene(), name, icc_profile=icc_files.steps(10)), 256)
    assert len(asked) == 3


def test_a_hostile_profile_is_ended_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its steps take a millisecond each: the same eight bytes again and again."""
    monkeypatch.setattr(decoder_pool, "SECONDS", 0.5)
    began = time.monotonic()
    with pytest.raises(UserError, match="takes too long"):
        images.read(encode(scene(), "JPEG", icc_profile=icc_files.steps(20_000)), 256)
    assert time.monotonic() - began < 5
