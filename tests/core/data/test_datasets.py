import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnngui import paths
from cnngui.core.data import cifar10, cifar10_download, datasets, shapes
from cnngui.core.data.datasets import Dataset, Split, load
from cnngui.core.errors import Stopped, UserError

RECORDS = 100
REAL = os.environ.get(cifar10.ENVIRONMENT)


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a CIFAR-10 of 500 + 100 random images, an empty cache and no CNNGUI_DATA_DIR."""
    monkeypatch.setattr(cifar10, "RECORDS_PER_FILE", RECORDS)
    monkeypatch.setattr(paths, "cache_dir", lambda: tmp_path / "cache")
    monkeypatch.delenv(cifar10.ENVIRONMENT, raising=False)
    rng = np.random.default_rng(0)
    folder = tmp_path / "data" / cifar10.BINARY.folder
    folder.mkdir(parents=True)
    for name in cifar10.BINARY.files:
        records = rng.integers(0, 256, (RECORDS, cifar10.RECORD_BYTES), np.uint8)
        records[:, 0] = rng.permutation(RECORDS) % 10
        records.tofile(folder / name)
    return folder


@pytest.fixture
def few_shapes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "TRAIN_PER_CLASS", 10)
    monkeypatch.setattr(shapes, "TEST_PER_CLASS", 2)


def contents(split: Split) -> set[tuple[bytes, int]]:
    return {(image.tobytes(), int(label)) for image, label in zip(split.images, split.labels, strict=True)}


def per_class(split: Split) -> list[int]:
    return [int(count) for count in np.bincount(split.labels)]


def test_cifar10(small: Path) -> None:
    dataset = load("cifar10", data_dir=small)
    assert (dataset.source, dataset.title, dataset.classes[3]) == ("cifar10", "CIFAR-10", "cat")
    assert (len(dataset.train), len(dataset.validation), len(dataset.test)) == (450, 50, 100)
    assert per_class(dataset.train) == [45] * 10
    assert per_class(dataset.validation) == [5] * 10
    for split in (dataset.train, dataset.validation, dataset.test):
        assert split.images.shape == (len(split), 32, 32, 3)
        assert split.images.dtype == np.uint8
        assert split.labels.dtype == np.int32


def test_train_and_validation_are_the_training_files_once(small: Path) -> None:
    images, labels, _, _ = cifar10.read(small)
    dataset = load("cifar10", data_dir=small)
    train, validation = contents(dataset.train), contents(dataset.validation)
    assert not train & validation
    assert train | validation == contents(Split(images, labels))


def test_the_seed_decides_the_validation_part_but_not_the_test_part(small: Path) -> None:
    first, again, other = (load("cifar10", data_dir=small, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.train.images, again.train.images)
    np.testing.assert_array_equal(first.validation.labels, again.validation.labels)
    assert contents(first.validation) != contents(other.validation)
    np.testing.assert_array_equal(first.test.images, other.test.images)


@pytest.mark.usefixtures("few_shapes")
def test_a_recipe_may_hold_out_another_share() -> None:
    few, many = load("shapes", validation_fraction=0.1), load("shapes", validation_fraction=0.3)
    assert per_class(many.validation) == [3] * 10
    assert per_class(many.train) == [7] * 10
    assert contents(few.validation) <= contents(many.validation)
    assert contents(few.test) == contents(many.test)


@pytest.mark.usefixtures("few_shapes")
def test_shapes() -> None:
    dataset = load("shapes", seed=5)
    assert (dataset.source, dataset.title, dataset.classes) == ("shapes", "Drawn shapes", shapes.CLASSES)
    assert per_class(dataset.train) == [9] * 10
    assert per_class(dataset.validation) == [1] * 10
    assert per_class(dataset.test) == [2] * 10
    np.testing.assert_array_equal(dataset.test.images, load("shapes", seed=6).test.images)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Fifteen cats and three dogs, the fewest there may be."""
    for name, count, grey in (("cat", 15, 0), ("dog", 3, 200)):
        (tmp_path / "my pets" / name).mkdir(parents=True)
        for number in range(count):
            Image.new("RGB", (32, 32), (grey + number,) * 3).save(tmp_path / "my pets" / name / f"{number}.png")
    return tmp_path / "my pets"


def test_a_folder_keeps_every_class_in_every_part(folder: Path) -> None:
    dataset = load(str(folder))
    assert (dataset.title, dataset.classes) == ("Folder my pets", ("cat", "dog"))
    assert Path(dataset.source) == folder.resolve()
    assert per_class(dataset.train) == [11, 1]
    assert per_class(dataset.validation) == [1, 1]
    assert per_class(dataset.test) == [3, 1]
    parts = [contents(split) for split in (dataset.train, dataset.validation, dataset.test)]
    assert len(set.union(*parts)) == 18


def test_the_test_part_of_a_folder_does_not_depend_on_the_seed(folder: Path) -> None:
    first, other = load(str(folder), seed=1), load(str(folder), seed=2)
    np.testing.assert_array_equal(first.test.images, other.test.images)
    assert contents(first.train) | contents(first.validation) == contents(other.train) | contents(other.validation)


def test_a_folder_with_its_own_test_part(folder: Path, tmp_path: Path) -> None:
    folder.rename(tmp_path / "train")
    for name in ("cat", "dog"):
        (tmp_path / "test" / name).mkdir(parents=True)
        Image.new("RGB", (32, 32), (100, 0, 0)).save(tmp_path / "test" / name / "one.png")
    dataset = load(str(tmp_path))
    assert (per_class(dataset.train), per_class(dataset.validation)) == ([13, 2], [2, 1])
    assert per_class(dataset.test) == [1, 1]


def test_unreadable_files_in_a_folder_are_reported(folder: Path) -> None:
    (folder / "cat" / "bad.png").write_bytes(b"no picture")
    dataset = load(str(folder))
    assert len(dataset.left_out) == 1
    assert "bad.png" in dataset.left_out[0]


def test_an_unknown_source(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cifar100"):
        load("cifar100")
    with pytest.raises(UserError, match="xxx"):
        load("x" * 5000)
    with pytest.raises(UserError, match="missing"):
        load(str(tmp_path / "missing"))


@pytest.mark.parametrize("source", ["cifar10", "shapes", "folder"])
def test_a_stop(source: str, small: Path, folder: Path) -> None:
    with pytest.raises(Stopped):
        load(str(folder) if source == "folder" else source, data_dir=small, should_stop=lambda: True)


def test_an_archive_that_fails_its_check_is_an_error(small: Path, tmp_path: Path) -> None:
    (tmp_path / cifar10.BINARY.archive).write_bytes(b"something else")
    with pytest.raises(UserError, match="checksum"):
        load("cifar10", data_dir=tmp_path)


def test_default_source(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert datasets.default_source(None) == "shapes"
    assert datasets.default_source(small) == "cifar10"
    monkeypatch.setenv(cifar10.ENVIRONMENT, str(small))
    assert datasets.default_source(None) == "cifar10"
    monkeypatch.delenv(cifar10.ENVIRONMENT)
    paths.cache_dir().mkdir()
    small.rename(paths.cache_dir() / cifar10.BINARY.folder)
    assert datasets.default_source(None) == "cifar10"


def test_a_named_place_without_cifar10_is_reported_and_not_replaced(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_arguments: object) -> Path:
        raise AssertionError("a download was started")

    monkeypatch.setattr(cifar10_download, "download", forbidden)
    (tmp_path / "empty").mkdir()
    assert datasets.default_source(tmp_path / "empty") == "cifar10"
    with pytest.raises(UserError, match="no CIFAR-10"):
        load("cifar10", data_dir=tmp_path / "empty")


@pytest.fixture(scope="module")
def real() -> Dataset:
    return load("cifar10", data_dir=Path(REAL or ""))


@pytest.mark.skipif(not REAL, reason="needs the real CIFAR-10: set CNNGUI_DATA_DIR to its folder")
def test_the_real_cifar10(real: Dataset) -> None:
    assert (len(real.train), len(real.validation), len(real.test)) == (45_000, 5_000, 10_000)
    assert per_class(real.train) == [4_500] * 10
    assert per_class(real.validation) == [500] * 10
    assert per_class(real.test) == [1_000] * 10
    # The data set's mean colour, (0.491, 0.482, 0.447) in the literature, tells whether the planes are in order.
    mean = real.train.images.mean(axis=(0, 1, 2), dtype=np.float64) / 255
    np.testing.assert_allclose(mean, (0.491, 0.482, 0.447), atol=0.01)


def test_a_home_folder_that_nobody_has_is_told() -> None:
    source = "~nobody-of-this-name/birds"
    assert datasets.title(source) == "Folder birds"
    with pytest.raises(UserError, match=f"no data “{source}”"):
        load(source)
