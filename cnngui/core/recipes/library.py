"""The user's own recipes: a TOML file each, in one folder."""

from contextlib import suppress
from dataclasses import replace
from itertools import count
from pathlib import Path

from cnngui.core import names
from cnngui.core.errors import UserError
from cnngui.core.recipes.presets import PRESETS
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.recipes.toml_file import read_recipe, write_recipe

ENDING = ".toml"
MOST_LETTERS = 60  # of a name


def own_recipes(folder: Path) -> dict[str, Recipe]:
    """The recipes in the folder by their names, in alphabetical order. Files that are none are passed over."""
    found: dict[str, Recipe] = {}
    with suppress(OSError):
        for path in sorted(folder.glob(f"*{ENDING}")):
            with suppress(UserError):
                recipe = read_recipe(path)
                if recipe.name not in PRESETS and recipe.name == path.stem:
                    found[recipe.name] = recipe
    return dict(sorted(found.items(), key=lambda each: each[0].casefold()))


def check_name(name: str) -> None:
    """Raise UserError if a recipe cannot have this name."""
    names.check_name(name)
    if len(name) > MOST_LETTERS:
        raise UserError(f"“{name[:20]}…” is too long for a name. Use at most {MOST_LETTERS} letters.")
    if name.casefold() in PRESETS:
        raise UserError(f"“{name}” is a recipe of the program. Choose another name.")


def recipe_path(name: str, folder: Path) -> Path:
    """The file of the recipe of this name."""
    return folder / f"{name}{ENDING}"


def taken_names(folder: Path) -> frozenset[str]:
    """The names of the files in the folder, in small letters; some of the files may be no recipes."""
    try:
        return frozenset(path.stem.casefold() for path in folder.glob(f"*{ENDING}"))
    except OSError:
        return frozenset()


def free_name(recipe: Recipe, folder: Path) -> str:
    """The recipe's name, with a number if another file in the folder has it, in any case."""
    taken, own = taken_names(folder), own_recipes(folder)
    for number in count(1):
        ending = f" {number}" if number > 1 else ""
        name = recipe.name[: MOST_LETTERS - len(ending)].rstrip() + ending if ending else recipe.name
        if name.casefold() not in taken or own.get(name) == replace(recipe, name=name):
            return name
    raise AssertionError  # the numbers do not end


def save_recipe(recipe: Recipe, folder: Path) -> Path:
    """Save a recipe under its name, in place of an earlier one. Raises UserError."""
    check_name(recipe.name)
    path = recipe_path(recipe.name, folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_recipe(recipe, path)
    except OSError as error:
        raise UserError(f"{path} could not be written ({error.strerror}). Free some space there.") from error
    return path


def remove_recipe(name: str, folder: Path) -> None:
    """Remove a recipe of the user's own. Raises UserError."""
    path = recipe_path(name, folder)
    try:
        path.unlink()
    except OSError as error:
        raise UserError(f"{path} could not be removed ({error.strerror}).") from error
