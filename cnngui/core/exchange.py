"""Get what lies behind a web address, from a server that may be silent, drip its bytes or never come to an end.

Python's time limits hold for a single wait, so a server that sends a byte now and then outlasts them. The look-up of a
name has no limit at all. An exchange therefore runs on a thread of its own, and whoever began it may give it up at any
moment. All other threads live in gui/common/worker.py. This one is in the core, because the command line needs it too,
and is no worker, because nobody waits for its end.
"""

import io
import queue
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPMessage, HTTPResponse, HTTPSConnection, IncompleteRead
from typing import IO, TYPE_CHECKING, Any
from urllib.request import Request

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAX_REDIRECTS = 3
THREAD_NAME = "exchange"

_CHUNK = 1 << 18
_CHUNKS_AHEAD = 8  # that nobody has taken yet
_MOMENT = 0.1  # seconds


class TooMuch(HTTPException):
    """The server sent more bytes than it may, of whatever kind."""


@dataclass(frozen=True)
class Head:
    """What the server says about the contents before it sends them.

    content_type: in lower case, such as "image/png". length: in bytes; None if the server does not say.
    """

    content_type: str
    length: int | None


@contextmanager
def exchange(request: Request, *, max_bytes: int, timeout: float) -> Iterator[Iterator[Head | bytes | None]]:
    """Send the request, and iterate over what comes back: the head, then the contents in parts of at most 256 kB.

    Yields None whenever nothing has arrived for 0.1 seconds, so that the caller can look at the clock and stop. At the
    end of the block the exchange is given up, whatever it is doing. Follows MAX_REDIRECTS redirects, to http and https.
    max_bytes: the most that may arrive, with all headers, redirects and chunk sizes.
    timeout: seconds of a single wait, as a backstop. The caller decides how long the whole may take.
    Iterating raises what urllib and http.client raise: OSError (HTTPError where the server refuses, TimeoutError),
    ValueError for an invalid address, IncompleteRead where the contents end too early and other HTTPExceptions; and
    TooMuch.
    """
    line = _Line(max_bytes)
    # A daemon: the process may end while this waits for a name to be looked up, which nothing can interrupt.
    threading.Thread(target=_converse, args=(line, request, timeout), name=THREAD_NAME, daemon=True).start()
    try:
        yield line.arriving()
    finally:
        line.give_up()


def reason(error: Exception) -> str:
    """The system's description of an error, without its number."""
    return getattr(error, "strerror", None) or str(getattr(error, "reason", error))


class _Line:
    """Between the thread of an exchange and whoever began it."""

    def __init__(self, max_bytes: int) -> None:
        self._bytes_left = max_bytes
        self._socket: socket.socket | None = None
        self._is_given_up = False
        self._lock = threading.Lock()  # for both of these
        self._arrived: queue.Queue[Head | bytes | Exception] = queue.Queue(_CHUNKS_AHEAD)

    # For whoever began it

    def arriving(self) -> Iterator[Head | bytes | None]:
        """What the thread delivers, and None after a moment without anything. Raises what it delivers, too."""
        while True:
            try:
                item = self._arrived.get(timeout=_MOMENT)
            except queue.Empty:
                yield None
                continue
            if isinstance(item, Exception):
                try:
                    raise item
                finally:
                    del item  # a cycle with its traceback would hold all contents
            if item == b"":
                return
            yield item

    def give_up(self) -> None:
        """Make the thread end as soon as it can. Does nothing if it has ended."""
        with self._lock:
            self._is_given_up = True
            held = self._socket
        if held is not None:
            with suppress(OSError):  # it may be closed
                held.shutdown(socket.SHUT_RDWR)  # unlike close, this ends a wait in the other thread
        with suppress(queue.Empty):
            while True:
                self._arrived.get_nowait()  # the thread may be waiting for room

    # For the thread

    def hold(self, held: socket.socket) -> None:
        """Shut this socket down when the exchange is given up. Raises ConnectionAbortedError if it already is."""
        with self._lock:
            self._check()
            self._socket = held

    def count(self, received: int) -> None:
        """Count bytes. Raises TooMuch, and ConnectionAbortedError if the exchange is given up."""
        self._check()
        self._bytes_left -= received
        if self._bytes_left < 0:
            raise TooMuch

    def deliver(self, item: Head | bytes | Exception) -> None:
        """Hand this over, once there is room; b"" is the end. What is given up takes nothing any more."""
        if not self._is_given_up:
            self._arrived.put(item)

    def _check(self) -> None:
        if self._is_given_up:
            raise ConnectionAbortedError


def _converse(line: _Line, request: Request, timeout: float) -> None:
    """Run the exchange, in its thread."""
    try:
        opener = urllib.request.build_opener(_Handler(line), _Redirects)
        with closing(opener.open(request, timeout=timeout)) as response:
            line.deliver(Head(response.headers.get_content_type(), response.length))
            while chunk := response.read1(_CHUNK):
                line.deliver(chunk)
            if response.length:
                raise IncompleteRead(b"", response.length)
            line.deliver(b"")
    except urllib.error.HTTPError as error:
        error.close()
        line.deliver(error)
    except urllib.error.URLError as error:
        line.deliver(error.reason if isinstance(error.reason, OSError) else error)
    except Exception as error:
        line.deliver(error)


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows at most MAX_REDIRECTS redirects, to http and https only."""

    max_redirections = MAX_REDIRECTS

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        if not newurl.startswith(("http://", "https://")):
            raise urllib.error.HTTPError(newurl, code, msg, headers, fp)
        fp.close()  # otherwise urllib would read its whole body
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class _Handler(urllib.request.HTTPSHandler, urllib.request.HTTPHandler):
    """Opens connections over a line."""

    def __init__(self, line: _Line) -> None:
        super().__init__()
        self._line = line

    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(partial(_connection, HTTPConnection, self._line), req)

    def https_open(self, req: Request) -> HTTPResponse:
        return self.do_open(partial(_connection, HTTPSConnection, self._line), req)


def _connection(kind: type[HTTPConnection], line: _Line, host: str, **options: Any) -> HTTPConnection:
    connection = kind(host, **options)
    connection.response_class = partial(_Response, line)  # type: ignore[assignment]  # it is called, no more
    return connection


class _Response(HTTPResponse):
    """A response, also of a proxy, that reads over a line."""

    def __init__(self, line: _Line, sock: socket.socket, *args: Any, **options: Any) -> None:
        line.hold(sock)
        super().__init__(sock, *args, **options)
        self.fp = io.BufferedReader(_Counted(self.fp.detach(), line))


class _Counted(io.RawIOBase):
    """Reads from ``raw`` and counts what it reads."""

    def __init__(self, raw: io.RawIOBase, line: _Line) -> None:
        super().__init__()
        self._raw, self._line = raw, line

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int | None:
        received: int | None = self._raw.readinto(buffer)
        self._line.count(received or 0)
        return received

    def close(self) -> None:
        self._raw.close()
        super().close()
