"""Child processes that decode the pictures whose cost is not known, within limits of time and memory."""

import atexit
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image

from cnngui.core.child import Child, ChildError, TooCostlyError
from cnngui.core.errors import UserError
from cnngui.core.pictures import decoding
from cnngui.core.pictures.decoding import Source

SECONDS = 4.0  # for a picture; with the start of a process, at most five. The largest photographs take two or three
MEGABYTES = 1000
MODULE = "cnngui.core.pictures.decoder"


def decode(source: Source, min_side: int) -> Image.Image:
    """The picture as :func:`cnngui.core.pictures.decoding.decode` reads it, in a child process.

    It is shrunk by 2, 4 or 8 if its shorter side keeps at least ``min_side`` pixels.
    Raises UserError if it cannot be read, or takes too long or too much memory.
    """
    path, contents = ("", source) if isinstance(source, bytes) else (str(source), b"")
    request = {"path": path, "min_side": min_side}
    try:
        with _POOL.child() as child:
            ((told, pixels),) = child.ask(request, contents, seconds=SECONDS, max_bytes=3 * decoding.MAX_PIXELS)
        width, height = told["size"]
        return Image.frombytes("RGB", (width, height), pixels)
    except TooCostlyError as error:
        raise UserError(decoding.TOO_LONG) from error
    except MemoryError:
        raise UserError(decoding.NO_MEMORY) from None
    except (ChildError, ValueError, TypeError, KeyError) as error:  # the others: a child's strange answer
        raise UserError(decoding.DAMAGED) from error


class _Pool:
    """Children that wait for the next picture, so that starting one is paid for once. Thread-safe."""

    def __init__(self) -> None:
        self._waiting: list[Child] = []
        self._busy: list[Child] = []
        self._is_closed = False
        self._lock = threading.Lock()

    @contextmanager
    def child(self) -> Iterator[Child]:
        """A child that nobody else uses. Raises ChildError while the pool is closed."""
        with self._lock:
            if self._is_closed:
                raise ChildError
            self._waiting = [child for child in self._waiting if not child.has_ended]
            child = self._waiting.pop() if self._waiting else Child(MODULE, MEGABYTES)
            self._busy.append(child)
        try:
            yield child
        finally:
            with self._lock:
                self._busy.remove(child)
                self._waiting.append(child)

    def close(self) -> None:
        """End all children, also those that decode, and start no others."""
        with self._lock:
            self._is_closed = True
            for child in self._busy:
                child.kill()
            while self._waiting:
                self._waiting.pop().close()

    def open(self) -> None:
        """Start children again."""
        self._is_closed = False


_POOL = _Pool()
atexit.register(_POOL.close)


@contextmanager
def closed() -> Iterator[None]:
    """Within the block no picture is decoded in a child process: those that need one cannot be read."""
    _POOL.close()
    try:
        yield
    finally:
        _POOL.open()
