"""Fetch a picture from a web address, within limits; a stop works even while the server is silent."""

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
_BUFFERED = 1 << 16  # more bytes than Python's buffer and a TLS record can hold after the headers
_MOMENT = 0.2  # seconds after which a stop is noticed while the server is silent
_SAVE_IT = "Save the picture from the page, then drop its file."


def fetch(address: str, should_stop: ShouldStop = never_stop) -> bytes:
    """The contents of an http, https or data address: at most MAX_BYTES, within MAX_SECONDS and MAX_REDIRECTS.

    Raises UserError if that fails, with a sentence that does not repeat the address, and Stopped.
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
                raise UserError(f"This is the address of a web page, not of a picture. {_SAVE_IT}")
            return b"".join(_chunks(response, deadline, should_stop))
    except urllib.error.HTTPError as error:
        error.close()
        if error.code // 100 == 3:
            raise UserError(f"The address redirects too often, or to something other than http. {_SAVE_IT}") from error
        raise UserError(f"The server refused the request: {error.code} {error.reason}. {_SAVE_IT}") from error
    except TimeoutError as error:
        raise UserError(f"The download took longer than {MAX_SECONDS:.0f} seconds. {_SAVE_IT}") from error
    except (OSError, HTTPException, ValueError) as error:  # ValueError: an invalid address
        raise UserError(f"The server could not be reached: {reason(error)}. {_SAVE_IT}") from error


def receive(response: HTTPResponse, received: int) -> bytes | None:
    """What has arrived after the first ``received`` bytes; b"" at the end, None if nothing arrived for a moment.

    It waits with select, so that a stop need not wait for a silent server. But select does not see bytes that arrived
    with the headers and are in Python's or the TLS library's buffer: at most ``_BUFFERED`` bytes, which are read first.
    Raises OSError and HTTPException.
    """
    if response.isclosed() or response.length == 0:
        return b""  # the server may keep the connection open, but nothing more will come
    if received >= _BUFFERED and not select.select([response.fileno()], [], [], _MOMENT)[0]:
        return None
    return response.read1(_CHUNK)


def reason(error: Exception) -> str:
    """The system's description of an error, without its number."""
    cause = getattr(error, "reason", error)
    return getattr(cause, "strerror", None) or str(cause)


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows at most MAX_REDIRECTS redirects, to http and https only, until the deadline."""

    max_redirections = MAX_REDIRECTS

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        if not newurl.startswith(("http://", "https://")):
            raise urllib.error.HTTPError(newurl, code, msg, headers, fp)
        fp.close()  # otherwise urllib would read its whole body
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
            raise UserError(f"The picture is larger than {MAX_BYTES // 1_000_000} MB. {_SAVE_IT}")
    if response.length:
        raise UserError(f"The connection was lost. Try again. {_SAVE_IT}")
    return chunks


def _left(deadline: float) -> float:
    """The seconds until the deadline. Raises TimeoutError if it has passed."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _decode(address: str) -> bytes:
    """The contents of a data address (RFC 2397)."""
    header, comma, data = address.partition(",")
    try:
        raw = urllib.parse.unquote_to_bytes(data)
        contents = base64.b64decode(raw, validate=True) if header.lower().endswith(";base64") else raw
    except binascii.Error:
        contents = b""
    if len(contents) > MAX_BYTES:
        raise UserError(f"The picture is larger than {MAX_BYTES // 1_000_000} MB. {_SAVE_IT}")
    if not comma or not contents:
        raise UserError(f"The picture in this address is damaged. {_SAVE_IT}")
    return contents
