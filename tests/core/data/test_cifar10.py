import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from cnngui import paths
from cnngui.core.data import cifar10
from cnngui.core.errors import Stopped, UserError
from tests.core.data.cifar10_files import Dump, dump_original, dumps, write_binary, write_python

RECORDS = 20


@pytest.fixture(autouse=True)
def _small_and_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of 20 records, an empty cache and no CNNGUI_DATA_DIR."""
    monkeypatch.setattr(cifar10, "RECORDS_PER_FILE", RECORDS)
    monkeypatch.setattr(paths, "cache_dir", lambda: tmp_path / "cache")
    monkeypatch.delenv(cifar10.ENVIRONMENT, raising=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_binary(tmp_path / "data" / cifar10.BINARY.folder)


def test_read_keeps_the_order_and_puts_the_colours_last(folder: Path) -> None:
    train_images, train_labels, test_images, test_labels = cifar10.read(folder)
    assert train_images.dtype == np.uint8
    assert train_labels.dtype == np.int32
    assert train_images.shape == (5 * RECORDS, 32, 32, 3)
    assert test_images.shape == (RECORDS, 32, 32, 3)
    assert train_labels.tolist() == [*range(10)] * 10
    assert test_labels.tolist() == [*range(10)] * 2
    record = 3 * RECORDS + 7
    assert (train_images[record, :, :, 0] == 3).all()
    assert (train_images[record, :, :, 1] == 7).all()
    assert (train_images[record, :, :, 2] == np.arange(32)[:, None]).all()
    assert (test_images[..., 0] == 5).all()


def test_read_in_chunks_that_do_not_divide_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = cifar10.read(folder)
    monkeypatch.setattr(cifar10, "_CHUNK", 7)
    for expected, got in zip(whole, cifar10.read(folder), strict=True):
        np.testing.assert_array_equal(expected, got)


def shorten(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 1)


def lengthen(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"x")


def mislabel(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4 * cifar10.RECORD_BYTES)
        file.write(b"\x0a")


@pytest.mark.parametrize(
    ("damage", "words"),
    [(Path.unlink, "missing"), (shorten, "too short"), (lengthen, "too long"), (mislabel, "label 10")],
)
@pytest.mark.parametrize("name", ["data_batch_3.bin", "test_batch.bin"])
def test_read_names_the_damaged_file(folder: Path, damage: Callable[[Path], None], words: str, name: str) -> None:
    damage(folder / name)
    with pytest.raises(UserError, match=words) as caught:
        cifar10.read(folder)
    assert name in str(caught.value)
    assert str(folder) in str(caught.value)
    assert cifar10.BINARY.archive in str(caught.value)  # what to do


@pytest.mark.parametrize("dump", [dump_original, *(dumps(protocol) for protocol in range(2, 6))])
def test_the_python_version_gives_the_same(folder: Path, tmp_path: Path, dump: Dump) -> None:
    python = write_python(folder, tmp_path / cifar10.PYTHON.folder, dump)
    reports: dict[Path, list[object]] = {folder: [], python: []}
    binary_arrays = cifar10.read(folder, reports[folder].append)
    python_arrays = cifar10.read(python, reports[python].append)
    for expected, got in zip(binary_arrays, python_arrays, strict=True):
        np.testing.assert_array_equal(expected, got, strict=True)
    assert reports[python] == reports[folder]
    for expected, got in zip(binary_arrays[2:], cifar10.read_test(python), strict=True):
        np.testing.assert_array_equal(expected, got, strict=True)


@pytest.fixture
def python_folder(folder: Path, tmp_path: Path) -> Path:
    return write_python(folder, tmp_path / "python" / cifar10.PYTHON.folder, dump_original)


def mislabel_pickle(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"K\x04K\x05", b"K\x0aK\x05", 1))


def empty(path: Path) -> None:
    path.write_bytes(b"")


def enlarge(path: Path) -> None:
    os.truncate(path, 10 * path.stat().st_size)


DAMAGED = "is damaged or not CIFAR-10's Python version"


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (Path.unlink, "missing"),
        (mislabel_pickle, "label 10"),
        *((damage, DAMAGED) for damage in (shorten, lengthen, empty, enlarge)),
    ],
)
@pytest.mark.parametrize("name", ["data_batch_3", "test_batch"])
def test_read_names_the_damaged_file_of_the_python_version(
    python_folder: Path, damage: Callable[[Path], None], words: str, name: str
) -> None:
    damage(python_folder / name)
    assert cifar10.find(python_folder) == python_folder
    with pytest.raises(UserError, match=words) as caught:
        cifar10.read(python_folder)
    assert name in str(caught.value)
    assert str(python_folder) in str(caught.value)
    assert f"Unpack {cifar10.PYTHON.archive} again" in str(caught.value)


@pytest.mark.parametrize("damage", [Path.unlink, mislabel_pickle, shorten, empty])
def test_a_damaged_file_of_the_python_version_has_no_test_images(
    python_folder: Path, damage: Callable[[Path], None]
) -> None:
    damage(python_folder / "test_batch")
    with pytest.raises(UserError, match="test_batch"):
        cifar10.read_test(python_folder)


def test_reading_the_python_version_stops(python_folder: Path) -> None:
    texts: list[object] = []
    with pytest.raises(Stopped):
        cifar10.read(python_folder, texts.append, lambda: len(texts) == 2)


def test_read_stops(folder: Path) -> None:
    answers = iter([False, False, True])
    with pytest.raises(Stopped):
        cifar10.read(folder, should_stop=lambda: next(answers))


def test_find_takes_the_folder_or_the_one_around_it(folder: Path) -> None:
    assert cifar10.find(folder) == folder
    assert cifar10.find(folder.parent) == folder


def test_find_takes_the_python_version_alike(python_folder: Path) -> None:
    assert cifar10.find(python_folder) == python_folder
    assert cifar10.find(python_folder.parent) == python_folder


def test_find_prefers_the_binary_version_unless_only_the_other_is_complete(folder: Path) -> None:
    python = write_python(folder, folder.parent / cifar10.PYTHON.folder, dump_original)
    assert cifar10.find(folder.parent) == folder
    (folder / "data_batch_1.bin").unlink()
    assert cifar10.find(folder.parent) == python
    (python / "data_batch_1").unlink()
    assert cifar10.find(folder.parent) == folder


def test_both_versions_in_one_folder(folder: Path, python_folder: Path) -> None:
    for path in python_folder.iterdir():
        path.rename(folder / path.name)
    assert cifar10.find(folder) == folder
    expected = cifar10.read(folder)
    (folder / "data_batch_1.bin").unlink()
    np.testing.assert_array_equal(cifar10.read(folder)[0], expected[0])


@pytest.mark.parametrize("version", cifar10.VERSIONS)
def test_find_takes_the_archive_itself_or_its_folder(tmp_path: Path, version: cifar10.Version) -> None:
    archive = tmp_path / version.archive
    archive.write_bytes(b"")
    assert cifar10.find(archive) == archive
    assert cifar10.find(tmp_path) == archive


def test_find_prefers_the_archive_of_the_binary_version(tmp_path: Path) -> None:
    for version in cifar10.VERSIONS:
        (tmp_path / version.archive).write_bytes(b"")
    assert cifar10.find(tmp_path) == tmp_path / cifar10.BINARY.archive


def test_find_takes_the_cache_where_an_archive_is_unpacked_already(tmp_path: Path) -> None:
    (tmp_path / cifar10.BINARY.archive).write_bytes(b"")
    cached = write_binary(paths.cache_dir() / cifar10.BINARY.folder)
    assert cifar10.find(tmp_path) == cached


def test_find_takes_the_python_version_from_the_cache(python_folder: Path, tmp_path: Path) -> None:
    cached = paths.cache_dir() / cifar10.PYTHON.folder
    cached.parent.mkdir()
    python_folder.rename(cached)
    (tmp_path / cifar10.PYTHON.archive).write_bytes(b"")
    assert cifar10.find(None) == cached
    assert cifar10.find(tmp_path) == cached
    os.truncate(cached / "data_batch_5", 1000)
    assert cifar10.find(None) is None


def test_find_looks_at_the_argument_then_the_environment_then_the_cache(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cifar10.find(None) is None
    cached = write_binary(paths.cache_dir() / cifar10.BINARY.folder)
    assert cifar10.find(None) == cached
    monkeypatch.setenv(cifar10.ENVIRONMENT, str(folder))
    assert cifar10.find(None) == folder
    other = write_binary(tmp_path / "other")
    assert cifar10.find(other) == other


def test_find_does_not_trust_a_damaged_cache(tmp_path: Path) -> None:
    cached = write_binary(paths.cache_dir() / cifar10.BINARY.folder)
    shorten(cached / "data_batch_5.bin")
    assert cifar10.find(None) is None


def test_find_returns_a_given_folder_that_lacks_a_file_so_that_read_can_say_so(folder: Path) -> None:
    (folder / "data_batch_1.bin").unlink()
    assert cifar10.find(folder) == folder


@pytest.mark.parametrize("name", [".", "missing", "x" * 5000])
def test_a_given_place_without_cifar10_is_an_error_even_if_the_cache_has_it(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_binary(paths.cache_dir() / cifar10.BINARY.folder)
    with pytest.raises(UserError, match=cifar10.BINARY.folder) as caught:
        cifar10.find(tmp_path / name)
    for version in cifar10.VERSIONS:
        assert version.folder in str(caught.value)
        assert version.archive in str(caught.value)
    monkeypatch.setenv(cifar10.ENVIRONMENT, str(tmp_path / name))
    with pytest.raises(UserError, match=cifar10.BINARY.folder):
        cifar10.find(None)
