"""Writing files completely or not at all, and safe checks for folders."""

import errno
import os
import re
import shutil
import stat
import sys
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

if sys.platform != "win32":
    import fcntl

# It can only be read by changing it for a moment, which is unsafe once there are threads.
_UMASK = os.umask(0)
os.umask(_UMASK)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A new file beside ``path``, with its suffix, that replaces it if the block succeeds.

    The file is synced before it replaces the old one, and gets its permissions. If the block raises or the disk is
    full, ``path`` stays as it was and the new file is removed. What a killed program left of earlier ones is removed.
    A link is replaced, not followed: a folder may come from anyone, and nothing outside it is to be overwritten.
    The block writes the file in place. Raises OSError if the folder cannot be written to.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    new, handle = _create(path)
    try:
        remove_unfinished(path.parent, [unfinished(path.name)])
        yield new
        with new.open("rb+") as written:
            os.fsync(written.fileno())
        new.chmod(_permissions(path))
        new.replace(path)
    finally:
        with suppress(FileNotFoundError):
            new.unlink()
        if handle is not None:
            os.close(handle)


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """A new folder beside ``path`` that gets its place, with all that is in it, if the block succeeds.

    Its files are synced before. If the block raises, it is removed. What killed programs left of earlier ones is
    removed, where the system locks folders.
    Raises FileExistsError, first of all, if something is at ``path``, unless it is an empty folder; and OSError.
    """
    if os.path.lexists(path) and not is_empty_folder(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    _remove_left_folders(path)
    new = Path(tempfile.mkdtemp(prefix=_beginning(path), suffix=path.suffix, dir=path.parent))
    lock = _locked(new)
    try:
        yield new
        for each in (found for found in new.rglob("*") if found.is_file()):
            with each.open("rb+") as written:
                os.fsync(written.fileno())
        new.chmod(0o777 & ~_UMASK)
        if is_empty_folder(path):
            path.rmdir()  # Windows puts nothing in the place of a folder
        new.rename(path)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    finally:
        if lock is not None:
            os.close(lock)


def is_empty_folder(path: Path) -> bool:
    """Whether it is a folder, no link to one, with nothing in it. Raises OSError if it cannot be read."""
    return not path.is_symlink() and path.is_dir() and next(path.iterdir(), None) is None


def is_remote(path: str) -> bool:
    """Whether a path leads to another computer. One from a stranger is not followed: Windows would sign in there."""
    return path.replace("/", "\\").startswith("\\\\")


def unfinished(name: str) -> re.Pattern[str]:
    """What the new file beside ``name`` is called in :func:`replacing`; a killed program leaves it behind."""
    path = Path(name)
    return re.compile(rf"{re.escape(_beginning(path))}[a-z0-9_]{{8}}{re.escape(path.suffix)}")


def remove_unfinished(folder: Path, names: Collection[re.Pattern[str]], *, nobody_writes: bool = False) -> None:
    """Remove the new files of these names (:func:`unfinished`) that killed programs left. Never raises OSError.

    Those that are still written stay: each is locked. nobody_writes: whether the caller knows of another reason why
    nobody does; then they are removed where the system or the drive locks no file, too.
    """
    with suppress(OSError):
        for path in folder.iterdir():
            if any(name.fullmatch(path.name) for name in names):
                with suppress(OSError):
                    _remove_unlocked(path, nobody_writes)


def _beginning(path: Path) -> str:
    return f".{path.stem}-cnngui-"  # so that no file of the user's looks like ours


def _create(path: Path) -> tuple[Path, int | None]:
    """A new, empty file beside ``path``, and the handle that locks it where the system can."""
    while True:
        handle, name = tempfile.mkstemp(prefix=_beginning(path), suffix=path.suffix, dir=path.parent)
        if sys.platform == "win32":  # which moves no file that is open
            os.close(handle)
            return Path(name), None
        with suppress(OSError):  # some network drives lock nothing, and nothing is removed there
            fcntl.flock(handle, fcntl.LOCK_EX)
        if os.fstat(handle).st_nlink:
            return Path(name), handle
        os.close(handle)  # another program took it for a leftover before it was locked


def _remove_unlocked(path: Path, nobody_writes: bool) -> None:
    """Remove a file while its lock is held, so that nobody takes it meanwhile. Raises OSError."""
    if sys.platform == "win32":
        if nobody_writes:
            path.unlink()
        return
    handle = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        except OSError:
            if not nobody_writes:
                return
        if stat.S_ISREG(os.fstat(handle).st_mode):
            path.unlink()
    finally:
        os.close(handle)


def _remove_left_folders(path: Path) -> None:
    """Remove the new folders beside ``path`` that killed programs left. Never raises OSError."""
    with suppress(OSError):
        for left in path.parent.iterdir():
            if unfinished(path.name).fullmatch(left.name) and not left.is_symlink() and left.is_dir():
                lock = _locked(left)
                if lock is not None:
                    shutil.rmtree(left, ignore_errors=True)
                    os.close(lock)


def _locked(folder: Path) -> int | None:
    """A handle that locks the folder until it is closed; None if another has it, or nothing can be locked there."""
    if sys.platform == "win32":
        return None
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return handle
        except OSError:
            os.close(handle)
    return None


def _permissions(path: Path) -> int:
    """Those of the file that is replaced, or of any new one: mkstemp lets only the owner read it."""
    with suppress(FileNotFoundError):
        old = path.lstat().st_mode
        if stat.S_ISREG(old):
            return old & 0o777
    return 0o666 & ~_UMASK


def is_folder(path: Path) -> bool:
    """Whether the folder exists. ``Path.is_dir`` raises OSError for overlong names and unreadable parents."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False
