"""Recipes in files, with networks that can be built."""

from pathlib import Path

from cnngui.core.errors import UserError
from cnngui.core.networks.plan import Shape, plan
from cnngui.core.reading import read_bytes
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.recipes.setting import SettingError
from cnngui.core.recipes.toml_file import MOST_BYTES, line_of, read_recipe

IMAGE: Shape = (32, 32, 3)  # of every data set so far
CLASSES = 2  # at least


def read_trainable(path: Path) -> Recipe:
    """The recipe in a file. Raises UserError as :func:`read_recipe`, and if a layer of its own cannot work."""
    recipe = read_recipe(path)
    try:
        check_layers(recipe)
    except SettingError as error:
        line = line_of(read_bytes(path, MOST_BYTES).decode("utf-8-sig"), error.path)
        raise UserError(f"{path}, line {line}, {error.path}: {error}") from error
    return recipe


def check_layers(recipe: Recipe) -> None:
    """Raise SettingError if a layer of the recipe's own cannot work."""
    if recipe.network.shape != "layers":
        return
    for number, problem in plan(recipe.network.layers, IMAGE, CLASSES).problems:
        number = min(number, len(recipe.network.layers))  # the one that names the classes is not in the list
        raise SettingError(f"network.layers.{number}" if number else "network.shape", problem)
