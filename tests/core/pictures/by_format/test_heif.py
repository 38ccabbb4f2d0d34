import io
import struct

import pytest
from PIL import Image

from benchmarks.heif_files import coded, encoded, heic, rotation
from cnngui.core.errors import UserError
from cnngui.core.pictures import images
from cnngui.core.pictures.by_format import heif


@pytest.mark.parametrize("quarters", range(4))
def test_the_rotation_of_the_file_turns_it(quarters: int) -> None:
    scene = Image.new("RGB", (128, 64), (20, 20, 220))
    scene.paste((220, 20, 20), (0, 0, 64, 64))
    upright = images.read(heic(coded(1, scene, rotation(quarters))), 256)
    assert upright.size == ((128, 64), (64, 128))[quarters % 2]
    red, _, blue = upright.getpixel([(9, 9), (9, 119), (119, 9), (9, 9)][quarters])  # type: ignore[misc]
    assert red > 150 > blue


def test_what_metadata_say_does_not_turn_it_again() -> None:
    """pi_heif sets the orientation in there to upright, but does not find this one; Pillow does."""
    upright, sideways = b'tiff:Orientation="1 "', b'tiff:Orientation="6 "'
    file = encoded(Image.new("RGB", (128, 64), "red"), xmp=b"<x " + upright + b"/>")
    assert upright in file
    assert images.read(file.replace(upright, sideways), 256).size == (128, 64)


def test_too_many_boxes_are_refused_so_that_no_metadata_is_overlooked() -> None:
    file = encoded(Image.new("RGB", (64, 64), "red"))
    (first,) = struct.unpack_from(">I", file)
    free = struct.pack(">I4s", 8, b"free")
    for count in (heif.MOST_BOXES, 3_000_000):
        with pytest.raises(ValueError, match="too many boxes"):
            heif.without_metadata(io.BytesIO(file[:first] + count * free + file[first:]))
    with pytest.raises(UserError, match="damaged"):
        images.read(file[:first] + heif.MOST_BOXES * free + file[first:], 256)
