import zipfile
from pathlib import Path

import numpy as np
import pytest

from cnngui.core.answers.saved_answers import SavedAnswers, answers_path, read_answers, write_answers


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """The path of a model with saved answers, two of which are wrong."""
    images = np.arange(4 * 2 * 2 * 3, dtype=np.uint8).reshape(4, 2, 2, 3)
    probabilities = np.array([[0.9, 0.1], [0.2, 0.8], [0.7, 0.3], [0.6, 0.4]], np.float32)
    write_answers(SavedAnswers.of(images, np.array([0, 0, 1, 0]), probabilities), tmp_path / "a.keras")
    return tmp_path / "a.keras"


def repacked(model: Path, method: int) -> None:
    """Pack the members of the file anew."""
    path = answers_path(model)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def test_they_are_read_as_they_were_written(model: Path) -> None:
    answers = read_answers(model)
    assert answers is not None
    assert answers.labels.tolist() == [0, 0, 1, 0]
    assert answers.mistakes.tolist() == [1, 2]  # the surest first
    assert answers.images.shape == (2, 2, 2, 3)
    repacked(model, zipfile.ZIP_STORED)
    assert read_answers(model) is not None


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_members_that_unpack_without_a_bound(model: Path, method: int) -> None:
    repacked(model, method)
    assert read_answers(model) is None


@pytest.mark.parametrize("content", [b"", b"PK", b"not an archive" * 100])
def test_a_file_that_is_something_else(model: Path, content: bytes) -> None:
    answers_path(model).write_bytes(content)
    assert read_answers(model) is None


def test_no_file(tmp_path: Path) -> None:
    assert read_answers(tmp_path / "a.keras") is None
