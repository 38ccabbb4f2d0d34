"""The curves of a run on disk: a line of JSON for each epoch, and a row of numbers for each reported batch.

Both only grow while a run is trained, so that they can be read at any time, by another program too.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnngui.core.errors import UserError
from cnngui.core.files import replacing
from cnngui.core.json_values import DAMAGE, parsed, whole
from cnngui.core.progress import BatchProgress, EpochResult
from cnngui.core.reading import MOST_BYTES, read_bytes, unreadable
from cnngui.core.runs.folder import BATCHES, HISTORY

FORMAT = 1
HEAD = json.dumps({"format": FORMAT}) + "\n"  # before the epochs
MOST_BATCHES = 1_000_000_000  # bytes of their file: a row has 20
MAGIC = b"cnngui batches 1"  # 16 bytes, before the rows
ROW = np.dtype([(name, "<f4") for name in ("epoch", "loss", "accuracy", "learning_rate", "seconds")])
"""A row: epochs so far, with a fraction, then the fields of a :class:`BatchProgress`."""


@dataclass(frozen=True, eq=False)
class History:
    """A run's curves. epochs: its complete ones. batches: ROW (n,); empty if they are not known."""

    epochs: tuple[EpochResult, ...]
    batches: NDArray[np.void]


def no_batches() -> NDArray[np.void]:
    """No rows."""
    return np.empty(0, ROW)


def row(value: BatchProgress) -> NDArray[np.void]:
    """The row of a report, ROW (1,)."""
    numbers = (value.epochs_done, value.loss, value.accuracy, value.learning_rate, value.seconds)
    return np.array([numbers], ROW)


def write_history(folder: Path, epochs: Sequence[EpochResult], batches: NDArray[np.void]) -> None:
    """Replace both files. Raises OSError."""
    with replacing(folder / HISTORY) as new:
        new.write_text("".join([HEAD, *map(_line, epochs)]), encoding="utf-8")
    with replacing(folder / BATCHES) as new:
        new.write_bytes(MAGIC + batches.tobytes())


def append_epoch(folder: Path, result: EpochResult) -> None:
    """Add an epoch. Raises OSError, also if the file is gone."""
    with (folder / HISTORY).open("r+", encoding="utf-8") as file:
        file.seek(0, 2)
        file.write(_line(result))


def append_batches(folder: Path, rows: Iterable[NDArray[np.void]]) -> None:
    """Add rows. Raises OSError, also if the file is gone."""
    with (folder / BATCHES).open("r+b") as file:
        file.seek(0, 2)
        file.write(b"".join(each.tobytes() for each in rows))


def read_history(folder: Path) -> History:
    """What the files hold; what is not there is empty. A last line or row that is being written is left out.

    Raises UserError if a file cannot be read.
    """
    return History(read_epochs(folder), read_batches(folder))


def read_epochs(folder: Path) -> tuple[EpochResult, ...]:
    """The epochs, as :func:`read_history` reads them."""
    path = folder / HISTORY
    content = _content(path)
    if HEAD.encode().startswith(content):  # empty, or its copy has just begun
        return ()
    try:
        first, *lines = content.decode("utf-8").split("\n")[:-1]  # the last is empty or cut short
        if whole(parsed(first)["format"], 1) > FORMAT:
            raise _newer(path)
        return tuple(EpochResult.from_dict(parsed(line)) for line in lines)
    except DAMAGE as error:
        raise _damaged(path) from error


def read_batches(folder: Path) -> NDArray[np.void]:
    """The rows, as :func:`read_history` reads them."""
    path = folder / BATCHES
    content = _content(path, MOST_BATCHES)
    if MAGIC.startswith(content):
        return no_batches()
    if not content.startswith(MAGIC):
        raise _newer(path) if content.startswith(MAGIC[:-1]) else _damaged(path)
    whole = (len(content) - len(MAGIC)) // ROW.itemsize
    return np.frombuffer(content, ROW, count=whole, offset=len(MAGIC))


def _content(path: Path, most: int = MOST_BYTES) -> bytes:
    try:
        return read_bytes(path, most)
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise unreadable(path, error) from error


def _line(result: EpochResult) -> str:
    return json.dumps(asdict(result)) + "\n"


def _newer(path: Path) -> UserError:
    return UserError(f"{path.name} is from a newer version of cnngui. Update cnngui to read it.")


def _damaged(path: Path) -> UserError:
    return UserError(f"{path} is damaged or from another program. Copy the run’s folder again.")
