"""Images in a file are indexed as an array is."""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from cnngui import paths
from cnngui.core.data import image_folder
from cnngui.core.data.stored_images import StoredImages, taken
from cnngui.core.errors import UserError

IMAGES = np.random.default_rng(0).integers(0, 256, (20, 5, 4, 3), np.uint8)


@pytest.fixture(autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setattr(paths, "cache_dir", lambda: folder)


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> StoredImages:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "cache_dir", lambda: tmp_path_factory.mktemp("cache"))
        made = StoredImages((5, 4))
    for image in IMAGES:
        made.append(image)
    return made


indices = st.one_of(
    st.integers(-20, 19),
    st.slices(20),
    st.lists(st.integers(-20, 19), max_size=30).map(lambda chosen: np.array(chosen, np.int64)),
)


@given(indices)
def test_every_index_gives_what_an_array_gives(stored: StoredImages, index: Any) -> None:
    found = stored[index]
    assert found.dtype == np.uint8
    np.testing.assert_array_equal(found, IMAGES[index])


def test_it_has_the_shape_of_an_array(stored: StoredImages) -> None:
    assert (stored.shape, len(stored)) == (IMAGES.shape, 20)
    np.testing.assert_array_equal(np.stack(list(stored)), IMAGES)


def test_no_index_beyond_the_images(stored: StoredImages) -> None:
    with pytest.raises(IndexError):
        stored[20]


@given(st.permutations(range(20)), st.integers(0, 20))
def test_some_of_them_in_another_order(stored: StoredImages, order: list[int], count: int) -> None:
    chosen = np.array(order[:count], np.int64)
    some, same = taken(stored.as_array, chosen), taken(IMAGES, chosen)
    assert some.shape == same.shape
    np.testing.assert_array_equal(some[:], same)


def test_a_large_folder_is_read_into_a_file(easy_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_memory = image_folder.read(easy_folder, side=40)
    monkeypatch.setattr(image_folder, "MOST_IN_MEMORY", 1000)
    on_disk = image_folder.read(easy_folder, side=40)
    images: object = on_disk.train[0]
    assert isinstance(images, StoredImages)
    assert images.shape == (60, 40, 40, 3)
    np.testing.assert_array_equal(images[:], in_memory.train[0])
    np.testing.assert_array_equal(on_disk.train[1], in_memory.train[1])


def test_a_disk_without_room_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_settings: object) -> NDArray[Any]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    with pytest.raises(UserError, match=r"could not be stored .*No space left on device.* Make it writable"):
        StoredImages((5, 4))
