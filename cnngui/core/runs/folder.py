"""The folders of runs, and the names of the files in them."""

import tempfile
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from itertools import chain, count
from pathlib import Path

from cnngui.core.errors import UserError
from cnngui.core.names import as_name

MODEL = "model.keras"
FIRST_MODEL = "first.keras"  # of a training that is not at its end
RECIPE = "recipe.toml"
RECORD = "run.json"
NOTES = "notes.json"
HISTORY = "history.jsonl"
BATCHES = "batches.bin"
LOCK = ".lock"
SEARCH = "search.json"  # in a folder that holds the runs of a search
WORKER_LOCKS = ".worker-*.lock"  # beside it: one for each worker of the search, with its number for the star
MOST_LETTERS = 40  # of the recipe and of the data, in the name of a folder


def new_folder(parent: Path, recipe: str, data: str, now: datetime, taken: Collection[Path] = ()) -> Path:
    """The path of a new run in ``parent``. Names sort by time, and every system takes them. The folder is not created.

    Nothing is there yet, and it is none of those that are ``taken``.
    """
    safe_data = as_name("".join(letter if letter.isalnum() else "-" for letter in data), MOST_LETTERS)
    name = f"{now:%Y-%m-%d %H.%M.%S} {as_name(recipe, MOST_LETTERS)} {safe_data}"
    path = parent / name.rstrip(" .")  # which Windows leaves out
    others = (path.with_name(f"{path.name} ({number})") for number in count(2))
    return next(each for each in chain([path], others) if each not in taken and not each.exists())


def is_run(folder: Path) -> bool:
    """Whether the folder holds a run, or a model that cnngui trained before there were runs. Never raises."""
    with suppress(OSError):
        return any((folder / name).is_file() for name in (RECORD, RECIPE, MODEL))
    return False


def is_search(folder: Path) -> bool:
    """Whether the folder holds a search, whose runs are in it. Never raises."""
    with suppress(OSError):
        return (folder / SEARCH).is_file()
    return False


def check_writable(folder: Path) -> None:
    """Make sure that files can be written in ``folder``, before a training whose result would be lost.

    Creates the folder and a file for the test, whose name nothing else has, and removes whatever it has created.
    Raises UserError if that fails.
    """
    missing: list[Path] = []
    try:
        missing = [path for path in (folder, *folder.parents) if not path.exists()]
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder, prefix=".cnngui-") as probe:
            probe.write(b"\0" * 4096)
    except OSError as error:
        raise UserError(f"Nothing can be written in {folder} ({error.strerror}). Choose another folder.") from error
    finally:
        for path in missing:
            with suppress(OSError):
                path.rmdir()
