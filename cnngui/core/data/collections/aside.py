"""What was removed from a collection, or left behind by a killed program, on its way to the trash."""

import os
from contextlib import suppress
from pathlib import Path

from cnngui.core.data.collections.shelves import ARRIVING, HIDDEN, REMOVED_FOLDER


def leftovers(collection: Path) -> list[Path]:
    """The folders that belong in the trash, now that nothing can be undone. Empty ones are gone afterwards."""
    hidden = collection / HIDDEN
    found = [*_inside(hidden / REMOVED_FOLDER), *(path for path in _inside(hidden) if path.name.startswith(ARRIVING))]
    return [path for path in found if not _emptied(path)]


def _inside(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _emptied(folder: Path) -> bool:
    """Remove the folder and those in it as far as there is nothing else; whether it is gone."""
    for path, _, _ in os.walk(folder, topdown=False):
        with suppress(OSError):
            Path(path).rmdir()
    return not os.path.lexists(folder)
