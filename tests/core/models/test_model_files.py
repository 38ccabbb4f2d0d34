import shutil
from pathlib import Path

import pytest

from cnngui.core.answers.classifier import Classifier
from cnngui.core.errors import UserError
from cnngui.core.models.card import card_path
from cnngui.core.models.class_names import names_path
from cnngui.core.models.model_files import ModelFiles


@pytest.fixture
def copied(model: Path, tmp_path: Path) -> Path:
    """A copy of the model under another name."""
    copied = tmp_path / "copied.keras"
    shutil.copy(model, copied)
    shutil.copy(card_path(model), card_path(copied))
    return copied


def test_a_model_is_the_same_under_another_name(model: Path, copied: Path) -> None:
    names_path(copied).write_text("a file that says nothing of a model with a card")
    assert ModelFiles.read(copied).digest == ModelFiles.read(model).digest


@pytest.mark.parametrize("changed", [card_path, Path])
def test_a_change_makes_another_model(model: Path, copied: Path, changed: "type[Path]") -> None:
    with changed(copied).open("ab") as file:
        file.write(b" ")
    assert ModelFiles.read(copied).digest != ModelFiles.read(model).digest


def test_the_names_of_a_model_without_a_card_belong_to_it(copied: Path) -> None:
    card_path(copied).unlink()
    before = ModelFiles.read(copied).digest
    names_path(copied).write_text("x\ny\nz\n")
    assert ModelFiles.read(copied).digest != before


def test_written_elsewhere_it_is_the_same_model(model: Path, copied: Path, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    written = ModelFiles.read(model).write(tmp_path / "there")
    assert ModelFiles.read(written) == ModelFiles.read(model)
    assert Classifier.load(written).card.classes == ("red", "green", "blue")


def test_no_model(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"none\.keras could not be read"):
        ModelFiles.read(tmp_path / "none.keras")
