"""Fetch a picture from a web address, within limits; a stop works whatever the server does."""

import base64
import binascii
import io
import string
import time
import urllib.parse
from collections.abc import Iterable, Iterator
from http.client import HTTPException, IncompleteRead
from urllib.error import HTTPError
from urllib.request import Request

from cnngui import __version__
from cnngui.core.errors import Stopped, UserError
from cnngui.core.exchange import Head, TooMuch, exchange, reason
from cnngui.core.progress import ShouldStop, never_stop

MAX_BYTES = 50_000_000
MAX_SECONDS = 10.0

SAVE_IT = "Save the picture from the page, then drop its file."
_PART = 1 << 16  # letters of a data address that are decoded in one go
_TOO_LARGE = f"The picture is larger than {MAX_BYTES // 1_000_000} MB. {SAVE_IT}"


def fetch(address: str, should_stop: ShouldStop = never_stop) -> bytes:
    """The contents of an http, https or data address.

    All that comes from a server, headers and redirects included, is at most MAX_BYTES and takes at most MAX_SECONDS,
    from the look-up of its name on.
    Raises UserError if that fails, with a sentence that does not repeat the address, and Stopped.
    """
    scheme = address.partition(":")[0].lower()
    if scheme == "data":
        return _decode(address)
    if scheme not in ("http", "https"):
        raise UserError(f"Only http and https addresses can be opened. {SAVE_IT}")
    try:
        return _receive(address, should_stop)
    except HTTPError as error:
        if error.code // 100 == 3:
            raise UserError(f"The address redirects too often, or to something other than http. {SAVE_IT}") from error
        raise UserError(f"The server refused the request: {error.code} {error.reason}. {SAVE_IT}") from error
    except TimeoutError as error:
        raise UserError(f"The download took longer than {MAX_SECONDS:.0f} seconds. {SAVE_IT}") from error
    except TooMuch as error:
        raise UserError(_TOO_LARGE) from error
    except IncompleteRead as error:
        raise UserError(f"The connection was lost. Try again. {SAVE_IT}") from error
    except (OSError, HTTPException, ValueError) as error:  # ValueError: an invalid address
        raise UserError(f"The server could not be reached: {reason(error)}. {SAVE_IT}") from error


def _receive(address: str, should_stop: ShouldStop) -> bytes:
    """The contents of an http or https address. Raises UserError for a web page, Stopped, and what exchange raises."""
    deadline = time.monotonic() + MAX_SECONDS
    request = Request(address, headers={"User-Agent": f"cnngui/{__version__}", "Accept": "image/*"})
    contents = io.BytesIO()
    with exchange(request, max_bytes=MAX_BYTES, timeout=MAX_SECONDS) as arriving:
        for each in arriving:
            if should_stop():
                raise Stopped
            if time.monotonic() > deadline:
                raise TimeoutError
            if isinstance(each, bytes):
                contents.write(each)
            elif isinstance(each, Head) and each.content_type == "text/html":
                raise UserError(f"This is the address of a web page, not of a picture. {SAVE_IT}")
    return contents.getvalue()


def _decode(address: str) -> bytes:
    """The contents of a data address (RFC 2397). Base64 may be broken into lines and lack its padding, as in pages."""
    header, _, data = address.partition(",")
    parts = _unquoted(data)
    if header.replace(" ", "").lower().endswith(";base64"):
        parts = _from_base64(parts)
    contents = io.BytesIO()
    try:
        for part in parts:
            if contents.tell() + len(part) > MAX_BYTES:
                raise UserError(_TOO_LARGE)
            contents.write(part)
    except binascii.Error:
        contents = io.BytesIO()
    if not contents.tell():
        raise UserError(f"The picture in this address is damaged. {SAVE_IT}")
    return contents.getvalue()


def _unquoted(text: str) -> Iterator[bytes]:
    """The bytes of a percent-encoded text, in parts: urllib takes sixty times their memory, and the window waits."""
    begin = 0
    while begin < len(text):
        end = begin + _PART
        end = next((place for place in (end - 2, end - 1) if text[place : place + 1] == "%"), end)
        yield urllib.parse.unquote_to_bytes(text[begin:end].encode(errors="replace"))
        begin = end


def _from_base64(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The decoded parts. Raises binascii.Error."""
    rest = b""
    for part in parts:
        rest += part.translate(None, string.whitespace.encode())
        whole = len(rest) // 4 * 4
        yield base64.b64decode(rest[:whole], validate=True)
        rest = rest[whole:]
    yield base64.b64decode(rest + b"=" * (-len(rest) % 4), validate=True)
