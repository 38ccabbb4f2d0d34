"""What lies behind a web address: fetched with limits, and stopped while a server is silent in the middle of it."""

import base64
import binascii
import select
import time
import urllib.error
import urllib.parse
import urllib.request
from http.client import HTTPException, HTTPMessage, HTTPResponse
from typing import IO

from cnngui import __version__
from cnngui.core.errors import Stopped, UserError
from cnngui.core.progress import ShouldStop, never_stop

MAX_BYTES = 50_000_000
MAX_SECONDS = 10.0
MAX_REDIRECTS = 3

_CHUNK = 1 << 18
_BUFFERED = 1 << 16  # more than can have come with the headers, into Python's buffer and a TLS record
_MOMENT = 0.2  # seconds until a stop is seen while nothing comes
_SAVE_IT = "Save the picture from the page, then drop its file."


def fetch(address: str, should_stop: ShouldStop = never_stop) -> bytes:
    """The contents of an http, https or data address, at most MAX_BYTES in MAX_SECONDS after MAX_REDIRECTS.

    Raises UserError where it cannot be had, with a sentence that does not repeat the address, and Stopped.
    """
    scheme = address.partition(":")[0].lower()
    if scheme == "data":
        return _decode(address)
    if scheme not in ("http", "https"):
        raise UserError(f"Only http and https addresses can be opened. {_SAVE_IT}")
    deadline = time.monotonic() + MAX_SECONDS
    try:
        with _open(address, deadline) as response:
            if response.headers.get_content_type() == "text/html":
                raise UserError(f"This address is that of a page, not of a picture. {_SAVE_IT}")
            return b"".join(_chunks(response, deadline, should_stop))
    except urllib.error.HTTPError as error:
        error.close()
        if error.code // 100 == 3:
            raise UserError(f"The address leads elsewhere too often, or out of the web. {_SAVE_IT}") from error
        raise UserError(f"The server refused: {error.code} {error.reason}. {_SAVE_IT}") from error
    except TimeoutError as error:
        raise UserError(f"It took longer than {MAX_SECONDS:.0f} seconds. {_SAVE_IT}") from error
    except (OSError, HTTPException, ValueError) as error:  # ValueError: an address that is none
        raise UserError(f"The server cannot be reached: {reason(error)}. {_SAVE_IT}") from error


def receive(response: HTTPResponse, received: int) -> bytes | None:
    """What has arrived, after ``received`` bytes; b"" at the end, None where nothing has come for a moment.

    Waiting is left to select, so that a stop need not wait for a silent server. It does not see what has come with the
    headers and waits in Python's or the TLS library's buffer; that is at most ``_BUFFERED`` bytes and read first.
    Raises OSError and HTTPException.
    """
    if response.isclosed() or response.length == 0:
        return b""  # a server may keep the connection open, and then there is nothing more to wait for
    if received >= _BUFFERED and not select.select([response.fileno()], [], [], _MOMENT)[0]:
        return None
    return response.read1(_CHUNK)


def reason(error: Exception) -> str:
    """The system's words for what went wrong, without its numbers."""
    cause = getattr(error, "reason", error)
    return getattr(cause, "strerror", None) or str(cause)


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows few redirects, to the web only, within the time that is left."""

    max_redirections = MAX_REDIRECTS

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        if not newurl.startswith(("http://", "https://")):
            raise urllib.error.HTTPError(newurl, code, msg, headers, fp)
        fp.close()  # or urllib would read all that comes with it
        req.timeout = _left(self._deadline)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _open(address: str, deadline: float) -> HTTPResponse:
    request = urllib.request.Request(address, headers={"User-Agent": f"cnngui/{__version__}", "Accept": "image/*"})
    opener = urllib.request.build_opener(_Redirects(deadline))
    try:
        response: HTTPResponse = opener.open(request, timeout=_left(deadline))
    except urllib.error.URLError as error:
        if isinstance(error.reason, TimeoutError):
            raise error.reason from error
        raise
    return response


def _chunks(response: HTTPResponse, deadline: float, should_stop: ShouldStop) -> list[bytes]:
    chunks: list[bytes] = []
    received = 0
    while True:
        if should_stop():
            raise Stopped
        _left(deadline)
        chunk = receive(response, received)
        if chunk is None:
            continue
        if not chunk:
            break
        chunks.append(chunk)
        received += len(chunk)
        if received > MAX_BYTES:
            raise UserError(f"This is larger than {MAX_BYTES // 1_000_000} MB. {_SAVE_IT}")
    if response.length:
        raise UserError(f"The connection was cut. Try again. {_SAVE_IT}")
    return chunks


def _left(deadline: float) -> float:
    """The seconds that are left. Raises TimeoutError where there are none."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _decode(address: str) -> bytes:
    """The contents of a data address: RFC 2397."""
    header, comma, data = address.partition(",")
    try:
        raw = urllib.parse.unquote_to_bytes(data)
        contents = base64.b64decode(raw, validate=True) if header.lower().endswith(";base64") else raw
    except binascii.Error:
        contents = b""
    if len(contents) > MAX_BYTES:
        raise UserError(f"This is larger than {MAX_BYTES // 1_000_000} MB. {_SAVE_IT}")
    if not comma or not contents:
        raise UserError(f"The picture inside this address is damaged. {_SAVE_IT}")
    return contents
