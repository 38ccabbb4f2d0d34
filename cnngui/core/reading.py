"""Reads files that may come from anyone: nothing waits for a pipe, and nothing large fills the memory."""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from cnngui.core.errors import UserError

MOST_BYTES = 3_000_000
"""Of a small file: a card of 10,000 epochs, the most that a recipe takes, has 2.5 MB.

No more, because the window stands still while JSON is parsed in any thread: 3 MB take a tenth of a second.
"""


class NotRegularError(OSError):
    """A pipe, a device or a socket in the place of a file."""


def opened(path: Path) -> BinaryIO:
    """A regular file, open for reading. Raises OSError for anything else: a pipe would wait, a device never end."""
    _check_regular(path, path.stat().st_mode)  # first: to open a device may already do something
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    file = os.fdopen(os.open(path, flags), "rb")  # which waits for nothing, if it has become a pipe by now
    try:
        _check_regular(path, os.fstat(file.fileno()).st_mode)
    except OSError:
        file.close()
        raise
    return file


def read_bytes(path: Path, most: int = MOST_BYTES) -> bytes:
    """All of a regular file. Raises OSError, also if it has more than ``most`` bytes."""
    with opened(path) as file:
        content = file.read(most + 1) if os.fstat(file.fileno()).st_size <= most else None
    if content is None or len(content) > most:
        raise OSError(errno.EFBIG, f"it is larger than {most / 1e6:,.0f} MB", str(path))
    return content


def unreadable(name: object, error: OSError) -> UserError:
    """The error that says why a file cannot be read, and what to do. name: of the file, as people know it."""
    advice = "Check its permissions." if isinstance(error, PermissionError) else "Copy it again, or remove it."
    return UserError(f"{name} could not be read ({error.strerror or error}). {advice}")


def _check_regular(path: Path, mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(mode):
        raise NotRegularError(errno.EINVAL, "it is not a regular file", str(path))
