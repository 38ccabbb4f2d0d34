"""A web server on this machine, for what fetches something."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cnngui.core import exchange

Answer = Callable[[BaseHTTPRequestHandler], None]


class Server(ThreadingHTTPServer):
    """A server on 127.0.0.1 that gives every request to ``answer``; ``gate`` holds an answer back."""

    daemon_threads = False
    answer: Answer

    def __init__(self) -> None:
        self.gate = threading.Event()
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}/picture"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what these tests are about."""


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.answer(self)

    def log_message(self, format: str, *args: object) -> None:
        pass


def send(data: bytes, length: int | None = None) -> Answer:
    """Answer with ``data`` and a Content-Length, which is right unless another is given."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", str(len(data) if length is None else length))
        request.end_headers()
        request.wfile.write(data)

    return answer


def send_part_and_wait(server: Server, data: bytes, part: int) -> Answer:
    """Answer with the first bytes of ``data`` and then nothing until the gate opens."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        send(data[:part], len(data))(request)
        request.wfile.flush()
        server.gate.wait()

    return answer


def exchanges_end() -> bool:
    """Whether the threads of all exchanges end within a second."""
    threads = [thread for thread in threading.enumerate() if thread.name == exchange.THREAD_NAME]
    for thread in threads:
        thread.join(1)
    return not any(thread.is_alive() for thread in threads)


def drip(server: Server, first: bytes, then: bytes, seconds: float = 0.02) -> Answer:
    """Answer with the bytes of ``first``, and with those of ``then`` again and again until the gate opens.

    seconds: between them.
    """

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(first)
        while not server.gate.wait(seconds):
            request.wfile.write(then)

    return answer


def redirect_slowly(server: Server) -> Answer:
    """Redirect each request, after 0.2 seconds."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        server.gate.wait(0.2)
        request.send_response(302)
        request.send_header("Location", f"{request.path}+")
        request.end_headers()

    return answer


_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

DRIPS = {
    "silence": (b"", b""),
    "status line": (b"HTTP/1.1 200 ", b"x"),
    "header": (b"HTTP/1.1 200 OK\r\nX: ", b"x"),
    "100 Continue": (b"", _CONTINUE),
    "redirect": (b"HTTP/1.1 302 Found\r\nLocation: /else\r\nX: ", b"x"),
    "body": (b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b"x"),
    "body without a length": (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
    "chunk": (_CHUNKED + b"FFFF\r\n", b"x"),
    "chunk size": (_CHUNKED, b"0"),
    "trailer": (_CHUNKED + b"1\r\nx\r\n0\r\n", b"X: x\r\n"),
}
"""What a server sends at first and then again and again, by the part of the exchange that never ends."""

FLOODS = {
    "100 Continue": (b"", 1000 * _CONTINUE),
    "body": (b"HTTP/1.1 200 OK\r\n\r\n", 100_000 * b"x"),
    "chunk size": (_CHUNKED, 1000 * b"1;" + 10_000 * b"x" + b"\r\nx\r\n"),
    "trailer": (_CHUNKED + b"1\r\nx\r\n0\r\n", 1000 * b"X: x\r\n"),
}
"""The same for parts that never end because there are too many bytes."""
