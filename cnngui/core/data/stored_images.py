"""Images that are too many for the memory: in a file without a name, from which each is read when it is needed."""

import tempfile
import threading
import weakref
from collections.abc import Iterator
from typing import IO, Any, cast

import numpy as np
from numpy.typing import NDArray

from cnngui import paths
from cnngui.core.errors import UserError

_CHUNK = 1000  # images copied at once; other threads can run in between
MOST_IN_MEMORY = 300_000_000  # bytes of images; CIFAR-10 has 184 million


class StoredImages:
    """Images, uint8 (n, height, width, 3), that are indexed as an array of NumPy, each time from their file.

    Thread-safe for reading. The file goes with the last object that uses it.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        """No images yet, of this height and width. Raises UserError if no file can be made."""
        self._file = _file_on_disk()
        self._users = _Users()
        weakref.finalize(self._users, self._file.close)
        self._lock = threading.Lock()
        self._size = size
        self._bytes = size[0] * size[1] * 3
        self._rows = np.zeros(0, np.int64)

    def append(self, image: NDArray[np.uint8]) -> None:
        """Add an image, uint8 (height, width, 3). Raises UserError if there is no room."""
        try:
            self._file.write(image.tobytes())
        except OSError as error:
            raise UserError(
                f"The pictures could not be stored in {paths.cache_dir()} ({error.strerror or error}). "
                "Free some space there, or choose a smaller picture size."
            ) from error
        self._rows = np.append(self._rows, len(self._rows))

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """As an array's."""
        return (len(self._rows), *self._size, 3)

    @property
    def nbytes(self) -> int:
        """Of all images, if they were in memory."""
        return len(self) * self._bytes

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[NDArray[np.uint8]]:
        for row in range(len(self)):
            yield self[row]

    def __getitem__(self, index: Any) -> NDArray[np.uint8]:
        rows = self._rows[index]
        if rows.ndim == 0:
            return self._read(int(rows))
        found = np.empty((len(rows), *self._size, 3), np.uint8)
        for place, row in enumerate(rows.tolist()):
            found[place] = self._read(row)
        return found

    @property
    def as_array(self) -> NDArray[np.uint8]:
        """The object itself, for what indexes it as an array."""
        return cast("NDArray[np.uint8]", self)

    def take(self, indices: NDArray[np.integer]) -> "StoredImages":
        """These images alone, in this order, from the same file. indices: (m,)."""
        taken = object.__new__(StoredImages)
        taken.__dict__.update(self.__dict__)
        taken._rows = self._rows[indices]
        return taken

    def _read(self, row: int) -> NDArray[np.uint8]:
        with self._lock:
            self._file.seek(row * self._bytes)
            content = self._file.read(self._bytes)
        return np.frombuffer(content, np.uint8).reshape(*self._size, 3)


class _Users:
    """All objects with the same file have one of these: when it goes, nobody uses the file any more."""


def _file_on_disk() -> IO[bytes]:
    """A new file that nobody else sees. Not among the temporary files, which may themselves be in memory."""
    folder = paths.cache_dir()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return tempfile.TemporaryFile(prefix="cnngui-", dir=folder, buffering=0)  # a full disk is told at once
    except OSError as error:
        raise UserError(
            f"The pictures could not be stored in {folder} ({error.strerror or error}). Make it writable."
        ) from error


def taken(images: NDArray[np.uint8], indices: NDArray[np.integer]) -> NDArray[np.uint8]:
    """These images, in this order; in memory, a copy. indices: (m,)."""
    stored: object = images
    if isinstance(stored, StoredImages):
        return stored.take(indices).as_array
    found = np.empty((len(indices), *images.shape[1:]), np.uint8)
    for start in range(0, len(indices), _CHUNK):
        part = slice(start, start + _CHUNK)
        found[part] = images[indices[part]]
    return found
