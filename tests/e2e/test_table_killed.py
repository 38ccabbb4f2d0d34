"""The real program is killed while it fills a table, and goes on."""

import csv
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cnngui.commands.options import STOPPED
from cnngui.core.pictures.folders import FolderWalk

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no such signals on this system")

DEADLINE = 100.0  # seconds


@pytest.fixture(autouse=True)
def _heeds_signals() -> Iterator[None]:
    """A shell lets what runs in the background ignore SIGINT, and the programs that are started by it as well."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def rows(table: Path) -> list[dict[str, str]]:
    with table.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT] if sys.platform != "win32" else [])
def test_no_picture_is_lost_and_none_is_asked_twice(
    how: signal.Signals, model: Path, easy_folder: Path, tmp_path: Path
) -> None:
    """It waits for more of its list when it is killed. What has a row by then is gone when it goes on."""
    shutil.copytree(easy_folder, folder := tmp_path / "pictures")
    table, paths = tmp_path / "a.csv", list(FolderWalk(folder))
    command = [sys.executable, "-m", "cnngui", "predict", "--from", "-", "--model", str(model), "--csv", str(table)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write(b"".join(os.fsencode(path) + b"\n" for path in paths[:100]))
        process.stdin.flush()
        deadline = time.monotonic() + DEADLINE
        while not (table.exists() and rows(table)):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        process.send_signal(how)
        status = process.wait(DEADLINE)
    assert status == (STOPPED if how == signal.SIGINT else -how)
    answered = [Path(row["path"]) for row in rows(table) if row["model"]]
    assert set(answered) < set(paths)
    for path in answered:
        path.unlink()
    again = subprocess.run(command, input=b"".join(os.fsencode(path) + b"\n" for path in paths), timeout=DEADLINE)
    assert again.returncode == 0
    assert sorted(row["path"] for row in rows(table)) == sorted(map(str, paths))
    assert all(row["error"] == "" for row in rows(table))
    assert sorted(file.name for file in tmp_path.iterdir() if "lock" not in file.name) == ["a.csv", "pictures"]
