from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cnngui.core.recipes.fitting import fitted
from cnngui.core.recipes.layers import Dense, Flatten, article
from cnngui.core.recipes.presets import ARTICLE, PRESETS, QUICK, STANDARD
from cnngui.core.recipes.setting import SettingError
from cnngui.core.recipes.toml_file import read_recipe, write_recipe
from cnngui.gui.train.recipe import own_recipes
from cnngui.gui.train.recipe.state import RecipeState

EPOCHS, RATE = "optimization.epochs", "optimization.learning_rate"


Opens = Callable[[str, Path], RecipeState]


@pytest.fixture
def opened(qtbot: QtBot) -> Iterator[Opens]:
    """Makes states that have read the recipes in a folder."""
    states: list[RecipeState] = []

    def opened(chosen: str, folder: Path) -> RecipeState:
        state = RecipeState(chosen, folder)
        states.append(state)
        with qtbot.waitSignal(state.recipes_changed):
            state.read()
        return state

    yield opened
    for state in states:
        state.stop()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "recipes"


@pytest.fixture
def state(opened: Opens, folder: Path) -> RecipeState:
    return opened("standard", folder)


def test_an_unknown_name_means_the_standard_recipe(opened: Opens, folder: Path) -> None:
    assert opened("gone", folder).recipe == STANDARD


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
    state.set("network.shape", "whitened")
    assert not state.is_edited
    state.set("network.shape", "layers")
    assert state.recipe.network.layers == (Flatten(), Dense())  # they were not lost
    state.reset("network.shape")
    assert state.recipe == STANDARD
    state.set("network.shape", "layers")
    assert state.recipe.network.layers == article()  # to begin with


def test_the_article_chosen_as_own_layers_is_the_same_network(state: RecipeState) -> None:
    state.choose("article")
    state.set("network.width", 16)
    state.set("network.shape", "layers")
    assert state.recipe.network.layers == article(16)


def test_an_own_recipe_is_there_at_the_next_start(
    state: RecipeState, opened: Opens, folder: Path, qtbot: QtBot
) -> None:
    state.set(EPOCHS, 5)
    with qtbot.waitSignal(state.kept):
        state.save_as("mine")
    assert (state.name, state.is_own, state.is_edited, state.recipe.optimization.epochs) == ("mine", True, False, 5)
    state.fit(100)
    assert state.recipe.optimization.epochs == 5  # it is meant as it is
    later = opened("mine", folder)
    assert list(later.recipes) == [*PRESETS, "mine"]
    assert later.recipe == state.recipe
    with qtbot.waitSignal(later.kept):
        later.remove()
    assert (later.name, list(later.recipes)) == ("standard", list(PRESETS))


@pytest.mark.parametrize("name", ["", " ", "Standard", "a/b", "..", "a\nb", "x" * 61])
def test_a_name_that_cannot_be_is_refused(state: RecipeState, folder: Path, qtbot: QtBot, name: str) -> None:
    with qtbot.waitSignal(state.failed) as failed:
        state.save_as(name)
    assert str(failed.args[0]).endswith(".")
    assert not folder.exists()


def test_what_is_chosen_before_the_recipes_are_read_stays(state: RecipeState, folder: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(state.kept):
        state.save_as("mine")
    later = RecipeState("mine", folder)
    later.choose("quick")
    with qtbot.waitSignal(later.recipes_changed):
        later.read()
    assert later.name == "quick"
    later.stop()


def test_what_was_asked_for_is_written_when_the_window_closes(state: RecipeState, folder: Path) -> None:
    state.save_as("one")
    state.save_as("two")
    state.stop()
    assert sorted(path.name for path in folder.iterdir()) == ["one.toml", "two.toml"]


def test_a_file_of_others_becomes_an_own_recipe(state: RecipeState, qtbot: QtBot, tmp_path: Path) -> None:
    theirs = replace(QUICK.changed({EPOCHS: 3}), name="theirs")
    write_recipe(theirs, tmp_path / "recipe.toml")
    with qtbot.waitSignal(state.kept):
        state.add_file(tmp_path / "recipe.toml")
    assert (state.name, state.is_own, state.recipe) == ("theirs", True, theirs)


def test_a_file_does_not_replace_another_recipe_of_its_name(
    state: RecipeState, folder: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    with qtbot.waitSignal(state.kept):
        state.save_as("mine")
    write_recipe(replace(QUICK, name="Mine"), tmp_path / "recipe.toml")
    for _ in range(2):  # the second time, it is there already
        with qtbot.waitSignal(state.kept):
            state.add_file(tmp_path / "recipe.toml")
        assert (state.name, list(state.recipes)[len(PRESETS) :]) == ("Mine 2", ["mine", "Mine 2"])
    assert read_recipe(folder / "mine.toml") == replace(STANDARD, name="mine")


def test_a_removed_recipe_goes_to_the_trash(
    state: RecipeState, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with qtbot.waitSignal(state.kept):
        state.save_as("mine")
    trashed: list[str] = []

    class Trash:
        def __init__(self, path: str) -> None:
            self._path = path

        def moveToTrash(self) -> bool:
            trashed.append(self._path)
            Path(self._path).unlink()
            return True

    monkeypatch.setattr(own_recipes, "QFile", Trash)
    with qtbot.waitSignal(state.kept):
        state.remove()
    assert trashed == [str(folder / "mine.toml")]
    assert list(state.recipes) == list(PRESETS)


def test_a_file_of_an_edited_preset_is_said_as_it_is(state: RecipeState, qtbot: QtBot, tmp_path: Path) -> None:
    write_recipe(QUICK.changed({EPOCHS: 3}), tmp_path / "recipe.toml")
    with qtbot.waitSignal(state.kept):
        state.add_file(tmp_path / "recipe.toml")
    assert (state.title, state.recipe) == ("quick, edited", QUICK.changed({EPOCHS: 3}))


def test_a_bad_file_changes_nothing(state: RecipeState, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "recipe.toml").write_text("format = 2\n")
    with qtbot.waitSignal(state.failed) as failed:
        state.add_file(tmp_path / "recipe.toml")
    assert failed.args[0].endswith("recipe.toml, name: The recipe has no name.")
    assert state.recipe == STANDARD


def test_an_exported_recipe_comes_back(state: RecipeState, tmp_path: Path) -> None:
    state.set(EPOCHS, 5)
    state.writer()(tmp_path / "edited.toml")
    assert read_recipe(tmp_path / "edited.toml") == replace(state.recipe, name="edited")
    state.choose("article")
    state.writer()(tmp_path / "article.toml")
    assert read_recipe(tmp_path / "article.toml") == ARTICLE


def test_bad_files_in_the_folder_are_passed_over(opened: Opens, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("[[[")
    write_recipe(replace(QUICK, name="other"), tmp_path / "name.toml")
    assert list(opened("standard", tmp_path).recipes) == list(PRESETS)
