import io
import os
import struct
import subprocess
import sys
import time
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from hypothesis import example, given, reject, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageDraw, PngImagePlugin

from cnngui.core.errors import UserError
from cnngui.core.pictures import decoder_pool, decoding, depth, images
from cnngui.core.pictures.by_format import heif
from cnngui.core.pictures.decoding import Source

NAMES = ["a b.png", 'it\'s "quoted".png', "катт 🐈‍⬛.png", "no suffix", "#%20.jpg.png"]


def scene(width: int = 96, height: int = 64) -> Image.Image:
    """A smooth picture in which every corner has another colour."""
    corners = Image.new("RGB", (2, 2))
    corners.putdata([(220, 30, 30), (30, 200, 40), (30, 40, 220), (240, 220, 40)])
    return corners.resize((width, height), Image.Resampling.BICUBIC)


def encode(image: Image.Image, file_format: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, file_format, **options)
    return buffer.getvalue()


def one_colour(pixels: NDArray[np.uint8]) -> tuple[int, ...]:
    assert (pixels == pixels[0, 0]).all()
    return tuple(int(value) for value in pixels[0, 0])


def difference(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    return float(np.abs(one.astype(float) - other.astype(float)).mean())


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def one_bit_png(width: int, height: int) -> bytes:
    """A valid, tiny, black PNG of any size."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((width + 7) // 8 + 1) * height, 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


# What a network gets


@given(data=st.binary(min_size=3072, max_size=3072))
def test_a_32_by_32_picture_passes_unchanged(data: bytes) -> None:
    image = Image.frombytes("RGB", (32, 32), data)
    assert images.load_pixels(encode(image, "PNG")).tobytes() == data


@settings(deadline=None)
@given(
    mode=st.sampled_from(["1", "L", "P", "LA", "RGB", "RGBA", "CMYK", "I", "I;16", "F"]),
    width=st.integers(1, 200),
    height=st.integers(1, 200),
    file_format=st.sampled_from(["PNG", "TIFF", "JPEG", "GIF", "WEBP"]),
)
def test_any_mode_and_size_becomes_pixels(mode: str, width: int, height: int, file_format: str) -> None:
    image = Image.new(mode, (width, height))
    try:
        data = encode(image, file_format)
    except (OSError, ValueError, KeyError):
        reject()  # this format has no such mode
    pixels = images.load_pixels(data)
    assert pixels.shape == (32, 32, 3)
    assert pixels.dtype == np.uint8


def test_size_is_height_and_width() -> None:
    assert images.to_pixels(scene(), (24, 48)).shape == (24, 48, 3)


def test_the_whole_picture_is_squeezed() -> None:
    wide = images.to_pixels(scene(300, 50))
    assert difference(wide, images.to_pixels(scene(50, 300))) < 2


@pytest.mark.parametrize("file_format", ["JPEG", "GIF", "WEBP", "BMP", "TIFF", "AVIF", "JPEG2000", "ICO", "PPM", "MPO"])
def test_formats(file_format: str) -> None:
    square = scene(128, 128)
    pixels = images.load_pixels(encode(square, file_format))
    assert difference(pixels, images.to_pixels(square)) < 8


def test_a_jpeg_is_decoded_reduced_but_not_below_min_side() -> None:
    data = encode(scene(1600, 1200), "JPEG")
    assert images.read(data, 150).size == (200, 150)
    assert images.read(data, 151).size == (400, 300)
    assert images.read(data, 5000).size == (1600, 1200)


# Upright

# For every EXIF orientation, the transposition that makes the stored picture from the upright one.
STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_every_exif_orientation_gives_the_upright_picture(orientation: int, file_format: str) -> None:
    upright = scene(1024, 768)
    transposition = STORED[orientation]
    stored = upright if transposition is None else upright.transpose(transposition)
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = images.read(encode(stored, file_format, exif=exif), 256)
    assert image.width > image.height
    assert difference(images.to_pixels(image), images.to_pixels(upright)) < 3


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
@pytest.mark.parametrize("exif", [b"", b"MM\x00*\x00\x00\xff\xff", b"II*\x00nonsense"])
def test_damaged_exif_does_not_cost_the_picture(exif: bytes) -> None:
    pixels = images.load_pixels(encode(scene(), "JPEG", exif=b"Exif\x00\x00" + exif))
    assert difference(pixels, images.to_pixels(scene())) < 3


# Modes


@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA"])
def test_transparency_is_flattened_on_white(mode: str) -> None:
    clear = Image.new("RGBA", (40, 40), (0, 0, 0, 0)).convert(mode)
    file_format = "TIFF" if mode == "PA" else "PNG"
    assert one_colour(images.load_pixels(encode(clear, file_format))) == (255, 255, 255)


def test_half_transparent_black_is_middle_grey() -> None:
    image = Image.new("RGBA", (40, 40), (0, 0, 0, 128))
    assert one_colour(images.load_pixels(encode(image, "PNG"))) == (127, 127, 127)


@pytest.mark.parametrize(
    ("file_format", "mode", "colour"),
    [("GIF", "P", 0), ("PNG", "P", 0), ("PNG", "1", 0), ("PNG", "L", 7), ("PNG", "RGB", (9, 8, 7))],
)
def test_a_transparent_colour_is_white(file_format: str, mode: str, colour: int | tuple[int, ...]) -> None:
    data = encode(Image.new(mode, (40, 40), colour), file_format, transparency=colour)
    assert one_colour(images.load_pixels(data)) == (255, 255, 255)


def test_a_palette_with_degrees_of_transparency() -> None:
    image = Image.new("P", (40, 40), 1)
    image.putpalette([0, 0, 0, 255, 0, 0])
    data = encode(image, "PNG", transparency=bytes([255, 0]))
    assert one_colour(images.load_pixels(data)) == (255, 255, 255)


@pytest.mark.parametrize("file_format", ["JPEG", "TIFF"])  # Pillow writes the JPEG as Adobe does: inverted
def test_cmyk(file_format: str) -> None:
    cyan = Image.new("CMYK", (40, 40), (255, 0, 0, 0))
    red, green, blue = one_colour(images.load_pixels(encode(cyan, file_format)))
    assert red < 5
    assert min(green, blue) > 250


@pytest.mark.parametrize(("mode", "value"), [("1", 1), ("L", 255), ("P", 255)])
def test_white_in_modes_of_few_colours(mode: str, value: int) -> None:
    image = Image.new(mode, (40, 40), value)
    if mode == "P":
        image.putpalette([255] * 768)
    assert one_colour(images.load_pixels(encode(image, "PNG"))) == (255, 255, 255)


@given(value=st.integers(0, 65535))
@pytest.mark.parametrize("file_format", ["PNG", "TIFF", "PPM"])
def test_16_bit_grey_is_rescaled_by_the_first_usual_white(file_format: str, value: int) -> None:
    image = Image.fromarray(np.full((32, 32), value, np.uint16))
    white = next(white for white in (255, 1023, 4095, 16_383, 65_535) if value <= white)
    assert one_colour(images.load_pixels(encode(image, file_format))) == (round(value * 255 / white),) * 3


def test_a_16_bit_grey_ramp_keeps_its_shades() -> None:
    ramp = np.tile(np.linspace(0, 65535, 32).astype(np.uint16), (32, 1))
    shades = images.load_pixels(encode(Image.fromarray(ramp), "PNG"))[0, :, 0]
    assert len(np.unique(shades)) == 32


def test_big_endian_16_bit_tiff() -> None:
    image = Image.frombytes("I;16B", (32, 32), struct.pack(">H", 65535 // 2) * 1024)
    assert one_colour(images.load_pixels(encode(image, "TIFF"))) == (127, 127, 127)


def test_16_bit_colour_png() -> None:
    rows = b"".join(b"\x00" + struct.pack(">HHH", 65535, 32768, 0) * 32 for _ in range(32))
    header = struct.pack(">IIBBBBB", 32, 32, 16, 2, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    assert one_colour(images.load_pixels(png)) == (255, 128, 0)


@pytest.mark.parametrize(
    ("highest", "white"),
    [
        *((1.02, 1), (1.4, 1), (0.6, 1), (255, 255), (300, 255), (1023, 1023), (4095, 4095), (4500, 4095)),
        *((16_383, 16_383), (65_535, 65_535), (70_000, 65_535), (1e6, 1e6), (3.0, 3.0), (12.0, 12.0), (100.0, 255)),
    ],
)
@pytest.mark.parametrize("hot", [0, 1e30, np.inf, np.nan])
def test_the_white_of_floating_point_numbers(highest: float, white: float, hot: float) -> None:
    """A small overshoot, and a few pixels far above all others, are clipped."""
    values = np.tile(np.linspace(0, highest, 200, dtype=np.float32), (200, 1))
    values[0, :9] = hot
    found = depth.to_8_bits(values)[1:].astype(np.int16)
    assert np.abs(found - np.rint(values[1:].clip(0, white) * (255 / white))).max() <= 1


@pytest.mark.parametrize(("white", "half"), [(1.0, 0.5), (255.0, 127.5), (65535.0, 32767.5), (1e6, 5e5)])
def test_floating_point_grey(white: float, half: float) -> None:
    values = np.full((32, 32), half, np.float32)
    values[0] = white
    values[1] = np.nan
    values[2] = -white
    pixels = images.load_pixels(encode(Image.fromarray(values), "TIFF"))
    assert (pixels[0] == 255).all()
    assert (pixels[1:3] == 0).all()
    assert set(np.unique(pixels[3:])) <= {127, 128}


def test_32_bit_grey_above_16_bits() -> None:
    values = np.array([[0, 500_000], [1_000_000, -5]], np.int32).repeat(16, 0).repeat(16, 1)
    pixels = images.load_pixels(encode(Image.fromarray(values), "TIFF"))
    assert pixels[0, 0, 0] == 0
    assert pixels[0, 16, 0] in (127, 128)
    assert pixels[16, 0, 0] == 255
    assert pixels[16, 16, 0] == 0


@pytest.mark.parametrize("file_format", ["GIF", "WEBP", "PNG", "TIFF"])
def test_the_first_frame_of_an_animation(file_format: str) -> None:
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("#ff0000", "#00ff00", "#0000ff")]
    data = encode(frames[0], file_format, save_all=True, append_images=frames[1:])
    assert difference(images.load_pixels(data), images.to_pixels(frames[0])) < 3


# What cannot be read


def refusal(source: Source) -> str:
    with pytest.raises(UserError) as caught:
        images.load_pixels(source)
    text = str(caught.value)
    assert text.endswith(".")
    return text


def encode_heif(image: Image.Image, **options: object) -> bytes:
    file = io.BytesIO()
    pillow_heif.from_pillow(image).save(file, quality=95, **options)
    return file.getvalue()


@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA"])
def test_heic(mode: str) -> None:
    pixels = images.load_pixels(encode_heif(scene().convert(mode)))
    assert difference(pixels, images.load_pixels(encode(scene().convert(mode), "PNG"))) < 3


@pytest.mark.parametrize("orientation", STORED)
def test_heic_is_turned_upright_once(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    transposition = STORED[orientation]
    stored = scene() if transposition is None else scene().transpose(transposition)
    image = images.read(encode_heif(stored, exif=exif.tobytes()), 256)
    assert image.size == scene().size
    assert difference(images.to_pixels(image), images.to_pixels(scene())) < 3


def test_the_metadata_of_a_heic_is_not_read() -> None:
    """pi_heif crashes where it is damaged."""
    exif = Image.Exif()
    exif[0x010E] = "a description"
    content = encode_heif(scene(), exif=exif.tobytes())
    heif.register()
    with Image.open(io.BytesIO(content)) as image:
        assert image.getexif()[0x010E] == "a description"
    with Image.open(heif.without_metadata(io.BytesIO(content))) as image:
        assert 0x010E not in image.getexif()
    assert images.read(content, 256).tobytes() == images.read(encode_heif(scene()), 256).tobytes()


def test_damaged_heic() -> None:
    begins_like_one = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(400)
    for content in (begins_like_one, encode_heif(scene())[:-200]):
        assert "damaged or incomplete" in refusal(content)


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "GIF", "BMP", "TIFF", "PPM"])
def test_a_picture_that_ends_in_its_head_is_damaged(file_format: str) -> None:
    assert "damaged or incomplete" in refusal(encode(scene(), file_format)[:20])


def test_text_is_no_picture() -> None:
    for text in ("Python", "P1 comes first", "BMW makes cars", ""):
        assert "Not a readable picture" in refusal(f"{text} and so on. ".encode() * 9)


@pytest.mark.parametrize("start", [encode(Image.new("RGB", (9, 9)), "WEBP"), encode_heif(Image.new("RGB", (64, 64)))])
def test_a_huge_file_is_not_held_in_memory(start: bytes, tmp_path: Path) -> None:
    path = tmp_path / "huge"
    with path.open("wb") as file:
        file.write(start)
        file.truncate(decoding.MAX_HELD + 1)  # sparse: it takes no room on the disk
    tracemalloc.start()
    try:
        assert "100 MB" in refusal(path)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_a_heic_of_too_many_megapixels_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "MAX_HEIF", scene().width * scene().height - 1)
    with pytest.raises(UserError, match="megapixels"):
        decoding.decode(io.BytesIO(encode_heif(scene())), 256)


def test_not_a_picture(tmp_path: Path) -> None:
    text = tmp_path / "notes.jpg"
    text.write_text("Dear diary")
    assert "Not a readable picture" in refusal(text)


def test_a_format_that_runs_a_program_is_not_opened() -> None:
    assert "PostScript" in refusal(encode(scene(), "EPS"))


def test_empty(tmp_path: Path) -> None:
    empty = tmp_path / "empty.png"
    empty.touch()
    assert "empty" in refusal(empty)
    assert "empty" in refusal(b"")


def test_missing(tmp_path: Path) -> None:
    assert "does not exist" in refusal(tmp_path / "gone.png")
    assert "does not exist" in refusal(tmp_path / "gone" / "cat.png")


@pytest.mark.parametrize("name", ["x" * 5000, "null\0.png"])
def test_impossible_names(name: str, tmp_path: Path) -> None:
    assert "could not be opened" in refusal(tmp_path / name)


def test_a_folder(tmp_path: Path) -> None:
    assert "folder" in refusal(tmp_path)


def test_no_permission_to_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(encode(scene(), "PNG"))
    secret.chmod(0)
    if os.access(secret, os.R_OK):
        pytest.skip("this user may read everything")
    assert "permissions" in refusal(secret)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_pipe_does_not_block(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.png"
    os.mkfifo(pipe)
    assert "pipe" in refusal(pipe)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no devices on this system")
def test_a_device() -> None:
    assert "device" in refusal(Path("/dev/zero"))


@pytest.mark.parametrize("name", NAMES)
def test_unusual_names(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(encode(scene(), "PNG"))
    assert images.load_pixels(path).shape == (32, 32, 3)


def test_a_truncated_jpeg() -> None:
    data = encode(scene(400, 300), "JPEG")
    assert "incomplete" in refusal(data[: len(data) // 2])


def test_a_jpeg_of_thousands_of_scans(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each goes over all pixels; five thousand would take ten minutes."""
    monkeypatch.setattr(decoder_pool, "SECONDS", 1.0)
    data = encode(Image.new("L", (5_000, 5_000)), "JPEG", progressive=True)
    scan = data[data.rindex(b"\xff\xda") : -2]
    assert images.load_pixels(data[:-2] + scan + data[-2:]).shape == (32, 32, 3)
    assert "too long" in refusal(data[:-2] + 5_000 * scan + data[-2:])


@pytest.mark.parametrize(("width", "height"), [(20_000, 10_000), (200_000_000, 1)])
def test_a_200_megapixel_bomb_is_refused_before_it_is_decoded(width: int, height: int) -> None:
    bomb = one_bit_png(width, height)
    start = time.perf_counter()
    assert "110 megapixels" in refusal(bomb)
    assert time.perf_counter() - start < 0.1  # decoding takes over ten times as long


def test_a_photograph_with_a_video_after_it() -> None:
    """Bytes that look like scans by chance: it is decoded in a process of its own, and is the same picture."""
    photograph = encode(scene(2000, 1500), "JPEG")
    video = b"\xff\xda" * 1000
    assert images.read(photograph + video, 256).tobytes() != b""
    assert difference(images.load_pixels(photograph + video), images.load_pixels(photograph)) == 0


@pytest.mark.parametrize("file_format", ["TIFF", "JPEG2000", "AVIF", "HEIF"])
def test_a_large_picture_of_a_format_that_may_be_costly(file_format: str) -> None:
    """It is shrunk, as a JPEG is, and shows the same."""
    whole = scene(1200, 900)
    content = encode_heif(whole) if file_format == "HEIF" else encode(whole, file_format)
    image = images.read(content, 256)
    assert image.size == (600, 450)
    assert difference(images.to_pixels(image), images.to_pixels(whole)) < 3


@pytest.mark.parametrize("levels", [1, 2, 6])
def test_a_jpeg_2000_is_decoded_at_a_resolution_that_it_has(levels: int) -> None:
    whole = scene(2400, 1800)
    image = images.read(encode(whole, "JPEG2000", num_resolutions=levels), 200)
    assert image.size == (300, 225)
    assert difference(images.to_pixels(image), images.to_pixels(whole)) < 3
    decoded = decoding.decode(io.BytesIO(encode(whole, "JPEG2000", num_resolutions=levels)), 200)
    assert decoded.width == {1: 2400, 2: 1200, 6: 300}[levels]


@pytest.mark.parametrize("file_format", ["PNG", "TIFF", "WEBP", "JPEG"])
def test_exif_orientation_in_any_format(file_format: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    stored = scene().transpose(Image.Transpose.ROTATE_90)
    image = images.read(encode(stored, file_format, exif=exif), 256)
    assert image.size == scene().size
    assert difference(images.to_pixels(image), images.to_pixels(scene())) < 4


def test_orientation_in_xmp_alone() -> None:
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'
    stored = scene().transpose(Image.Transpose.ROTATE_90)
    assert images.read(encode(stored, "JPEG", xmp=xmp), 256).size == scene().size


def test_orientation_as_imagemagick_writes_it() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    raw = exif.tobytes()
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Raw profile type exif", f"\nexif\n{len(raw):8}\n{raw.hex()}\n")
    stored = scene().transpose(Image.Transpose.ROTATE_90)
    assert images.read(encode(stored, "PNG", pnginfo=texts), 256).size == scene().size


def test_what_is_no_picture_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoder_pool, "decode", None)
    assert "Not a readable picture" in refusal(b"Dear diary, " * 20)


def test_a_path_that_is_no_utf_8(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.tif"))
    try:
        path.write_bytes(encode(scene(), "TIFF"))
    except OSError:
        pytest.skip("this system has no such names")
    assert images.load_pixels(path).shape == (32, 32, 3)


def icon(png: bytes) -> bytes:
    """Says that it is of 32×32, whatever it holds."""
    return struct.pack("<HHH", 0, 1, 1) + struct.pack("<BBBBHHII", 32, 32, 0, 0, 1, 32, len(png), 22) + png


def test_a_bomb_inside_an_icon() -> None:
    assert "110 megapixels" in refusal(icon(one_bit_png(20_000, 10_000)))


@pytest.mark.filterwarnings("ignore:Image was not the expected size")
def test_what_would_take_a_gigabyte_is_refused() -> None:
    """JPEG is reduced while it is decoded; others are decoded whole, and take up to 27 bytes a pixel on their way."""
    assert "35 megapixels" in refusal(one_bit_png(10_000, 5_000))
    assert "35 megapixels" in refusal(icon(one_bit_png(10_000, 5_000)))
    assert images.load_pixels(encode(Image.new("L", (10_000, 5_000)), "JPEG")).shape == (32, 32, 3)


def test_too_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_memory(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(Image.Image, "convert", no_memory)
    assert "memory" in refusal(encode(scene(), "PNG"))


def detailed() -> Image.Image:
    image = scene(48, 40)
    ImageDraw.Draw(image).ellipse((8, 8, 30, 30), fill="white")
    return image


ENCODED = [
    encode(detailed(), "PNG"),
    encode(detailed(), "JPEG"),
    encode(detailed(), "GIF"),
    encode(detailed(), "WEBP"),
    encode(detailed(), "TIFF"),
    encode(detailed(), "BMP"),
    encode(detailed().convert("RGBA"), "ICO", sizes=[(16, 16)]),
]


@pytest.mark.filterwarnings("ignore::UserWarning")
@settings(deadline=None, max_examples=300)
@given(
    data=st.sampled_from(ENCODED),
    end=st.floats(0, 1),
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=6),
)
@example(data=ENCODED[1], end=0.01, changes=[])
def test_damaged_data_gives_pixels_or_a_sentence(data: bytes, end: float, changes: list[tuple[float, int]]) -> None:
    damaged = bytearray(data)
    for position, value in changes:
        damaged[int(position * len(damaged))] = value
    try:
        pixels = images.load_pixels(bytes(damaged[: int(end * len(damaged))]))
    except UserError:
        return
    assert pixels.shape == (32, 32, 3)


def test_pillow_prints_nothing(tmp_path: Path) -> None:
    large = tmp_path / "large.jpg"  # above the size at which Pillow warns
    large.write_bytes(encode(Image.new("L", (7_000, 8_000)), "JPEG"))
    bad_exif = tmp_path / "exif.jpg"
    bad_exif.write_bytes(encode(scene(), "JPEG", exif=b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x09" + b"\xff" * 40))
    program = (
        "import sys; from pathlib import Path; from cnngui.core.pictures import images\n"
        "for name in sys.argv[1:]: images.load_pixels(Path(name))"
    )
    command = [sys.executable, "-W", "always", "-c", program, str(large), str(bad_exif)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_views_are_the_whole_and_squares_along_it() -> None:
    ramp = np.tile(np.linspace(0, 255, 300).astype(np.uint8), (100, 1))  # dark on the left, light on the right
    picture = Image.fromarray(ramp).convert("RGB")
    whole, *squares = images.to_views(picture)
    np.testing.assert_array_equal(whole, images.to_pixels(picture))
    assert (int(whole[0, 0, 0]), int(whole[0, -1, 0])) == pytest.approx((4, 251), abs=3)
    edges = [(int(square[0, 0, 0]), int(square[0, -1, 0])) for square in squares]  # each is a third of the width
    assert edges == [pytest.approx(pair, abs=3) for pair in ((1, 84), (86, 168), (171, 254))]
    upright_whole, *upright_squares = images.to_views(picture.transpose(Image.Transpose.ROTATE_270))
    for upright, square in zip(upright_squares, squares, strict=True):
        np.testing.assert_allclose(upright[:, :, 0], square[:, :, 0].T, atol=1)
    np.testing.assert_allclose(upright_whole[:, :, 0], whole[:, :, 0].T, atol=1)


def test_a_picture_of_the_networks_size_is_its_only_view() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (32, 32, 3), np.uint8)
    np.testing.assert_array_equal(images.to_views(Image.fromarray(pixels)), pixels[None])


@given(
    picture=st.tuples(st.integers(1, 90), st.integers(1, 90)), size=st.tuples(st.integers(8, 64), st.integers(8, 64))
)
def test_views_of_any_picture_for_any_network(picture: tuple[int, int], size: tuple[int, int]) -> None:
    views = images.to_views(Image.new("RGB", picture, "teal"), size)
    same_shape = picture[0] * size[0] == picture[1] * size[1]
    assert views.shape == (1 if same_shape else 4, *size, 3)
    assert np.all(views == np.array([0, 128, 128]))
