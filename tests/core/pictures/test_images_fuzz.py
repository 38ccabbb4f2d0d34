"""A smaller one of benchmarks/fuzz.py, which also watches memory and survives crashes."""

import random
import time
from contextlib import suppress

import pytest

from benchmarks import mutations, structures
from cnngui.core.errors import UserError
from cnngui.core.pictures import images

COUNT = 400
pytestmark = pytest.mark.filterwarnings("ignore")  # pytest shows what the program ignores, PIL's warnings


@pytest.fixture(scope="module")
def samples() -> dict[str, list[bytes]]:
    return mutations.samples(large=False)


def test_the_samples_are_whole(samples: dict[str, list[bytes]]) -> None:
    for pictures in samples.values():
        for picture in pictures:
            assert images.load_pixels(picture).shape == (32, 32, 3)


def test_damaged_pictures_are_read_or_refused(samples: dict[str, list[bytes]]) -> None:
    results = {name: [0, 0] for name in samples}
    for number in range(COUNT):
        name, content = mutations.picture(random.Random(number), samples)
        began = time.perf_counter()
        try:
            assert images.to_views(images.read(content, images.READ_SIDE)).shape[1:] == (32, 32, 3)
            results[name][0] += 1
        except UserError as error:
            assert str(error).endswith(".")  # noqa: PT017
            results[name][1] += 1
        assert time.perf_counter() - began < 5, number
    assert all(refused for _, refused in results.values()), results
    assert sum(read for read, _ in results.values()) > COUNT // 10, results


def test_pictures_of_another_structure_are_read_or_refused(samples: dict[str, list[bytes]]) -> None:
    results = {name: 0 for name in samples}
    for number in range(COUNT):
        name, content = structures.picture(random.Random(number), samples)
        began = time.perf_counter()
        with suppress(UserError):
            assert images.to_views(images.read(content, images.READ_SIDE)).shape[1:] == (32, 32, 3)
            results[name] += 1
        assert time.perf_counter() - began < 5, number
    assert all(results.values()), results


def test_the_same_damage_again(samples: dict[str, list[bytes]]) -> None:
    """A number that broke something must do so again."""
    again = mutations.samples(large=False)
    for number in range(50):
        one, other = (mutations.picture(random.Random(number), pictures) for pictures in (samples, again))
        assert one == other
