"""The pictures that a collection refers to without holding them: a JSON object in each line of a hidden file.

A line is {"class": "robin", "picture": "/home/ada/robin.jpg"}, with "excluded": true if trainings leave it out. The
class is "" for a picture without one yet. Lines, not one large object, because the window stands still while JSON is
parsed in any thread.
"""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from cnngui.core.data.collections.shelves import HIDDEN, REFERENCES, Item, Shelf
from cnngui.core.errors import UserError
from cnngui.core.files import is_remote, replacing
from cnngui.core.json_values import DAMAGE, MOST_TEXT, parsed, switch, text
from cnngui.core.reading import opened, unreadable

MOST = 200_000  # references of a collection
MOST_BYTES = 200_000_000  # of the file


def references_path(collection: Path) -> Path:
    """The file with the references. It exists only if there are some."""
    return collection / HIDDEN / REFERENCES


def read_references(collection: Path) -> tuple[Item, ...]:
    """The references of a collection, in the order of the file; none without a file.

    Raises UserError if the file cannot be read or is not what it should be: it is never written over then.
    """
    path = references_path(collection)
    try:
        with opened(path) as file:
            if os.fstat(file.fileno()).st_size > MOST_BYTES:
                raise ValueError("too large")
            return tuple(dict.fromkeys(_item(line) for line in file))
    except FileNotFoundError:
        return ()
    except DAMAGE as error:
        raise UserError(
            f"{path} is damaged, so the pictures that lie elsewhere are not known. Restore a copy of it, or remove it."
        ) from error
    except OSError as error:
        raise unreadable(path, error) from error


def write_references(collection: Path, references: Iterable[Item]) -> None:
    """Write the references, each once. Raises OSError, and UserError if there are too many."""
    lines = [json.dumps(_line(item), ensure_ascii=True) for item in dict.fromkeys(references)]
    if len(lines) > MOST:
        raise UserError(f"A collection can refer to {MOST:,} pictures elsewhere. Copy the others into it.")
    with replacing(references_path(collection)) as new, new.open("w", encoding="ascii", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines)


def placed(collection: Path) -> dict[Path, Path]:
    """The pictures elsewhere that trainings use, by where their files would lie in the collection.

    No file lies there: hidden names are passed over. Raises UserError as :func:`read_references` does.
    """
    used = (item for item in read_references(collection) if item.shelf.name and not item.shelf.is_excluded)
    return {
        collection / item.shelf.name / f"{HIDDEN} {number:06} {item.path.name}": item.path
        for number, item in enumerate(used)
    }


def _line(item: Item) -> Mapping[str, object]:
    line: dict[str, object] = {"class": item.shelf.name, "picture": str(item.path)}
    return line | {"excluded": True} if item.shelf.is_excluded else line


def _item(line: bytes) -> Item:
    if len(line) > MOST_TEXT:
        raise ValueError("too long")
    values = parsed(line)
    path, name = Path(text(values["picture"], MOST_TEXT)), text(values["class"])
    # A class with "/" or ".." in it would lie outside the collection; and a folder may come from anyone.
    if not path.is_absolute() or is_remote(str(path)) or "\0" in str(path) or name != Path(name).name:
        raise ValueError("no place of a picture")
    return Item(path, Shelf(name, switch(values.get("excluded", False))), is_reference=True)
