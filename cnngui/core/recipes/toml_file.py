"""Recipes as TOML files."""

import tomllib
from dataclasses import asdict
from pathlib import Path

import tomli_w

from cnngui.core.errors import UserError
from cnngui.core.files import replacing
from cnngui.core.recipes.recipe import Recipe

FORMAT = 1


def write_recipe(recipe: Recipe, path: Path) -> None:
    """Write the recipe to a file, completely or not at all. Raises OSError."""
    with replacing(path) as new:
        new.write_text(tomli_w.dumps({"format": FORMAT, **asdict(recipe)}), encoding="utf-8")


def read_recipe(path: Path) -> Recipe:
    """The recipe in a file.

    Raises UserError if the file is missing, is not such a file or is from a newer version.
    """
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
        if settings["format"] > FORMAT:
            raise UserError(f"{path.name} is from a newer version of cnngui. Update cnngui to read it.")
        return _recipe(_typed(settings))
    except OSError as error:
        raise UserError(f"{path} could not be read ({error.strerror}). Copy it again.") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UserError(f"{path} is damaged or not a recipe. Copy it again.") from error


def _recipe(settings: dict[str, object]) -> Recipe:
    try:
        return Recipe.from_dict(settings)
    except UserError as error:
        raise ValueError(*error.args) from error  # its sentence is for a form, and names no file


def _typed(settings: dict[str, object]) -> dict[str, object]:
    """The settings, if each has the type that a recipe's has; TOML writes 1.0 as such. Raises TypeError."""
    types: dict[str, type] = {name: type_ for name, type_ in Recipe.__annotations__.items() if isinstance(type_, type)}
    for name, type_ in types.items():
        value = settings.get(name)
        allowed = (int, float) if type_ is float else (type_,)
        if value is not None and (not isinstance(value, allowed) or (type_ is not bool and isinstance(value, bool))):
            raise TypeError(name)
    return settings
