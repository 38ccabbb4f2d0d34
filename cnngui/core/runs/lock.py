"""One writer for each run: a lock that the system takes back when its program ends, however it ends."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from cnngui.core.errors import UserError
from cnngui.core.runs.folder import LOCK

PATIENCE = 1.0  # seconds: whoever only looks whether the lock is held, holds it for a moment


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Hold the run's lock during the block. Raises UserError if another training holds it, or it cannot be taken."""
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=PATIENCE)
    except Timeout:
        raise UserError(
            f"“{folder.name}” is being trained by another window or command. Wait until it ends, or stop it there."
        ) from None
    except OSError as error:
        raise UserError(f"Nothing can be written in {folder} ({error.strerror}). Choose another folder.") from error
    try:
        yield
    finally:
        with suppress(OSError):  # before the release: afterwards, it may be another's
            (folder / LOCK).unlink()
        lock.release()


def is_written(folder: Path) -> bool:
    """Whether a training on this computer holds the run's lock."""
    path = folder / LOCK
    if not path.exists():
        return False
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    except OSError:  # not writable, so nobody here writes it
        return False
    lock.release()
    return False
