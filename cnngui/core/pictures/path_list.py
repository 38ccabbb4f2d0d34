"""Reads lists of paths, of any length: one a line, or with a null character behind each, as from ``find -print0``."""

import codecs
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from cnngui.core.errors import UserError

MOST_BYTES = 16_384  # of a path; Linux takes 4,096
_CHUNK = 65_536
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_paths(file: BinaryIO) -> Iterator[list[Path]]:
    """The paths in the list, those together that can be read without waiting for more. Blank lines are skipped.

    file: open for reading, and read to its end. Names that are no text are kept as the system has them.
    With null characters, a name may hold any other character, also the ends of lines.
    Raises UserError if it is something else than a list of paths.
    """
    for entries in _entries(file):
        yield [Path(os.fsdecode(entry)) for entry in entries if entry.strip()]


def _entries(file: BinaryIO) -> Iterator[list[bytes]]:
    rest, end, is_start = b"", b"", True
    while chunk := _read(file):
        rest += chunk
        if is_start:
            if rest.startswith(_UTF_16):
                raise UserError("The list of pictures is UTF-16 text. Save it as UTF-8.")
            rest, is_start = rest.removeprefix(codecs.BOM_UTF8), False
        end = end or next((each for each in (b"\0", b"\n") if each in rest), b"")
        *whole, rest = rest.split(end) if end else [rest]
        if any(len(entry) > MOST_BYTES for entry in (*whole, rest)):
            raise UserError(
                "This is no list of pictures: a line is too long. Give a text file with a path on each line."
            )
        yield [_without_return(entry) for entry in whole] if end == b"\n" else whole
    yield [rest if end == b"\0" else _without_return(rest)]


def _read(file: BinaryIO) -> bytes:
    """What is there already, so that a list can be worked through while it is made."""
    read1 = getattr(file, "read1", file.read)
    chunk: bytes = read1(_CHUNK)
    return chunk


def _without_return(line: bytes) -> bytes:
    return line.removesuffix(b"\r")
