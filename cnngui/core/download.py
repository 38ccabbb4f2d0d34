"""Download a file that is known beforehand. Slow servers are given up, and a stop works whatever they do."""

import hashlib
import math
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from http.client import HTTPException, IncompleteRead
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request

from cnngui.core.errors import Stopped, UserError
from cnngui.core.exchange import Head, TooMuch, exchange, reason
from cnngui.core.progress import Progress, Report, ShouldStop

TIMEOUT = 20.0  # seconds

_MINIMUM_RATE = 10_000  # bytes per second; any slower, and CIFAR-10 would take more than five hours
_CHUNK = 1 << 18
_MB = 1_000_000


@dataclass(frozen=True)
class Wanted:
    """What is downloaded.

    name: what the file holds, for the messages. max_bytes: a server that sends more sends something else.
    advice: what to do if it fails, a sentence.
    """

    name: str
    url: str
    max_bytes: int
    advice: str


def arriving(wanted: Wanted, timeout: float, progress: Report, should_stop: ShouldStop) -> Generator[bytes, None, None]:
    """The file's bytes as they arrive.

    timeout: seconds in which the server must begin to send the file, from the look-up of its name on. Then, in each
        such period, it must send 10 kB of it per second on average.
    Raises UserError if the network or the server fails or is too slow, but not for the caller's errors; and Stopped.
    """
    progress(Progress(f"Connecting to {wanted.name}'s server"))
    total = received = 0
    reported = -1
    for each in _sent(wanted, timeout, should_stop):
        if isinstance(each, Head):
            total = each.length or 0
            continue
        yield each
        received += len(each)
        if received // _MB > reported:
            reported = received // _MB
            progress(Progress(f"Downloading {wanted.name}, {reported}{_of(total)} MB", received, total))


def md5_of(path: Path, should_stop: ShouldStop) -> str:
    """The MD5 checksum of a file, in hexadecimal digits. Raises OSError and Stopped."""
    digest = hashlib.md5(usedforsecurity=False)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if should_stop():
                raise Stopped
            digest.update(chunk)
    return digest.hexdigest()


def _sent(wanted: Wanted, timeout: float, should_stop: ShouldStop) -> Iterator[Head | bytes]:
    """What the server sends. Raises UserError if the network or the server fails or is too slow, and Stopped."""
    head: Head | None = None
    pace = _Pace(timeout)
    server = f"{wanted.name}'s server"
    try:
        with exchange(Request(wanted.url), max_bytes=wanted.max_bytes, timeout=timeout) as incoming:
            for each in incoming:
                if should_stop():
                    raise Stopped
                pace.note(each)
                if isinstance(each, Head):
                    head = each
                if each is not None:
                    yield each
    except HTTPError as error:
        raise UserError(f"{server} refused the download: {error.code} {error.reason}. {wanted.advice}") from error
    except TimeoutError as error:
        raise UserError(
            f"{server} {'is too slow' if pace.received else 'does not respond'}. {wanted.advice}"
        ) from error
    except TooMuch as error:
        raise UserError(f"{server} sent a file that is too large to be {wanted.name}. {wanted.advice}") from error
    except (OSError, HTTPException) as error:
        if head is None:
            raise UserError(f"{server} could not be reached: {reason(error)}. {wanted.advice}") from error
        why = "" if isinstance(error, IncompleteRead) else f": {reason(error)}"
        lost = f"The connection was lost after {pace.received // _MB}{_of(head.length)} MB{why}"
        raise UserError(f"{lost}. {wanted.advice}") from error


class _Pace:
    """The least speed: the head comes within ``timeout`` seconds, then in each such period 10 kB per second on average.

    received: bytes of the contents so far.
    """

    def __init__(self, timeout: float) -> None:
        self.received = 0
        self._timeout = timeout
        self._wanted, self._deadline = math.inf, time.monotonic() + timeout  # bytes that must have arrived by then

    def note(self, arrived: Head | bytes | None) -> None:
        """Count what has arrived. Raises TimeoutError if it is too little."""
        if isinstance(arrived, bytes):
            self.received += len(arrived)
        is_over = time.monotonic() >= self._deadline
        if is_over and self.received < self._wanted:
            raise TimeoutError
        if is_over or isinstance(arrived, Head):
            self._wanted = self.received + _MINIMUM_RATE * self._timeout
            self._deadline = time.monotonic() + self._timeout


def _of(total: int | None) -> str:
    """The size of the whole, between what has arrived and its unit; empty if unknown."""
    return f" of {total // _MB}" if total else ""
