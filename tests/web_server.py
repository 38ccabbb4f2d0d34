"""A web server on this machine, for what fetches something."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

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
