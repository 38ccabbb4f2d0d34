"""The real program ends at once while a server drips or the look-up of its name hangs."""

import os
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from cnngui.commands.options import STOPPED
from cnngui.core.data import cifar10
from cnngui.gui.common.worker import READER_SECONDS
from tests.web_server import DRIPS, Server, drip

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no such signals on this system")

WINDOW = """
import pathlib, sys
from PySide6.QtWidgets import QApplication
from cnngui.gui.app import run_window
from cnngui.gui.window.main_window import MainWindow
run = QApplication.exec

def look_at_the_address(*_):
    (window,) = (each for each in QApplication.topLevelWidgets() if isinstance(each, MainWindow))
    # Not before: TensorFlow's import, too, is waited for when the window closes.
    window.opener.ended.connect(lambda: window.predict_state.look_at([sys.argv[1]]))
    return run()

QApplication.exec = look_at_the_address
sys.exit(run_window([], model=pathlib.Path("none"), data_dir=None))
"""

TRAINING = """
import functools, sys
from cnngui import cli
from cnngui.core.data import cifar10_download
cifar10_download.download = functools.partial(cifar10_download.download, url=sys.argv[1])
sys.exit(cli.main(["train", "--data", "cifar10", "--out", sys.argv[2]]))
"""


SLOW_NAMES = """
import socket, sys, time

def look_up(*_args, **_options):
    print("asked", flush=True)
    time.sleep(60)

socket.getaddrinfo = look_up
"""


def started(code: str, home: Path, address: str) -> "subprocess.Popen[bytes]":
    """Python with this code, a home of its own and no screen."""
    homes = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "DATA", "CACHE", "STATE")}
    environment = {**os.environ, **homes, "HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
    environment.pop(cifar10.ENVIRONMENT, None)
    return subprocess.Popen(
        [sys.executable, "-c", code, address, home / "run"], env=environment, stdout=subprocess.PIPE
    )


def ends(process: "subprocess.Popen[bytes]") -> int:
    """Press Ctrl-C; the exit status of the process, which ends before a window would leave behind what hangs."""
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert time.monotonic() < began + READER_SECONDS - 1
    return process.returncode


@pytest.mark.parametrize(("code", "status"), [(WINDOW, 0), (TRAINING, STOPPED)], ids=["window", "training"])
def test_ctrl_c_while_a_server_drips(server: Server, tmp_path: Path, code: str, status: int) -> None:
    asked, answer = threading.Event(), drip(server, *DRIPS["header"])

    def note_and_drip(request: BaseHTTPRequestHandler) -> None:
        asked.set()
        answer(request)

    server.answer = note_and_drip
    with started(code, tmp_path, server.url) as process:
        try:
            assert asked.wait(60)
            assert ends(process) == status
        finally:
            process.kill()


def test_ctrl_c_while_a_name_is_looked_up(tmp_path: Path) -> None:
    """Nothing can interrupt that, so the process ends without its end."""
    with started(SLOW_NAMES + TRAINING, tmp_path, "http://pictures.invalid/") as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == b"asked\n"
            assert ends(process) == STOPPED
        finally:
            process.kill()
