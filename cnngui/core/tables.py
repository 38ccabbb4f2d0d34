"""Tables for spreadsheets, in which no text that comes from outside is run as a formula."""

import csv
import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO

from cnngui.core.files import replacing

Cell = str | int | float | None

_FORMULA = frozenset("=+-@\N{MINUS SIGN}")  # with which spreadsheets let a formula begin (OWASP, “CSV Injection”)
_UNSEEN = frozenset('"\u115f\u1160\u2800')  # quotes, which are passed over, and letters that are blank
_ENDS = re.compile(r"([;\t\r\n\v\f\x1c-\x1e\x85\u2028\u2029])")
"""What ends a cell where the comma does not: in Europe, many a spreadsheet splits at semicolons instead."""


def write_table(rows: Iterable[Sequence[Cell]], path: Path, *, marked: bool = True) -> None:
    """Write a CSV file whose cells are all quoted. Raises OSError.

    Texts are written as :func:`harmless` has them, and those that are no Unicode with backslashes.
    marked: begin with a byte order mark, by which spreadsheets recognise UTF-8.
    """
    encoding = "utf-8-sig" if marked else "utf-8"
    with (
        replacing(path) as new,
        new.open("w", newline="", encoding=encoding, errors="backslashreplace") as file,
    ):
        write_rows(rows, file)


def write_rows(rows: Iterable[Sequence[Cell]], file: TextIO) -> None:
    """Write the rows as in :func:`write_table`, which says how the file is to be opened. Raises OSError."""
    table = csv.writer(file, quoting=csv.QUOTE_ALL)
    table.writerows([harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)


def harmless(text: str) -> str:
    """The text with an apostrophe wherever a spreadsheet might let a formula begin: in front, or in a cell of its own.

    That is also behind blanks, quotes and what nobody sees, and with wide letters, all of which some of them pass over.
    Apostrophes that are there already get one more, so that two texts never become the same.
    """
    cells = "".join(f"'{part}" if _begins(part.lstrip("'")) else part for part in _ENDS.split(text))
    return f"'{cells}" if text.lstrip("'").startswith(("\t", "\r", "\n")) else cells


def _begins(text: str) -> bool:
    # Decomposed: NFKC would make one letter, ≠, of an equals sign and the stroke behind it.
    for letter in unicodedata.normalize("NFKD", text):
        if unicodedata.category(letter)[0] not in "ZCM" and letter not in _UNSEEN:
            return letter in _FORMULA
    return False
