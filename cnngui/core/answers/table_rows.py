"""Reads a table of answers that a program may have left in the midst of a row."""

import codecs
import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from cnngui.core.errors import UserError
from cnngui.core.reading import opened


def whole_rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[list[str], int]]:
    """Each row, that with the names of the columns first, with the byte behind it. Leaves out a torn row at the end.

    Raises UserError if the file is something else than a table with these columns, and OSError.
    """
    number = 0
    with opened(path) as file:
        for row, end in _rows(file):
            if len(row) != len(columns) or (number == 0 and row != list(columns)):
                break
            yield row, end
            number += 1
        else:
            if number:
                return
    what = f"has been changed in row {number + 1:,}" if number else "has other columns than this model's answers"
    raise UserError(f"{path} {what}. Name another file, or add --overwrite to replace it.")


def _rows(file: BinaryIO) -> Iterator[tuple[list[str], int]]:
    """Each row and the byte behind it; an empty one where the file is no CSV."""
    end, is_whole = 0, True

    def lines() -> Iterator[str]:
        nonlocal end, is_whole
        for line in file:
            text = line if end else line.removeprefix(codecs.BOM_UTF8)
            end, is_whole = end + len(line), line.endswith(b"\n")
            yield text.decode(errors="replace")

    try:
        for row in csv.reader(lines(), strict=True):
            if is_whole:  # the last one may end without its line
                yield row, end
    except csv.Error:
        if file.read(1):  # otherwise the last row ends within a cell
            yield [], end
