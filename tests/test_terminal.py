import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cnngui.core.progress import BatchProgress, EpochResult, Progress
from cnngui.terminal import Terminal

BATCH = BatchProgress(
    epoch=2,
    epochs=4,
    batch=5,
    batches=10,
    loss=1.23456,
    accuracy=0.5,
    images_per_second=1234.6,
    seconds=9.0,
    seconds_left=125.4,
)
EPOCH = EpochResult(epoch=3, loss=1.0, accuracy=0.625, val_loss=0.5, val_accuracy=0.75, seconds=61.2)
CLEAR = "\r\x1b[K"


class Screen:
    """A terminal of 100 columns that a program writes to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        pty = pytest.importorskip("pty", reason="Windows has no pseudo terminals")
        self._monkeypatch = monkeypatch
        self._ours, theirs = pty.openpty()
        self._stream = os.fdopen(theirs, "w", encoding="utf-8")
        monkeypatch.setenv("COLUMNS", "100")

    def terminal(self, *, as_json: bool) -> Terminal:
        """What writes to it; made inside a test, since pytest has a standard error of its own before."""
        self._monkeypatch.setattr(sys, "stderr", self._stream)
        return Terminal(as_json=as_json)

    def shown(self) -> str:
        """What was written since the last time."""
        print(end="\0", file=self._stream, flush=True)  # the system passes on what is written when it likes
        text = b""
        while not text.endswith(b"\0"):
            text += os.read(self._ours, 4096)
        return text[:-1].decode("utf-8")

    def close(self) -> None:
        self._stream.close()
        os.close(self._ours)


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Iterator[Screen]:
    screen = Screen(monkeypatch)
    yield screen
    screen.close()


def test_a_bar_on_a_terminal(screen: Screen) -> None:
    terminal = screen.terminal(as_json=False)
    terminal.show(Progress("Unpacking", 1, 2))
    assert screen.shown() == f"{CLEAR}[{'█' * 12}{' ' * 12}] Unpacking"
    terminal.show(Progress("Preparing"))
    assert screen.shown() == f"{CLEAR}Preparing"


def test_a_bar_of_the_whole_training(screen: Screen) -> None:
    screen.terminal(as_json=False).show(BATCH)
    text = "epoch 2/4, loss 1.235, accuracy 50.0%, 1,235 images/s, 2:05 left"
    assert screen.shown() == f"{CLEAR}[{'█' * 9}{' ' * 15}] {text}"


def test_a_bar_fits_into_its_line(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    screen.terminal(as_json=False).show(BATCH)
    assert screen.shown() == f"{CLEAR}[{'█' * 9}{' ' * 9}"  # 19 characters


def test_a_result_takes_the_bars_place(screen: Screen, capsys: pytest.CaptureFixture[str]) -> None:
    terminal = screen.terminal(as_json=False)
    terminal.show(Progress("Preparing"))
    terminal.show(EPOCH)
    assert screen.shown() == f"{CLEAR}Preparing{CLEAR}"
    assert capsys.readouterr().out == (
        "Epoch 3: loss 1.000, accuracy 62.5%, validation loss 0.500, accuracy 75.0%, 61 s\n"
    )


def test_no_bar_beside_json(screen: Screen, capsys: pytest.CaptureFixture[str]) -> None:
    terminal = screen.terminal(as_json=True)
    terminal.show(BATCH)
    terminal.show(Progress("Preparing", 1, 2))
    terminal.note("A note")
    assert screen.shown().splitlines() == ["A note"]
    assert capsys.readouterr().out == ""


def test_no_bar_in_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal(as_json=False)
    terminal.show(BATCH)
    terminal.show(Progress("Preparing", 1, 2))
    terminal.note("A note")
    terminal.write("A result")
    written = capsys.readouterr()
    assert (written.out, written.err) == ("A result\n", "A note\n")


def test_json_lines(capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal(as_json=True)
    terminal.show(EPOCH)
    terminal.write_json({"model": str(Path("ü.keras")), "test_accuracy": None})
    lines = capsys.readouterr().out.splitlines()
    assert [list(json.loads(line).items()) for line in lines] == [
        [
            ("epoch", 3),
            ("loss", 1.0),
            ("accuracy", 0.625),
            ("val_loss", 0.5),
            ("val_accuracy", 0.75),
            ("seconds", 61.2),
        ],
        [("model", "ü.keras"), ("test_accuracy", None)],
    ]
