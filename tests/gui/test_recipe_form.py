from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from cnngui.core import datasets
from cnngui.core.recipes import PRESETS
from cnngui.gui.recipe_form import RecipeForm
from tests.gui.conftest import Driver


@pytest.fixture
def form(driver: Driver) -> RecipeForm:
    """The form in a window that shows it."""
    driver.press("Ctrl+2")
    return driver.window.training.form


def test_without_cifar10_the_shapes_are_chosen(form: RecipeForm) -> None:
    assert form.source == datasets.SHAPES
    assert form.data_title == "Drawn shapes"


def test_a_place_for_cifar10_chooses_it(qtbot: QtBot, tmp_path: Path) -> None:
    form = RecipeForm(tmp_path)
    qtbot.addWidget(form)
    assert form.source == datasets.CIFAR10


def test_cifar10_says_that_it_would_be_downloaded(driver: Driver, form: RecipeForm) -> None:
    driver.choose(form.data_box, "CIFAR-10")
    assert form.source == datasets.CIFAR10
    assert driver.sees("170 MB will be downloaded first.")


def test_a_preset_fills_the_fields(driver: Driver, form: RecipeForm) -> None:
    assert form.recipe == PRESETS["standard"]
    for name in ("article", "standard"):
        driver.choose(form.recipe_box, name)
        assert form.recipe == PRESETS[name]


def test_edits_are_part_of_the_recipe(driver: Driver, form: RecipeForm) -> None:
    driver.choose(form.recipe_box, "article")
    driver.enter(form.epochs_box, "3")
    driver.enter(form.batch_size_box, "64")
    driver.enter(form.learning_rate_box, "0.0005")
    recipe = form.recipe
    assert (recipe.epochs, recipe.batch_size, recipe.learning_rate) == (3, 64, 0.0005)
    assert (recipe.name, recipe.network) == ("article", "article")


def test_the_arrow_keys_change_a_number(driver: Driver, form: RecipeForm) -> None:
    before = form.recipe.epochs
    form.epochs_box.setFocus()
    driver.press("Up")
    assert form.recipe.epochs == before + 1


@pytest.mark.parametrize("language", ["de_DE", "en_US", "ar_EG"])
def test_a_rate_is_typed_as_it_is_shown_in_every_language(qtbot: QtBot, language: str) -> None:
    before = QLocale()
    QLocale.setDefault(QLocale(language))
    try:
        form = RecipeForm(None)
        qtbot.addWidget(form)
        box = form.learning_rate_box
        assert box.text() == f"{PRESETS['standard'].learning_rate:g}"
        box.selectAll()
        QTest.keyClicks(box, "0.025")
        box.interpretText()
        assert form.recipe.learning_rate == 0.025
        assert box.text() == "0.025"
    finally:
        QLocale.setDefault(before)


def test_a_folder_of_images_becomes_an_entry(
    driver: Driver, form: RecipeForm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    birds = tmp_path / "birds"
    birds.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(birds))
    driver.choose(form.data_box, "Folder of images …")
    assert form.source == str(birds)
    assert form.data_title == "Folder birds"


def test_no_folder_chosen_leaves_the_data_as_they_were(
    driver: Driver, form: RecipeForm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    driver.choose(form.data_box, "Folder of images …")
    assert form.source == datasets.SHAPES


def test_the_overview_says_what_a_training_will_do(driver: Driver, form: RecipeForm) -> None:
    driver.choose(form.recipe_box, "article")
    driver.enter(form.epochs_box, "1")
    assert driver.sees("article on Drawn shapes")
    assert driver.sees("1 epoch in batches of 32 images, at a learning rate up to 0.001.")
    driver.choose(form.data_box, "CIFAR-10")
    assert driver.sees("article on CIFAR-10")
