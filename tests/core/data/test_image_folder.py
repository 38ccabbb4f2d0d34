import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from cnngui.core.data import image_folder
from cnngui.core.errors import Stopped, UserError


def put(folder: Path, count: int, grey: int = 100, suffix: str = ".png") -> None:
    """``count`` small pictures, each a little lighter than the one before."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        Image.new("RGB", (40, 40), (grey + number,) * 3).save(folder / f"picture {number:02}{suffix}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    put(tmp_path / "dog", 4, 20)
    put(tmp_path / "cat", 3, 100)
    return tmp_path


def greys(part: image_folder.Labelled) -> list[int]:
    return [int(image[0, 0, 0]) for image in part[0]]


def test_classes_and_images_are_sorted(folder: Path) -> None:
    found = image_folder.read(folder)
    assert found.classes == ("cat", "dog")
    assert greys(found.train) == [100, 101, 102, 20, 21, 22, 23]
    assert found.train[1].tolist() == [0, 0, 0, 1, 1, 1, 1]
    assert found.train[0].shape == (7, 32, 32, 3)
    assert found.train[0].dtype == np.uint8
    assert found.train[1].dtype == np.int32
    assert found.test is None
    assert found.left_out == ()


def test_train_and_test_folders(tmp_path: Path) -> None:
    for name, grey in (("a", 50), ("b", 150)):
        put(tmp_path / "train" / name, 2, grey)
        put(tmp_path / "test" / name, 1, grey + 40)
    found = image_folder.read(tmp_path)
    assert found.test is not None
    assert (greys(found.train), greys(found.test)) == ([50, 51, 150, 151], [90, 190])
    assert found.test[1].tolist() == [0, 1]
    shutil.rmtree(tmp_path / "test")
    with pytest.raises(UserError, match="at least 3"):  # now some of them are for the test
        image_folder.read(tmp_path)


def test_sub_folders_of_a_class_belong_to_it(folder: Path) -> None:
    put(folder / "cat" / "kittens" / "small", 2, 200)
    found = image_folder.read(folder)
    assert found.classes == ("cat", "dog")
    assert np.bincount(found.train[1]).tolist() == [5, 4]


def test_hidden_files_and_those_of_systems_do_not_count(folder: Path) -> None:
    put(folder / ".hidden", 3)
    put(folder / "cat" / ".thumbnails", 3)
    put(folder / "__MACOSX" / "cat", 3)
    for name in (".DS_Store", "._picture.png", "cat/Thumbs.db", "desktop.ini"):
        (folder / name).write_text("no picture")
    found = image_folder.read(folder)
    assert found.classes == ("cat", "dog")
    assert len(found.train[1]) == 7
    assert (found.left_out, found.notes) == ((), ())


def test_other_files_are_counted_by_kind(folder: Path) -> None:
    for name in ("cat/a.psd", "cat/b.PSD", "dog/c.psd", "notes.txt", "README"):
        (folder / name).write_text("no picture")
    assert image_folder.read(folder).notes == ("5 files left out: 3 PSD, 1 TXT, 1 without an ending.",)


def test_pictures_without_an_ending_are_known_by_their_contents(folder: Path) -> None:
    (folder / "cat" / "picture 00.png").rename(folder / "cat" / "picture")
    (folder / "cat" / "picture 01.png").rename(folder / "cat" / "picture.2019-07-01")
    found = image_folder.read(folder)
    assert np.bincount(found.train[1]).tolist() == [3, 4]
    assert found.notes == ()


def test_links_to_folders_are_followed_without_loops(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    put(elsewhere, 5)
    (folder / "cat" / "more").symlink_to(elsewhere)
    (folder / "cat" / "all").symlink_to(folder)
    found = image_folder.read(folder)
    assert found.classes == ("cat", "dog")
    assert np.bincount(found.train[1]).tolist() == [8, 4]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="every folder may be read")
def test_a_folder_that_may_not_be_read_is_reported(folder: Path) -> None:
    (folder / "cat" / "private").mkdir(mode=0)
    (note,) = image_folder.read(folder).notes
    assert note.startswith(str(folder / "cat" / "private"))


def test_the_fingerprint_changes_with_the_files(folder: Path) -> None:
    first = image_folder.read(folder).fingerprint
    assert image_folder.fingerprint(image_folder.listing(folder)) == first
    put(folder / "cat" / "new", 1, 77)
    changed = image_folder.fingerprint(image_folder.listing(folder))
    assert changed != first
    (folder / "cat" / "picture 00.png").unlink()
    assert image_folder.fingerprint(image_folder.listing(folder)) not in (first, changed)


def test_unreadable_pictures_are_skipped_and_named(folder: Path) -> None:
    (folder / "cat" / "a broken one.JPG").write_bytes(b"no jpeg")
    (folder / "dog" / "picture 01 empty.png").write_bytes(b"")
    found = image_folder.read(folder)
    assert greys(found.train) == [100, 101, 102, 20, 21, 22, 23]
    assert found.train[1].tolist() == [0, 0, 0, 1, 1, 1, 1]
    assert len(found.left_out) == 2
    assert str(folder / "cat" / "a broken one.JPG") in found.left_out[0]
    assert str(folder / "dog" / "picture 01 empty.png") in found.left_out[1]


def test_too_few_images_of_a_class(folder: Path) -> None:
    (folder / "cat" / "picture 00.png").write_bytes(b"damaged")
    with pytest.raises(UserError, match=r"class cat .* has 2 readable images .* at least 3"):
        image_folder.read(folder)


def test_an_empty_folder_is_no_class_and_said(folder: Path) -> None:
    (folder / "zebra").mkdir()
    found = image_folder.read(folder)
    assert found.classes == ("cat", "dog")
    assert found.notes == ("zebra has no pictures, so it is no class.",)


def test_fewer_than_two_classes(folder: Path) -> None:
    shutil.rmtree(folder / "cat")
    with pytest.raises(UserError, match="has 1 sub-folder with pictures, but needs at least two"):
        image_folder.read(folder)


def test_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no readable folder"):
        image_folder.read(tmp_path / "missing")


def test_progress_ends_with_all_images(folder: Path) -> None:
    reports: list[Any] = []
    image_folder.read(folder, reports.append)
    assert (reports[-1].done, reports[-1].total) == (7, 7)


def test_read_stops_between_images(folder: Path) -> None:
    reports: list[Any] = []
    with pytest.raises(Stopped):
        image_folder.read(folder, reports.append, should_stop=lambda: len(reports) >= 2)
    assert reports[-1].done < reports[-1].total
