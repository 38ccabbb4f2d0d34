"""What was removed from a collection, or left behind by a killed program, on its way to the trash."""

import os
import time
from contextlib import suppress
from pathlib import Path

from cnngui.core.data.collections.shelves import ARRIVING, HIDDEN, REMOVED_FOLDER

ABANDONED_SECONDS = 86_400.0  # another window may be adding pictures to the same collection


def leftovers(collection: Path) -> list[Path]:
    """The folders that belong in the trash, now that nothing can be undone. Empty ones are gone afterwards."""
    hidden = collection / HIDDEN
    found = [*_inside(hidden / REMOVED_FOLDER), *filter(_is_abandoned, _inside(hidden))]
    return [path for path in found if not _emptied(path)]


def _is_abandoned(path: Path) -> bool:
    """Whether files arrived here for a program that no longer runs: none was added for a day."""
    try:
        return path.name.startswith(ARRIVING) and time.time() - path.stat().st_mtime > ABANDONED_SECONDS
    except OSError:
        return False


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
