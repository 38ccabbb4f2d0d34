"""What a person has looked at in a collection and leaves as it is: a file with a key in each line.

A key stands for a finding of the checks, made from what the pictures hold, so that it outlives other names and places.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from cnngui.core.data.collections.shelves import HIDDEN
from cnngui.core.files import replacing
from cnngui.core.reading import read_bytes, unreadable

FILE = "settled.txt"  # in HIDDEN
MOST_BYTES = 10_000_000  # of the file: 300,000 keys
_KEY = re.compile(r"[0-9a-f]{32}")


def read_settled(collection: Path) -> frozenset[str]:
    """The keys of what is settled; lines that are none are passed over.

    Raises UserError if the file cannot be read.
    """
    path = collection / HIDDEN / FILE
    try:
        lines = read_bytes(path, MOST_BYTES).decode("ascii", "replace").splitlines()
    except FileNotFoundError:
        return frozenset()
    except OSError as error:
        raise unreadable(path, error) from error
    return frozenset(line for line in lines if _KEY.fullmatch(line))


def write_settled(collection: Path, keys: Iterable[str]) -> None:
    """Write the keys. Raises OSError."""
    with replacing(collection / HIDDEN / FILE) as new:
        new.write_text("".join(f"{key}\n" for key in sorted(keys)), encoding="ascii", newline="\n")
