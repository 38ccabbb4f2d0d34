"""One writer for each run: a lock that the system takes back when its program ends, however it ends."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from cnngui.core.errors import UserError
from cnngui.core.files import is_folder
from cnngui.core.runs.folder import LOCK

PATIENCE = 1.0  # seconds: whoever only looks whether the lock is held, holds it for a moment


class RunLock:
    """A run's lock, which is held; make it with :func:`writing`."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._path = folder, folder / LOCK
        self._take()

    def renew(self) -> None:
        """Take the lock again if its file is no longer the one that is held, as after the folder was removed.

        Without a folder, there is nothing to lock. Raises UserError if another training holds it by now, and OSError.
        """
        found = _identity(self._path)
        is_held = self._lock.is_locked and found == self._file
        if is_held or (found is None and not is_folder(self._folder)):
            return
        self._lock.release()  # of the old file, which protects nothing any more
        self._take()

    def release(self) -> None:
        """Give it back, and remove its file."""
        with suppress(OSError):  # before the release: afterwards, it may be another's
            if _identity(self._path) == self._file:
                self._path.unlink()
        self._lock.release()

    def _take(self) -> None:
        self._lock = FileLock(self._path)
        self._file: tuple[int, int] | None = None
        try:
            self._lock.acquire(timeout=PATIENCE)
        except Timeout:
            raise UserError(
                f"“{self._folder.name}” is being trained by another window or command. "
                "Wait until it ends, or stop it there."
            ) from None
        self._file = _identity(self._path)


@contextmanager
def writing(folder: Path) -> Iterator[RunLock]:
    """Hold the run's lock during the block. Raises UserError if another training holds it, or it cannot be taken."""
    try:
        lock = RunLock(folder)
    except OSError as error:
        raise UserError(f"Nothing can be written in {folder} ({error.strerror}). Choose another folder.") from error
    try:
        yield lock
    finally:
        lock.release()


def _identity(path: Path) -> tuple[int, int] | None:
    """What tells a file from another one of its name; None if there is none. Raises OSError."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def is_written(folder: Path) -> bool:
    """Whether a training on this computer holds the run's lock."""
    return is_held(folder / LOCK)


def is_held(path: Path) -> bool:
    """Whether a program on this computer holds the lock that is this file."""
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
