from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot

from cnngui.core.export.making import Maker
from cnngui.core.models.card import Card
from cnngui.core.models.samples import Samples, write_samples
from cnngui.core.training.job import JobResult
from cnngui.gui.train.phases import Cancelled
from cnngui.gui.window.litert_files import LitertFiles

Made = list[tuple[Path, NDArray[Any]]]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Made:
    """The models, with the images, of which a file was to be made."""
    found: Made = []

    def make(_maker: Maker, model: Path, images: NDArray[np.uint8]) -> bool:
        found.append((model, images))
        return True

    monkeypatch.setattr(Maker, "make", make)
    return found


def test_it_is_made_with_the_images_beside_the_model(qtbot: QtBot, made: Made, tmp_path: Path) -> None:
    model = tmp_path / "model.keras"
    images = np.zeros((2, 4, 4, 3), np.uint8)
    write_samples(Samples(images, np.zeros(2, np.int32), 1), model)
    files = LitertFiles()
    files.make(JobResult(model, Card(("a", "b")), False, ()))
    qtbot.waitUntil(lambda: bool(made))
    files.stop()
    ((path, used),) = made
    assert path == model
    np.testing.assert_array_equal(used, images)


def test_none_is_made_without_images_or_model(made: Made, tmp_path: Path) -> None:
    files = LitertFiles()
    for ending in (JobResult(tmp_path / "model.keras", Card(("a", "b")), False, ()), Cancelled()):
        files.make(ending)
        files.stop()
    assert made == []
