import subprocess
import sys

import pytest
from PIL import Image

from benchmarks import mutations
from cnngui.core.pictures import formats


@pytest.fixture(scope="module")
def samples() -> dict[str, list[bytes]]:
    return mutations.samples(large=False)


def test_every_suffix_is_one_that_pillow_knows() -> None:
    formats.looks_like_picture(b"\0\0\0\x18ftypheic")
    known = Image.registered_extensions()
    assert set(formats.SUFFIXES) <= known.keys() | {".jfif"}


def test_every_picture_looks_like_one(samples: dict[str, list[bytes]]) -> None:
    for name, contents in samples.items():
        for number, content in enumerate(contents):
            assert formats.looks_like_picture(content[: formats.START]), (name, number)


def test_a_small_ppm_with_a_comment() -> None:
    assert formats.looks_like_picture(b"P1\n# by hand\n1 1\n0")


@pytest.mark.parametrize("text", ["Python", "P1 comes first", "BMW makes cars", "P", "BM", "Py", "%PDF-1.7", ""])
def test_text_is_no_picture(text: str) -> None:
    assert not formats.looks_like_picture(f"{text} and so on. ".encode() * 4)
    assert not formats.looks_like_picture(text.encode())


def test_files_that_are_held_in_memory(samples: dict[str, list[bytes]]) -> None:
    held = {name for name, contents in samples.items() if formats.begins_like(contents[0][:64], formats.HELD)}
    assert held == {"WEBP", "AVIF", "HEIF"} & samples.keys()


def test_the_decoder_of_heic_is_loaded_for_such_files_only() -> None:
    """It would make the start of the program slower, which reads its samples."""
    code = (
        "import sys; from cnngui import paths; from cnngui.core.pictures import formats, images;"
        "images.load_pixels(paths.resources_dir() / 'samples' / 'cat.png'); formats.looks_like_picture(b'GIF89a');"
        "assert 'pi_heif' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
