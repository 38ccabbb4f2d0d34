import math
import struct
import time
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise

import pytest
from PIL import Image

from benchmarks.heif_files import Item, auxiliary, coded, composed, encoded, extent, heic, overlay
from cnngui.core.errors import UserError
from cnngui.core.pictures import images
from cnngui.core.pictures.by_format.heif_parts import pixels_to_decode

RED = Image.new("RGB", (64, 64), (220, 20, 20))
TILE = coded(2, RED)


def tiles(first: int, count: int) -> list[Item]:
    return [replace(TILE, number=first + number) for number in range(count)]


def grid_of_grids(levels: int) -> bytes:
    """Each level is eight grids of all eight images of the next one."""
    numbers = [[1], *([2 + 8 * level + number for number in range(8)] for level in range(levels))]
    grids = [
        composed(number, 4, 2, (64, 64), parts, extent(64, 64))
        for level, parts in pairwise(numbers)
        for number in level
    ]
    return heic(*grids, *tiles(numbers[-1][0], 8))


def test_a_plain_image_is_decoded_once() -> None:
    assert pixels_to_decode(encoded(RED)) == 64 * 64


def test_alpha_counts_and_other_auxiliary_images_do_not() -> None:
    assert pixels_to_decode(encoded(RED.convert("RGBA"))) == 2 * 64 * 64
    depth = replace(coded(2, RED.convert("L"), auxiliary("urn:mpeg:hevc:2015:auxid:2")), alpha_of=1)
    assert pixels_to_decode(heic(replace(TILE, number=1), depth)) == 64 * 64


def test_a_grid_counts_with_its_tiles() -> None:
    grid = heic(composed(1, 2, 3, (120, 180), range(2, 8), extent(120, 180)), *tiles(2, 6))
    assert pixels_to_decode(grid) == 120 * 180 + 6 * 64 * 64
    assert images.read(grid, 256).size == (120, 180)


def test_grids_of_grids_multiply() -> None:
    assert pixels_to_decode(grid_of_grids(3)) == 64 * 64 * (1 + 8 + 64 + 512)


def test_an_overlay_and_a_part_of_no_size_have_no_limit() -> None:
    assert pixels_to_decode(heic(overlay(1, (9000, 9000), 2, extent(64, 64)), TILE)) == math.inf
    bare = replace(TILE, properties=TILE.properties[1:])
    assert pixels_to_decode(heic(composed(1, 1, 1, (64, 64), [2], extent(64, 64)), bare)) == math.inf


def test_damaged_boxes_are_errors_and_never_endless() -> None:
    whole = heic(composed(1, 1, 2, (64, 128), [2, 3], extent(64, 128)), *tiles(2, 2))
    for end in range(0, len(whole), 7):
        for damaged in (whole[:end], whole[:end] + b"\0\0\0\1" + whole[end + 4 :], whole[:end] + b"\xff" * 400):
            with suppress(ValueError, LookupError, struct.error, RecursionError):
                assert pixels_to_decode(damaged) >= 0


def test_an_image_that_is_part_of_itself_is_an_error() -> None:
    with pytest.raises(RecursionError):
        pixels_to_decode(heic(composed(1, 1, 1, (64, 64), [1], extent(64, 64))))


@pytest.mark.parametrize(
    "bomb",
    [
        grid_of_grids(5),
        heic(overlay(1, (30_000, 30_000), 2, extent(64, 64)), TILE),
        heic(
            composed(1, 25, 20, (50_000, 40_000), range(2, 502), extent(64, 64)),
            *(replace(coded(2, RED, size=(2000, 2000)), number=number) for number in range(2, 502)),
        ),
    ],
    ids=["grids of grids", "overlay", "grid of another size than it states"],
)
def test_what_is_composed_of_too_much_is_refused_before_it_is_decoded(bomb: bytes) -> None:
    began = time.perf_counter()
    with pytest.raises(UserError, match="too long to decode"):
        images.read(bomb, 256)
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize("columns", [1000, 0xFFFFFFFF])
def test_a_grid_of_a_huge_size_is_refused(columns: int) -> None:
    with pytest.raises(UserError):
        images.read(heic(composed(1, 1, 1, (columns, 1_000_000), [2], extent(columns, 1_000_000)), TILE), 256)
