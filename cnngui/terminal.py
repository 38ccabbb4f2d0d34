"""What the commands show in a terminal: results, notes and a progress bar."""

import json
import os
import shutil
import sys
from dataclasses import asdict
from typing import Any, TextIO

from cnngui.core.progress import BatchProgress, DataNotes, EpochResult, LeftOut, Progress, Reported, Trouble

BAR = 24  # characters


class Terminal:
    """Writes results to standard output, and notes and the progress bar to standard error.

    There is a bar only if standard error is a terminal.
    as_json: whether to write results as one JSON object per line; there is no bar then.
    lost: why results could not be written, or None. prefix: what the bar's text begins with.
    """

    def __init__(self, *, as_json: bool) -> None:
        self.lost: OSError | None = None
        self.prefix = ""
        self._as_json = as_json
        self._draws = sys.stderr.isatty() and not as_json

    def show(self, value: Reported) -> None:
        """Show a progress report."""
        match value:
            case Progress():
                self._bar(value.text, value.done, value.total)
            case BatchProgress():
                self._bar(_batch_text(value), value.done, value.total)
            case EpochResult() if self._as_json:
                self.write_json(asdict(value))
            case EpochResult():
                self.write(
                    f"Epoch {value.epoch}: loss {value.loss:.3f}, accuracy {value.accuracy:.1%}, "
                    f"validation loss {value.val_loss:.3f}, accuracy {value.val_accuracy:.1%}, {value.seconds:.0f} s"
                )
            case DataNotes():
                for sentence in value.sentences:
                    self.note(sentence)
            case LeftOut():
                for sentence in value.sentences:
                    self.note(f"Left out: {sentence}")
            case Trouble():
                self.note(value.sentence)

    def write(self, text: str) -> None:
        """Write a line of the result. What cannot be written is lost, as ``lost`` says; the work goes on."""
        self._clear()
        self.lost = self._print(text, sys.stdout) or self.lost

    def write_json(self, values: dict[str, Any]) -> None:
        """Write an object of the result."""
        self.write(json.dumps(values))

    def note(self, text: str) -> None:
        """Write a line that is not part of the result."""
        self._clear()
        self._print(text, sys.stderr)

    def _bar(self, text: str, done: int, total: int) -> None:
        if not self._draws:
            return
        filled = BAR * done // total if total else 0
        bar = f"[{'█' * filled}{' ' * (BAR - filled)}] " if total else ""
        width = shutil.get_terminal_size().columns - 1
        self._print(f"\r\x1b[K{(bar + self.prefix + text)[:width]}", sys.stderr, end="")

    def _clear(self) -> None:
        if self._draws:
            self._print("\r\x1b[K", sys.stderr, end="")

    def _print(self, text: str, stream: TextIO, end: str = "\n") -> OSError | None:
        """Print at once. If the reader is gone or the disk is full, discards what else goes there, and says why."""
        try:
            print(text, file=stream, end=end, flush=True)
        except OSError as error:
            discard(stream)
            return error
        return None


def discard(stream: TextIO) -> None:
    """Send what else is written to the stream, and what it still holds, to nowhere: closing it would raise again."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _batch_text(value: BatchProgress) -> str:
    minutes, seconds = divmod(round(value.seconds_left), 60)
    return (
        f"epoch {value.epoch}/{value.epochs}, loss {value.loss:.3f}, accuracy {value.accuracy:.1%}, "
        f"{value.images_per_second:,.0f} images/s, {minutes}:{seconds:02} left"
    )
