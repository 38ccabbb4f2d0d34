"""The test images one by one: the same as those that the accuracy was measured on."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnngui.core.data import cifar10, datasets, shapes, test_part
from cnngui.core.data.sources import SHAPES
from cnngui.core.errors import UserError
from cnngui.core.pictures.images import load_pixels


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two classes of 15 pictures without a test part, all different, and one file that is no picture."""
    rng = np.random.default_rng(0)
    for name in ("cat", "dog"):
        (tmp_path / name).mkdir()
        for number in range(15):
            Image.fromarray(rng.integers(0, 256, (32, 32, 3), np.uint8)).save(tmp_path / name / f"{number}.png")
    (tmp_path / "cat" / "7a.png").write_bytes(b"no picture")
    return tmp_path


def counts(dataset: datasets.Dataset) -> dict[str, int]:
    return {"training": len(dataset.train), "validation": len(dataset.validation), "test": len(dataset.test)}


def pixels(part: test_part.TestPart) -> dict[bytes, str]:
    return {load_pixels(part[index].source, (32, 32)).tobytes(): part[index].label for index in range(len(part))}


def of(dataset: datasets.Dataset) -> dict[bytes, str]:
    test = dataset.test
    return {image.tobytes(): dataset.classes[label] for image, label in zip(test.images, test.labels, strict=True)}


def test_what_was_held_out_of_a_folder_is_found_again(folder: Path) -> None:
    dataset = datasets.load(str(folder), seed=3)
    assert len(dataset.left_out) == 1
    assert pixels(test_part.read(dataset.source, counts(dataset))) == of(dataset)
    (folder / "cat" / "7a.png").unlink()  # then none need be read
    assert pixels(test_part.read(dataset.source, counts(dataset))) == of(dataset)


def test_the_images_of_a_test_folder_are_taken_as_they_are(folder: Path) -> None:
    for part in ("train", "test"):
        for name in ("cat", "dog"):
            (folder / part / name).mkdir(parents=True)
            for number in range(2, 15) if part == "train" else range(2):
                (folder / name / f"{number}.png").rename(folder / part / name / f"{number}.png")
    (folder / "cat" / "7a.png").unlink()
    for name in ("cat", "dog"):
        (folder / name).rmdir()
    dataset = datasets.load(str(folder))
    assert pixels(test_part.read(dataset.source, {})) == of(dataset)


def test_a_folder_that_has_changed_says_so(folder: Path) -> None:
    dataset = datasets.load(str(folder))
    for name in ("3.png", "4.png"):
        (folder / "cat" / name).unlink()
    with pytest.raises(UserError, match="have changed since the training"):
        test_part.read(dataset.source, counts(dataset))


def test_drawn_shapes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "TRAIN_PER_CLASS", 4)
    monkeypatch.setattr(shapes, "TEST_PER_CLASS", 2)
    part = test_part.read(SHAPES, {})
    assert pixels(part) == of(datasets.load(SHAPES))
    assert part[3].name == "Drawn shapes test image 3"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("", "It is not known"),
        ("/nowhere/at/all", "The folder /nowhere/at/all is not there any more."),
        ("\\\\server\\share", "is not there any more"),
        ("cifar10", "CIFAR-10 is missing."),
    ],
)
def test_missing_data_gives_a_reason(source: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CNNGUI_DATA_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(UserError, match=reason.replace("\\", "\\\\").replace(".", r"\.")):
        test_part.read(source, {})


def test_the_test_images_of_cifar10(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cifar10, "RECORDS_PER_FILE", 20)
    for number, name in enumerate(cifar10.BINARY.files):
        records = np.full((20, cifar10.RECORD_BYTES), number, np.uint8)
        records[:, 0] = np.arange(20) % 10
        records[:, 1] = np.arange(20)
        records.tofile(tmp_path / name)
    part = test_part.read("cifar10", {}, tmp_path)
    assert pixels(part) == of(datasets.load("cifar10", data_dir=tmp_path))
    assert part[13].label == cifar10.CLASSES[3]
    assert part[13].name == "CIFAR-10 test image 13"
