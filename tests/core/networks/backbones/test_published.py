import errno
import hashlib
import os
import socket
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import keras
import pytest

from cnngui import paths
from cnngui.core.errors import Stopped, UserError
from cnngui.core.networks.backbones import published
from cnngui.core.networks.backbones.published import PUBLISHED, Published, fetch, fetched
from tests.web_server import DRIPS, Server, drip, send, send_part_and_wait

NAME = "mobilenet_v3_large"
DATA = os.urandom(300_000)  # longer than a single chunk


@pytest.fixture(autouse=True)
def cache(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache; the server has the weights."""
    monkeypatch.setattr(paths, "cache_dir", lambda: tmp_path / "cache")
    put(monkeypatch, server.url)
    server.answer = send(DATA)
    return tmp_path / "cache" / "weights"


def put(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setattr(published, "PUBLISHED", {NAME: Published(url, hashlib.md5(DATA).hexdigest())})


def fails(cache: Path, timeout: float = 5.0) -> str:
    """With a sentence that says where to get the file, and what to do with it; and leaves nothing behind."""
    with pytest.raises(UserError) as caught:
        fetch(NAME, timeout=timeout)
    assert not cache.exists() or not any(cache.iterdir())
    message = str(caught.value)
    assert f"get {published.PUBLISHED[NAME].url} elsewhere and choose that file as the “Model file”" in message
    return message


def test_the_weights_come_once(cache: Path, server: Server) -> None:
    reports: list[Any] = []
    with pytest.raises(UserError, match="are not here yet"):
        fetched(NAME)
    path = fetch(NAME, reports.append)
    assert path.read_bytes() == DATA
    assert list(cache.iterdir()) == [path]
    assert any(report.text.startswith("Downloading MobileNetV3Large") for report in reports)
    server.answer = lambda request: request.send_error(404)
    assert fetch(NAME) == fetched(NAME) == path


@pytest.mark.parametrize("content", [b"", DATA[:-1], DATA + b"x"])
def test_damaged_weights_come_again(cache: Path, content: bytes) -> None:
    cache.mkdir(parents=True)
    fetch(NAME).write_bytes(content)
    assert fetch(NAME).read_bytes() == DATA


def test_weights_that_cannot_be_had_again_stay(cache: Path, server: Server) -> None:
    fetch(NAME).write_bytes(b"damaged")
    server.answer = lambda request: request.send_error(404)
    with pytest.raises(UserError, match="404"):
        fetch(NAME)
    assert [path.read_bytes() for path in cache.iterdir()] == [b"damaged"]


def test_a_wrong_checksum(cache: Path, server: Server) -> None:
    server.answer = send(DATA[::-1])
    assert "its checksum is wrong" in fails(cache)


def test_a_connection_that_is_cut(cache: Path, server: Server) -> None:
    server.answer = send(DATA[:1000], len(DATA))
    assert "lost" in fails(cache)


def test_a_server_that_refuses(cache: Path, server: Server) -> None:
    server.answer = lambda request: request.send_error(404)
    assert "refused the download: 404" in fails(cache)


def test_without_a_network(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    put(monkeypatch, f"http://127.0.0.1:{port}/weights.h5")
    assert "could not be reached" in fails(cache)


def test_a_server_that_drips(cache: Path, server: Server) -> None:
    server.answer = drip(server, *DRIPS["body"])
    assert "too slow" in fails(cache, timeout=0.3)


def test_far_too_much(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published, "MAX_BYTES", 100_000)
    assert "too large" in fails(cache)


@pytest.mark.parametrize("part", [0, 1000, len(DATA) - 1])
def test_a_stop(cache: Path, server: Server, part: int) -> None:
    """The server waits for the gate, which opens at the end of the test only: the stop cannot have waited for it."""
    server.answer = send_part_and_wait(server, DATA, part)
    began = time.monotonic()
    with pytest.raises(Stopped):
        fetch(NAME, should_stop=lambda: time.monotonic() > began + 0.1)
    assert not any(cache.iterdir())


def test_a_full_disk(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fsync(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fsync)
    assert "could not be saved" in fails(cache)


def test_a_cache_that_cannot_be_made(cache: Path) -> None:
    cache.parent.write_text("")
    with pytest.raises(UserError, match="could not be saved"):
        fetch(NAME)


def test_they_are_where_keras_has_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """And have the checksums that it knows."""
    asked: list[Published] = []

    def get_file(_name: str, origin: str, *, file_hash: str, **_options: Any) -> str:
        asked.append(Published(origin, file_hash))
        raise FileNotFoundError

    monkeypatch.setattr("keras.src.utils.file_utils.get_file", get_file)
    for build in (keras.applications.MobileNetV3Large, keras.applications.EfficientNetV2B0):
        with pytest.raises(FileNotFoundError):
            build(include_top=False, input_shape=(224, 224, 3))
    assert asked == list(PUBLISHED.values())


def test_an_answer_without_a_length(server: Server) -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        request.wfile.write(DATA)

    server.answer = answer
    assert fetch(NAME).read_bytes() == DATA
