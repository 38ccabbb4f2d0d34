"""Recipes in files, with networks that can be built."""

from pathlib import Path

from cnngui.core.errors import UserError
from cnngui.core.networks.plan import Shape, plan
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.recipes.toml_file import line_of, read_recipe

IMAGE: Shape = (32, 32, 3)  # of every data set so far
CLASSES = 2  # at least


def read_trainable(path: Path) -> Recipe:
    """The recipe in a file. Raises UserError as :func:`read_recipe`, and if a layer of its own cannot work."""
    recipe = read_recipe(path)
    if recipe.network.shape != "layers":
        return recipe
    for number, problem in plan(recipe.network.layers, IMAGE, CLASSES).problems:
        number = min(number, len(recipe.network.layers))  # the one that names the classes is not in the file
        setting = f"network.layers.{number}" if number else "network.shape"
        line = line_of(path.read_text(encoding="utf-8-sig"), setting)
        raise UserError(f"{path}, line {line}, {setting}: {problem}")
    return recipe
