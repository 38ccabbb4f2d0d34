"""Files that are whole or not there at all, and folders that may not be there."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# The system tells it only by setting another for a moment, which is no good once there are threads.
_UMASK = os.umask(0)
os.umask(_UMASK)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A new file beside ``path``, of the same suffix, that takes its place when the block ends well.

    When the block raises, or the file cannot be written out, ``path`` stays as it was and the new file is removed.
    Raises OSError where the folder cannot be written to.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    new = Path(name)
    try:
        yield new
        with new.open("rb+") as written:
            os.fsync(written.fileno())
        new.chmod(0o666 & ~_UMASK)  # mkstemp's own permissions are for the owner alone
        new.replace(path)
    finally:
        with suppress(FileNotFoundError):
            new.unlink()


def is_folder(path: Path) -> bool:
    """Whether a folder is there. ``Path.is_dir`` alone raises OSError for over-long names and closed parent folders."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False
