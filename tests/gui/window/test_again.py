"""Training once more on classes that were mended, and the comparison with the run before."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from cnngui.core.models.card import card_path
from cnngui.core.recipes.presets import BACKBONE
from cnngui.core.recipes.toml_file import write_recipe
from cnngui.core.runs.folder import MODEL, RECIPE
from cnngui.core.runs.record import Phase
from tests.core.runs.runs import record, write_run
from tests.gui.classes.audit.test_view import tinted
from tests.gui.classes.conftest import Collector
from tests.gui.conftest import Driver


@pytest.fixture
def birds(tmp_path: Path) -> Path:
    """A folder with twelve robins and twelve wrens."""
    for number in range(24):
        name = ("robin", "wren")[number % 2]
        tinted(tmp_path / "birds" / name / f"{number}.png", name, number)
    return tmp_path / "birds"


@pytest.fixture
def before(birds: Path, colour_model: Path, tmp_path: Path) -> Path:
    """The model of a run on it."""
    folder = write_run(tmp_path / "runs" / "before", replace(record(Phase.FINISHED), source=str(birds), title="birds"))
    write_recipe(BACKBONE.changed({"optimization.epochs": 2}), folder / RECIPE)
    shutil.copy(colour_model, folder / MODEL)
    shutil.copy(card_path(colour_model), card_path(folder / MODEL))
    return folder / MODEL


def test_it_begins_with_the_run_before_and_is_compared_with_it(driver: Driver, birds: Path, before: Path) -> None:
    window = driver.window
    Collector(driver).open(birds)
    driver.press("Ctrl+Shift+T")
    form = window.train.form
    driver.wait_until(lambda: form.recipe.network.begin == "model")
    assert window.places.current == "train"
    assert (form.source, form.recipe.network.begin_file) == (str(birds), str(before))
    assert form.recipe.network.trainable == "head"
    assert not window.train_state.is_busy, "it is for the user to start"
    driver.wait_until(lambda: not window.train.data.is_reading)
    driver.click("Start")
    driver.wait_until(lambda: window.train_state.is_busy)
    driver.wait_for_rest()
    driver.wait_for("follows before.")
    driver.click("Compare with the run before")
    driver.wait_until(lambda: len(window.runs.selected) == 2)
    assert window.places.current == "runs"
    assert before in [run.path for run in window.runs.selected]


def test_without_a_run_it_begins_with_a_backbone(driver: Driver, birds: Path) -> None:
    Collector(driver).open(birds)
    driver.choose_from_menu("Train again")
    driver.wait_until(lambda: driver.window.train.form.recipe.network.begin == BACKBONE.network.begin)
    assert driver.window.train.form.source == str(birds)
