"""Fetch a picture from a web address, within limits; a stop works whatever the server does."""

import base64
import binascii
import io
import time
import urllib.parse
from http.client import HTTPException, IncompleteRead
from urllib.error import HTTPError
from urllib.request import Request

from cnngui import __version__
from cnngui.core.errors import Stopped, UserError
from cnngui.core.exchange import Head, TooMuch, exchange, reason
from cnngui.core.progress import ShouldStop, never_stop

MAX_BYTES = 50_000_000
MAX_SECONDS = 10.0

_SAVE_IT = "Save the picture from the page, then drop its file."
_TOO_LARGE = f"The picture is larger than {MAX_BYTES // 1_000_000} MB. {_SAVE_IT}"


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
        raise UserError(f"Only http and https addresses can be opened. {_SAVE_IT}")
    try:
        return _receive(address, should_stop)
    except HTTPError as error:
        if error.code // 100 == 3:
            raise UserError(f"The address redirects too often, or to something other than http. {_SAVE_IT}") from error
        raise UserError(f"The server refused the request: {error.code} {error.reason}. {_SAVE_IT}") from error
    except TimeoutError as error:
        raise UserError(f"The download took longer than {MAX_SECONDS:.0f} seconds. {_SAVE_IT}") from error
    except TooMuch as error:
        raise UserError(_TOO_LARGE) from error
    except IncompleteRead as error:
        raise UserError(f"The connection was lost. Try again. {_SAVE_IT}") from error
    except (OSError, HTTPException, ValueError) as error:  # ValueError: an invalid address
        raise UserError(f"The server could not be reached: {reason(error)}. {_SAVE_IT}") from error


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
                raise UserError(f"This is the address of a web page, not of a picture. {_SAVE_IT}")
    return contents.getvalue()


def _decode(address: str) -> bytes:
    """The contents of a data address (RFC 2397)."""
    header, comma, data = address.partition(",")
    try:
        raw = urllib.parse.unquote_to_bytes(data)
        contents = base64.b64decode(raw, validate=True) if header.lower().endswith(";base64") else raw
    except binascii.Error:
        contents = b""
    if len(contents) > MAX_BYTES:
        raise UserError(_TOO_LARGE)
    if not comma or not contents:
        raise UserError(f"The picture in this address is damaged. {_SAVE_IT}")
    return contents
