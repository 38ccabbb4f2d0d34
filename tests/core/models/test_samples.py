from pathlib import Path

import numpy as np
import pytest

from cnngui.core.models.samples import MOST, Samples, read_samples, samples_path, write_samples

IMAGES = np.random.default_rng(0).integers(0, 256, (4, 8, 8, 3), np.uint8)
LABELS = np.array([0, 1, 1, 2], np.int32)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return tmp_path / "model.keras"


def test_what_is_written_is_read(model: Path) -> None:
    write_samples(Samples(IMAGES, LABELS, 3), model)
    found = read_samples(model)
    assert found is not None
    np.testing.assert_array_equal(found.images, IMAGES)
    np.testing.assert_array_equal(found.labels, LABELS)
    assert found.validation == 3
    assert [path.name for path in model.parent.iterdir()] == ["model.samples.npz"]


def test_nothing_is_there(model: Path) -> None:
    assert read_samples(model) is None


@pytest.mark.parametrize("content", [b"", b"PK", b"text"])
def test_another_file(model: Path, content: bytes) -> None:
    samples_path(model).write_bytes(content)
    assert read_samples(model) is None


def test_a_file_cut_short(model: Path) -> None:
    write_samples(Samples(IMAGES, LABELS, 3), model)
    samples_path(model).write_bytes(samples_path(model).read_bytes()[:-30])
    assert read_samples(model) is None


@pytest.mark.parametrize(
    "arrays",
    [
        {"images": IMAGES, "labels": LABELS},
        {"images": IMAGES, "labels": LABELS[:3], "validation": 0},
        {"images": IMAGES[0], "labels": LABELS, "validation": 0},
        {"images": IMAGES.astype(np.float32), "labels": LABELS, "validation": 0},
        {"images": IMAGES[:0], "labels": LABELS[:0], "validation": 0},
        {"images": IMAGES[:, :0], "labels": LABELS, "validation": 0},
        {"images": np.zeros((MOST + 1, 1, 1, 3), np.uint8), "labels": np.zeros(MOST + 1, int), "validation": 0},
        {"images": IMAGES, "labels": LABELS - 1, "validation": 0},
        {"images": IMAGES, "labels": LABELS, "validation": 5},
        {"images": IMAGES, "labels": np.array(["a"] * 4), "validation": 0},
    ],
)
def test_other_arrays(model: Path, arrays: dict[str, object]) -> None:
    with samples_path(model).open("wb") as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]
    assert read_samples(model) is None
