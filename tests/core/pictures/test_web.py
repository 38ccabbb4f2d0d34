import base64
import time
import tracemalloc
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnngui.core.errors import Stopped, UserError
from cnngui.core.pictures import web
from cnngui.core.pictures.web import fetch
from tests.web_server import DRIPS, FLOODS, Answer, Server, drip, redirect_slowly, send, send_part_and_wait

DATA = bytes(range(256)) * 1000


def refuses(address: str, message: str) -> None:
    with pytest.raises(UserError, match=message) as caught:
        fetch(address)
    assert str(caught.value).endswith("Save the picture from the page, then drop its file.")


def redirect(times: int, to: Callable[[BaseHTTPRequestHandler], str]) -> Answer:
    """Redirect the first requests, then send DATA."""
    left = times

    def answer(request: BaseHTTPRequestHandler) -> None:
        nonlocal left
        if not left:
            send(DATA)(request)
            return
        left -= 1
        request.send_response(302)
        request.send_header("Location", to(request))
        request.end_headers()

    return answer


def test_what_lies_behind_an_address(server: Server) -> None:
    server.answer = send(DATA)
    assert fetch(server.url) == DATA


@pytest.mark.parametrize("size", [10, len(DATA)])
def test_a_server_that_keeps_the_connection(server: Server, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(web, "MAX_SECONDS", 5.0)

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.protocol_version = "HTTP/1.1"
        send(DATA[:size])(request)
        request.wfile.flush()
        server.gate.wait()

    server.answer = answer
    assert fetch(server.url) == DATA[:size]


def test_what_comes_with_a_redirect_is_not_waited_for(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "MAX_SECONDS", 5.0)
    first = True

    def answer(request: BaseHTTPRequestHandler) -> None:
        nonlocal first
        if not first:
            send(DATA)(request)
            return
        first = False
        request.send_response(302)
        request.send_header("Location", f"{request.path}+")
        request.send_header("Content-Length", "100")
        request.end_headers()
        request.wfile.flush()
        server.gate.wait()

    server.answer = answer
    assert fetch(server.url) == DATA


def test_nothing_is_there(server: Server) -> None:
    server.answer = lambda request: request.send_error(404)
    refuses(server.url, "The server refused the request: 404 Not Found")


def test_no_server() -> None:
    with Server() as closed:
        pass
    refuses(closed.url, "could not be reached: Connection refused")


@pytest.mark.parametrize("address", ["ftp://127.0.0.1/a.png", "file:///etc/passwd", "javascript:alert(1)", "a.png", ""])
def test_other_schemes(address: str) -> None:
    refuses(address, "Only http and https")


def test_an_address_that_is_none() -> None:
    refuses("http://[half", "could not be reached")
    refuses("http://127.0.0.1:99999/a.png", "could not be reached")


def test_a_page(server: Server) -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Type", "text/html; charset=utf-8")
        request.end_headers()
        request.wfile.write(b"<html>")

    server.answer = answer
    refuses(server.url, "the address of a web page")


def test_three_redirects(server: Server) -> None:
    server.answer = redirect(3, lambda request: f"{request.path}+")
    assert fetch(server.url) == DATA


def test_four_redirects(server: Server) -> None:
    server.answer = redirect(4, lambda request: f"{request.path}+")
    refuses(server.url, "redirects too often")


@pytest.mark.parametrize("to", ["file:///etc/passwd", "ftp://127.0.0.1/a", "data:,a"])
def test_a_redirect_out_of_the_web(server: Server, to: str) -> None:
    server.answer = redirect(1, lambda _: to)
    refuses(server.url, "something other than http")


@pytest.mark.parametrize("length", [None, len(DATA)], ids=["unknown length", "known length"])
def test_too_much(server: Server, monkeypatch: pytest.MonkeyPatch, length: int | None) -> None:
    monkeypatch.setattr(web, "MAX_BYTES", len(DATA) - 1)

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        if length is not None:
            request.send_header("Content-Length", str(length))
        request.end_headers()
        request.wfile.write(DATA)

    server.answer = answer
    refuses(server.url, "The picture is larger than")


def test_a_connection_that_is_cut(server: Server) -> None:
    server.answer = send(DATA, len(DATA) + 1)
    refuses(server.url, "The connection was lost")


@pytest.mark.parametrize("part", [0, 100, 200_000])
def test_a_server_that_falls_silent(server: Server, monkeypatch: pytest.MonkeyPatch, part: int) -> None:
    monkeypatch.setattr(web, "MAX_SECONDS", 0.3)
    server.answer = send_part_and_wait(server, DATA, part)
    refuses(server.url, "The download took longer than")


@pytest.mark.parametrize("kind", DRIPS)
def test_the_limit_holds_for_every_part_of_the_exchange(
    server: Server, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(web, "MAX_SECONDS", 0.3)
    server.answer = drip(server, *DRIPS[kind])
    began = time.monotonic()
    refuses(server.url, "The download took longer than")
    assert time.monotonic() < began + 1


def test_the_limit_holds_for_all_redirects_together(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "MAX_SECONDS", 0.3)
    server.answer = redirect_slowly(server)
    refuses(server.url, "The download took longer than")


@pytest.mark.parametrize("kind", FLOODS)
def test_too_much_of_anything(server: Server, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr(web, "MAX_BYTES", 500_000)
    server.answer = drip(server, *FLOODS[kind], seconds=0)
    refuses(server.url, "The picture is larger than")


@pytest.mark.parametrize("kind", DRIPS)
def test_a_stop_in_any_part_of_the_exchange(server: Server, kind: str) -> None:
    server.answer = drip(server, *DRIPS[kind])
    began = time.monotonic()
    with pytest.raises(Stopped):
        fetch(server.url, should_stop=lambda: time.monotonic() > began + 0.1)
    assert time.monotonic() < began + 0.6


@given(st.binary(min_size=1))
def test_data_inside_the_address(data: bytes) -> None:
    assert fetch(f"data:image/png;base64,{base64.b64encode(data).decode()}") == data
    assert fetch("DATA:image/png," + "".join(f"%{byte:02x}" for byte in data)) == data


@pytest.mark.parametrize("address", ["data:", "data:image/png;base64,", "data:image/png;base64,a", "data:;base64,*"])
def test_damaged_data_inside_the_address(address: str) -> None:
    refuses(address, "is damaged")


@pytest.mark.parametrize(
    "address",
    [
        "data:image/png;base64,YWI",  # without its padding
        "data:image/png;base64,YW I%3D",
        "data:image/png;base64,YW\r\nI=",
        "data:image/png;charset=x; base64 ,%59WI=",
        "data:,a%62",
        "data:;x=y,ab",
    ],
)
def test_data_as_pages_have_it(address: str) -> None:
    assert fetch(address) == b"ab"


@pytest.mark.parametrize("begin", range(4))
def test_long_data_is_decoded_in_parts(begin: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "_PART", 5)
    data = bytes(range(30 + begin))
    assert fetch("data:," + "".join(f"%{byte:02x}" for byte in data)) == data
    assert fetch("data:," + "a" * begin + "%62%%63%6") == b"a" * begin + b"b%c%6"
    assert fetch(f"data:;base64,{base64.b64encode(data).decode()}") == data


@pytest.mark.parametrize("address", ["data:;base64,QUFB", "data:,aaa", "data:,%61%61%61"])
def test_the_limit_of_data_inside_the_address(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(fetch(address)) == 3
    monkeypatch.setattr(web, "MAX_BYTES", 2)
    refuses(address, "The picture is larger than")


def test_percent_signs_take_little_memory() -> None:
    """urllib alone takes sixty bytes for each."""
    address = "data:," + "%41" * 100_000
    tracemalloc.start()
    assert len(fetch(address)) == 100_000
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 10 * 2**20  # of which 5 MB are those of a part
