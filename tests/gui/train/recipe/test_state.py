from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cnngui.core.errors import UserError
from cnngui.core.recipes.fitting import fitted
from cnngui.core.recipes.layers import Dense, Flatten
from cnngui.core.recipes.presets import ARTICLE, PRESETS, QUICK, STANDARD
from cnngui.core.recipes.setting import SettingError
from cnngui.core.recipes.toml_file import read_recipe, write_recipe
from cnngui.gui.train.recipe.state import RecipeState

EPOCHS, RATE = "optimization.epochs", "optimization.learning_rate"


@pytest.fixture
def state(qtbot: QtBot, tmp_path: Path) -> RecipeState:
    return RecipeState("standard", tmp_path / "recipes")


def test_an_unknown_name_means_the_standard_recipe(qtbot: QtBot, tmp_path: Path) -> None:
    assert RecipeState("gone", tmp_path).recipe == STANDARD


def test_a_change_can_be_taken_back(qtbot: QtBot, state: RecipeState) -> None:
    with qtbot.waitSignal(state.changed):
        state.set(EPOCHS, 5)
    assert (state.title, state.is_edited, state.is_changed(EPOCHS)) == ("standard, edited", True, True)
    assert state.recipe == STANDARD.changed({EPOCHS: 5})
    state.set(RATE, 1.0)
    state.reset(EPOCHS)
    assert state.recipe == STANDARD.changed({RATE: 1.0})
    state.reset_all()
    assert (state.title, state.recipe) == ("standard", STANDARD)


def test_a_value_as_it_was_is_no_change(qtbot: QtBot, state: RecipeState) -> None:
    state.set(EPOCHS, 5)
    state.set(EPOCHS, STANDARD.optimization.epochs)
    assert not state.is_edited
    with qtbot.assertNotEmitted(state.changed):
        state.set(RATE, STANDARD.optimization.learning_rate)


def test_what_a_setting_cannot_be_changes_nothing(state: RecipeState) -> None:
    with pytest.raises(SettingError):
        state.set(EPOCHS, 0)
    assert state.recipe == STANDARD


def test_another_recipe_forgets_the_changes(state: RecipeState) -> None:
    state.set(EPOCHS, 5)
    state.choose("article")
    assert state.recipe == ARTICLE


def test_a_preset_follows_the_data_and_a_change_stays(state: RecipeState) -> None:
    state.set(RATE, 1.0)
    state.fit(300)
    assert state.recipe == fitted(STANDARD, 300).changed({RATE: 1.0})
    assert not state.is_changed(EPOCHS)
    state.set(EPOCHS, 3)
    state.fit(None)
    assert state.recipe == STANDARD.changed({RATE: 1.0, EPOCHS: 3})


def test_own_layers(state: RecipeState) -> None:
    state.set_layers((Flatten(), Dense()))
    assert (state.recipe.network.shape, state.recipe.network.layers) == ("layers", (Flatten(), Dense()))
    state.reset("network.shape")
    assert state.recipe.network.shape == "whitened"


def test_an_own_recipe_is_there_at_the_next_start(state: RecipeState, qtbot: QtBot) -> None:
    state.set(EPOCHS, 5)
    with qtbot.waitSignal(state.recipes_changed):
        state.save_as("mine")
    assert (state.name, state.is_own, state.is_edited, state.recipe.optimization.epochs) == ("mine", True, False, 5)
    state.fit(100)
    assert state.recipe.optimization.epochs == 5  # it is meant as it is
    later = RecipeState("mine", state.folder)
    assert list(later.recipes) == [*PRESETS, "mine"]
    assert later.recipe == state.recipe
    later.remove()
    assert (later.name, list(later.recipes)) == ("standard", list(PRESETS))


@pytest.mark.parametrize("name", ["", " ", "Standard", "a/b", "..", "a\nb", "x" * 61])
def test_a_name_that_cannot_be_is_refused(state: RecipeState, name: str) -> None:
    with pytest.raises(UserError, match=r"\.$"):
        state.save_as(name)
    assert not state.folder.exists()


def test_a_file_of_others_becomes_an_own_recipe(state: RecipeState, tmp_path: Path) -> None:
    theirs = replace(QUICK.changed({EPOCHS: 3}), name="theirs")
    write_recipe(theirs, tmp_path / "recipe.toml")
    state.add_file(tmp_path / "recipe.toml")
    assert (state.name, state.is_own, state.recipe) == ("theirs", True, theirs)


def test_a_file_of_an_edited_preset_is_said_as_it_is(state: RecipeState, tmp_path: Path) -> None:
    write_recipe(QUICK.changed({EPOCHS: 3}), tmp_path / "recipe.toml")
    state.add_file(tmp_path / "recipe.toml")
    assert (state.title, state.recipe) == ("quick, edited", QUICK.changed({EPOCHS: 3}))


def test_a_bad_file_changes_nothing(state: RecipeState, tmp_path: Path) -> None:
    (tmp_path / "recipe.toml").write_text("format = 2\n")
    with pytest.raises(UserError, match=r"recipe\.toml is not a recipe"):
        state.add_file(tmp_path / "recipe.toml")
    assert state.recipe == STANDARD


def test_an_exported_recipe_comes_back(state: RecipeState, tmp_path: Path) -> None:
    state.set(EPOCHS, 5)
    state.write_file(tmp_path / "edited.toml")
    assert read_recipe(tmp_path / "edited.toml") == replace(state.recipe, name="edited")
    state.choose("article")
    state.write_file(tmp_path / "article.toml")
    assert read_recipe(tmp_path / "article.toml") == ARTICLE


def test_bad_files_in_the_folder_are_passed_over(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("[[[")
    write_recipe(replace(QUICK, name="other"), tmp_path / "name.toml")
    assert list(RecipeState("standard", tmp_path).recipes) == list(PRESETS)
