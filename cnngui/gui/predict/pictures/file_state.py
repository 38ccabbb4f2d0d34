"""Which file a picture is, and whether it has changed since it was looked at."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

MOST_FOLDERS = 1_000  # whose places are remembered while a drop is looked through


@dataclass(frozen=True, slots=True)
class FileState:
    """A file at a moment.

    place: its path without links, in one spelling. version: its time of change in nanoseconds, its size in bytes and
    its number on the drive, one of which differs once it has been changed or replaced; None if it is not there.
    """

    place: str
    version: tuple[int, int, int] | None


def file_states() -> Callable[[Path], FileState]:
    """A function that looks at a file. It finds the place of each folder once, which is most of the work."""
    place_of = lru_cache(MOST_FOLDERS)(os.path.realpath)

    def look(path: Path) -> FileState:
        try:
            status = path.stat()
            place = place_of(path) if path.is_symlink() else str(Path(place_of(path.parent), path.name))
        except (OSError, ValueError):  # ValueError: a null character in the name
            return FileState(os.path.normcase(path.absolute()), None)
        return FileState(os.path.normcase(place), (status.st_mtime_ns, status.st_size, status.st_ino))

    return look
