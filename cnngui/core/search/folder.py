"""A search's folder: what is searched, the best recipe, and the runs of the trials on this computer."""

import json
from dataclasses import dataclass
from pathlib import Path

from cnngui.core.errors import UserError
from cnngui.core.files import replacing
from cnngui.core.json_values import DAMAGE, MOST_TEXT, parsed, text, whole
from cnngui.core.reading import read_bytes, unreadable
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.recipes.toml_file import write_recipe
from cnngui.core.runs.folder import SEARCH
from cnngui.core.runs.folder import is_search as is_search
from cnngui.core.search.storage import Place, local, server

FORMAT = 1
BEST = "best.toml"


@dataclass(frozen=True)
class SearchRecord:
    """What a search's folder says of it.

    id: of this folder among all that work on the study. name: the study's.
    source, data_dir: the data here, as in ``Job``; data_dir is "" if the user has not said it.
    storage: the server's address without a password; "" for the file in the folder.
    """

    id: str
    name: str
    source: str
    data_dir: str = ""
    storage: str = ""

    def place(self, folder: Path) -> Place:
        """Where its trials are noted. folder: the search's. Raises UserError if the address is none."""
        return server(self.storage) if self.storage else local(folder)


def write_search(folder: Path, record: SearchRecord) -> None:
    """Write the record. Raises UserError."""
    values = {"format": FORMAT, **vars(record)}
    try:
        with replacing(folder / SEARCH) as new:
            new.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise UserError(f"Nothing can be written in {folder} ({error.strerror}). Choose another folder.") from error


def read_search(folder: Path) -> SearchRecord | None:
    """The record in a folder; None if there is none. Raises UserError if it cannot be read."""
    path = folder / SEARCH
    try:
        values = parsed(read_bytes(path))
        if whole(values["format"], 1) > FORMAT:
            raise UserError(f"{path.name} is from a newer version of cnngui. Update cnngui to read it.")
        return SearchRecord(
            text(values["id"]),
            text(values["name"]),
            text(values["source"], MOST_TEXT),
            text(values["data_dir"], MOST_TEXT),
            text(values["storage"], MOST_TEXT),
        )
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unreadable(path, error) from error
    except DAMAGE as error:
        raise UserError(f"{path} is damaged or from another program. Copy the search’s folder again.") from error


def write_best(folder: Path, recipe: Recipe) -> Path:
    """Write the best recipe so far, and return its file. Raises UserError."""
    path = folder / BEST
    try:
        write_recipe(recipe, path)
    except OSError as error:
        raise UserError(f"{path} could not be written ({error.strerror}). Free some space there.") from error
    return path
