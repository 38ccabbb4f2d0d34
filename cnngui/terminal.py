"""What the commands show in a terminal: a progress bar where one can be drawn, lines or JSON otherwise."""

import json
import shutil
import sys
from dataclasses import asdict
from typing import Any

from cnngui.core.progress import BatchProgress, EpochResult, Progress

BAR = 24  # characters


class Terminal:
    """Results go to standard output; the progress bar and notes to standard error, the bar only where it is a terminal.

    as_json: whether results are written as one JSON object a line.
    """

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._draws = sys.stderr.isatty() and not as_json

    def show(self, value: object) -> None:
        """Show a report of some long work: Progress, BatchProgress or EpochResult."""
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

    def write(self, text: str) -> None:
        """A line of the result."""
        self._clear()
        print(text, flush=True)

    def write_json(self, values: dict[str, Any]) -> None:
        """An object of the result."""
        self.write(json.dumps(values))

    def note(self, text: str) -> None:
        """A line beside the result."""
        self._clear()
        print(text, file=sys.stderr, flush=True)

    def _bar(self, text: str, done: int, total: int) -> None:
        if not self._draws:
            return
        filled = BAR * done // total if total else 0
        bar = f"[{'█' * filled}{' ' * (BAR - filled)}] " if total else ""
        width = shutil.get_terminal_size().columns - 1
        print(f"\r\x1b[K{(bar + text)[:width]}", end="", file=sys.stderr, flush=True)

    def _clear(self) -> None:
        if self._draws:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _batch_text(value: BatchProgress) -> str:
    minutes, seconds = divmod(round(value.seconds_left), 60)
    return (
        f"epoch {value.epoch}/{value.epochs}, loss {value.loss:.3f}, accuracy {value.accuracy:.1%}, "
        f"{value.images_per_second:,.0f} images/s, {minutes}:{seconds:02} left"
    )
