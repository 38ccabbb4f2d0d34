"""Recipes as TOML files."""

import re
import tomllib
from pathlib import Path

import tomli_w

from cnngui.core.errors import UserError
from cnngui.core.files import replacing
from cnngui.core.reading import read_bytes
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.recipes.setting import SettingError

FORMAT = 2  # the first had all settings side by side
MOST_BYTES = 1_000_000  # a recipe has some thousand

_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.\"' -]+?)\s*\]\]?\s*(#.*)?")
_KEY = re.compile(r"\s*([\w.\"'-]+(?:\s*\.\s*[\w\"'-]+)*)\s*=")


def write_recipe(recipe: Recipe, path: Path) -> None:
    """Write the recipe to a file, completely or not at all. Raises OSError."""
    with replacing(path) as new:
        new.write_text(tomli_w.dumps({"format": FORMAT, **recipe.to_dict()}), encoding="utf-8")


def read_recipe(path: Path) -> Recipe:
    """The recipe in a file.

    Raises UserError, with the file's name and where possible the line, if the file is missing, is no recipe, has an
    unknown or impossible setting, or is from a newer version.
    """
    try:
        text = read_bytes(path, MOST_BYTES).decode("utf-8-sig")  # some editors begin with a mark that nobody sees
        values = tomllib.loads(text)
    except OSError as error:
        raise UserError(f"{path} {_unreadable(error)}") from error
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{path} is not a TOML file: {error}. Mend that line, or copy the file again.") from error
    except (ValueError, RecursionError) as error:
        raise UserError(f"{path} is damaged or not a recipe. Copy it again.") from error
    made_by = values.pop("format", None)
    if made_by is None:
        raise UserError(f"{path} is not a recipe of cnngui. Choose another file.")
    try:
        if type(made_by) is not int:
            raise SettingError("format", "The format must be a whole number.")
        if made_by > FORMAT:
            raise UserError(f"{path} is from a newer version of cnngui. Update cnngui to read it.")
        if made_by > 1 and not isinstance(values.get("network", {}), dict):
            raise SettingError("network", "“network” must be a table of settings.")
        return Recipe.from_dict(values)
    except SettingError as error:
        line = line_of(text, error.path)
        where = f"{path}, line {line}" if line else str(path)
        raise UserError(f"{where}, {error.path}: {error}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(f"{path} is damaged or not a recipe. Copy it again.") from error


def _unreadable(error: OSError) -> str:
    match error:
        case FileNotFoundError():
            return "does not exist. Check its name."
        case IsADirectoryError():
            return "is a folder. Choose the file of a recipe."
        case PermissionError():
            return "may not be read. Check its permissions."
    return f"could not be read ({error.strerror}). Copy it again."


def line_of(text: str, path: str) -> int:
    """The line, from 1, of a setting in a TOML text, or of the nearest table around it; 0 if it is not found.

    path: such as "optimization.epochs", or "network.layers.3.filters" for the third of [[network.layers]].
    """
    wanted = path.split(".")
    best, line = 0, 0
    table: list[str] = []
    counts: dict[str, int] = {}
    for number, each in enumerate(text.splitlines(), 1):
        header, key = _HEADER.fullmatch(each), _KEY.match(each)
        if header:
            table = _words(header[2])
            if header[1] == "[[":
                counts[header[2]] = counts.get(header[2], 0) + 1
                table = [*table, str(counts[header[2]])]
            found = table
        elif key:
            found = [*table, *_words(key[1])]
        else:
            continue
        common = min(len(wanted), len(found))
        if wanted[:common] == found[:common] and (len(found) <= len(wanted) or header) and common > best:
            best, line = common, number
    return line


def _words(key: str) -> list[str]:
    return [word.strip().strip("\"'") for word in key.split(".")]
