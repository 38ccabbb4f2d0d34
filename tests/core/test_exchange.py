import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from urllib.request import Request

import pytest

from cnngui.core import exchange
from cnngui.core.exchange import Head
from tests.web_server import Handler, Server, drip, exchanges_end, send

DATA = bytes(range(256)) * 10_000


def arriving(address: str, max_bytes: int = 10_000_000) -> Iterator[Head | bytes]:
    """What arrives from an address, without the moments in which nothing does."""
    with exchange.exchange(Request(address), max_bytes=max_bytes, timeout=5) as parts:
        yield from (part for part in parts if part is not None)


def test_the_head_comes_first_and_the_contents_in_parts(server: Server) -> None:
    server.answer = send(DATA)
    head, *parts = arriving(server.url)
    assert head == Head("text/plain", len(DATA))
    assert all(isinstance(part, bytes) and len(part) <= 1 << 18 for part in parts)
    assert b"".join(part for part in parts if isinstance(part, bytes)) == DATA


def test_headers_count_too(server: Server) -> None:
    server.answer = send(DATA)
    with pytest.raises(exchange.TooMuch):
        list(arriving(server.url, max_bytes=len(DATA)))
    assert list(arriving(server.url, max_bytes=len(DATA) + 1000))


def test_only_a_little_is_read_ahead(server: Server) -> None:
    """While nobody takes what has arrived, the server has to wait."""
    sent, far_too_much = 0, 20_000_000  # the system holds some, too

    def answer(request: BaseHTTPRequestHandler) -> None:
        nonlocal sent
        request.connection.settimeout(1)
        request.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while sent < far_too_much:
            sent += request.connection.send(DATA)

    server.answer = answer
    with exchange.exchange(Request(server.url), max_bytes=1 << 40, timeout=5) as parts:
        next(parts)
        before = -1
        while sent != before:
            before = sent
            time.sleep(0.2)
    assert sent < far_too_much
    assert exchanges_end()


@pytest.mark.parametrize("then", [b"x", b""], ids=["drips", "is silent"])
def test_what_is_given_up_ends(server: Server, then: bytes) -> None:
    server.answer = drip(server, b"HTTP/1.1 200 OK\r\n\r\nx", then)
    for _ in arriving(server.url):
        break
    assert exchanges_end()


def test_what_is_given_up_while_a_name_is_looked_up(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing can interrupt that, but it does not hold up the process, and what comes after it is not waited for."""
    found, look_up = threading.Event(), socket.getaddrinfo
    server.answer = drip(server, b"", b"")

    def slowly(*args: object) -> object:
        found.wait(5)
        return look_up(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", slowly)
    with exchange.exchange(Request(server.url), max_bytes=1000, timeout=5) as parts:
        assert next(parts) is None
    (thread,) = (each for each in threading.enumerate() if each.name == exchange.THREAD_NAME)
    assert thread.daemon
    found.set()
    assert exchanges_end()


def test_a_proxy(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        asked.append(request.path)
        send(DATA)(request)

    server.answer = answer
    monkeypatch.setenv("http_proxy", server.url)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert list(arriving("http://pictures.invalid/a.png"))
    assert asked == ["http://pictures.invalid/a.png"]


def test_a_proxy_that_drips(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tunnel to an https address is part of the exchange."""
    monkeypatch.setattr(Handler, "do_CONNECT", drip(server, b"HTTP/1.1 200 OK\r\nX: ", b"x"), raising=False)
    monkeypatch.setenv("https_proxy", server.url)
    with exchange.exchange(Request("https://pictures.invalid/a.png"), max_bytes=1000, timeout=5) as parts:
        assert next(parts) is None
        assert next(parts) is None
    assert exchanges_end()
