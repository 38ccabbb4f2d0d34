"""Writing files completely or not at all, and safe checks for folders."""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# It can only be read by changing it for a moment, which is unsafe once there are threads.
_UMASK = os.umask(0)
os.umask(_UMASK)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A new file beside ``path``, with its suffix, that replaces it if the block succeeds.

    The file is synced before it replaces the old one. If the block raises or the disk is full, ``path`` stays as it was
    and the new file is removed. Raises OSError if the folder cannot be written to.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    new = Path(name)
    try:
        yield new
        with new.open("rb+") as written:
            os.fsync(written.fileno())
        new.chmod(0o666 & ~_UMASK)  # mkstemp lets only the owner read it
        new.replace(path)
    finally:
        with suppress(FileNotFoundError):
            new.unlink()


def unfinished(name: str) -> re.Pattern[str]:
    """What the new file beside ``name`` is called in :func:`replacing`; a killed program leaves it behind."""
    path = Path(name)
    return re.compile(rf"\.{re.escape(path.stem)}-[a-z0-9_]{{8}}{re.escape(path.suffix)}")


def is_folder(path: Path) -> bool:
    """Whether the folder exists. ``Path.is_dir`` raises OSError for overlong names and unreadable parents."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False
