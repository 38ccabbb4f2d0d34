from pathlib import Path

import numpy as np
import pytest

from cnngui.core.models.trained_on import are_among, digests, digests_path, read_digests


def images(*greys: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.array(greys, np.uint8)[:, None, None, None].repeat(32, 1).repeat(32, 2).repeat(3, 3)


def test_images_are_recognised(tmp_path: Path) -> None:
    model = tmp_path / "model.keras"
    assert read_digests(model) is None
    np.save(digests_path(model), digests(images(5, 3, 9, 3)))
    known = read_digests(model)
    assert known is not None
    assert are_among(images(3, 4, 5), known).tolist() == [True, False, True]
    assert are_among(images(), known).tolist() == []


@pytest.mark.parametrize("content", [b"", b"no array", b"\x93NUMPY"])
def test_something_else_is_ignored(content: bytes, tmp_path: Path) -> None:
    model = tmp_path / "model.keras"
    digests_path(model).write_bytes(content)
    assert read_digests(model) is None
    with digests_path(model).open("wb") as file:
        np.save(file, np.zeros((2, 2)))
    assert read_digests(model) is None


def test_a_file_of_more_images_than_can_be_learnt_from_is_ignored(tmp_path: Path) -> None:
    model, count = tmp_path / "model.keras", 12_500_000
    with digests_path(model).open("wb") as file:
        np.lib.format.write_array_header_1_0(file, {"descr": "<u8", "fortran_order": False, "shape": (count,)})
        file.truncate(file.tell() + 8 * count)  # with nothing on the disk
    assert read_digests(model) is None
