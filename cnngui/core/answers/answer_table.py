"""A table of answers that grows while pictures are classified, and goes on where it was interrupted.

Each row is written at once, so that a program that is killed loses no answer. Continuing needs nothing but the table:
the pictures that have a row are not asked again, and the last column says which model has answered.
"""

import hashlib
import io
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from cnngui.core.answers.answer_files import Row, cells, columns
from cnngui.core.answers.prediction import Prediction
from cnngui.core.answers.table_rows import whole_rows
from cnngui.core.errors import UserError
from cnngui.core.pictures.gathering import Gathered
from cnngui.core.reading import opened
from cnngui.core.tables import Cell, harmless, write_rows, write_table

MODEL = "model"  # the last column
_DIGEST_BYTES = 16  # of a path: no two of any number of pictures share one

# How a byte that is no text is written, and what looks like it in a name.
_ESCAPED = re.compile(r"[\ud800-\udfff]|\\ud[89a-f][0-9a-f]{2}")


class AnswerTable:
    """A CSV file with a row for each picture; make it with :func:`growing`.

    rows, errors: how many rows it has, and how many of them say why there is no answer. added: rows of this time.
    """

    def __init__(self, path: Path, classes: Sequence[str], model: str, *, overwrite: bool) -> None:
        """Begin the table, or go on with the one that is there.

        model: tells the model that answers from others.
        overwrite: replace what is there.
        Raises UserError if that is another model's table, or something else, and OSError.
        """
        self.rows = self.errors = self.added = 0
        self.path = path
        self._classes, self._model = classes, model
        self._seen: set[bytes] = set()
        if path.exists():
            opened(path).close()  # nothing but a regular file is ever replaced
        if overwrite or not path.exists() or not path.stat().st_size:
            write_table([[*columns(classes), MODEL]], path)
        self._end = self._go_on()
        self._file = path.open("rb+", buffering=0)
        self._file.truncate(self._end)
        self._file.seek(self._end)

    def new(self, groups: Iterable[Sequence[Gathered]]) -> Iterator[list[Gathered]]:
        """The pictures that have no row and were not given before, in the same groups."""
        for group in groups:
            if fresh := [each for each in group if self._is_new(harmless(path_text(each.source)))]:
                yield fresh

    def add(self, prediction: Prediction) -> None:
        """Write a picture's row. Raises UserError if it cannot be written; the rows before it stay whole."""
        row = Row(path_text(prediction.source), None, prediction.classification, prediction.error)
        content = _encoded([*cells(row, self._classes), self._model])
        try:
            rest = memoryview(content)
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            with suppress(OSError):
                self._file.truncate(self._end)
            raise self._lost(error) from error
        self._end += len(content)
        self.rows, self.added = self.rows + 1, self.added + 1
        self.errors += prediction.error is not None

    def close(self) -> None:
        """Close the file, once all of it is on the disk. Raises UserError if the disk fails."""
        try:
            with self._file:
                os.fsync(self._file.fileno())
        except OSError as error:
            raise self._lost(error) from error

    def _go_on(self) -> int:
        """Read the table that is there. Returns where its last whole row ends."""
        rows = whole_rows(self.path, written_columns(self._classes))
        names, end = next(rows)
        error = names.index("error")
        for row, end in rows:  # noqa: B007
            if row[-1] != self._model:
                raise another_model(self.path)
            self.rows += 1
            self.errors += row[error] != ""
            self._is_new(row[0])
        return end

    def _lost(self, error: OSError) -> UserError:
        return UserError(
            f"{self.path} could not be written ({error.strerror or error}). Its {self.rows:,} rows are whole. "
            "Free some space, then give the same command again to go on."
        )

    def _is_new(self, path: str) -> bool:
        """Whether the path, as it is in the table, is seen for the first time."""
        digest = hashlib.blake2b(path.encode(), digest_size=_DIGEST_BYTES).digest()
        count = len(self._seen)
        self._seen.add(digest)
        return len(self._seen) > count


@contextmanager
def growing(path: Path, classes: Sequence[str], model: str, *, overwrite: bool = False) -> Iterator[AnswerTable]:
    """The table at this path, as :class:`AnswerTable` has it; nobody else writes it during the block.

    Raises UserError if somebody does, if it cannot be written, or if it is not this model's.
    """
    with locked(path), opened_table(path, classes, model, overwrite=overwrite) as table:
        yield table


@contextmanager
def opened_table(path: Path, classes: Sequence[str], model: str, *, overwrite: bool) -> Iterator[AnswerTable]:
    """The same for a table whose lock is held."""
    try:
        table = AnswerTable(path, classes, model, overwrite=overwrite)
    except OSError as error:
        raise not_writable(path, error) from error
    try:
        yield table
    finally:
        table.close()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of the table at this path. Raises UserError if another program does, or nothing can be written."""
    file = path.with_name(f".{path.name}.lock")
    lock = FileLock(file)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        raise UserError(f"{path} is being written by another command. Wait until it ends, or stop it.") from None
    except OSError as error:
        raise not_writable(path, error) from error
    try:
        yield
    finally:
        with suppress(OSError):  # before the release: afterwards, it may be another's
            file.unlink()
        lock.release()


def another_model(path: Path) -> UserError:
    """The error that says that the table at this path is another model's."""
    return UserError(f"The answers in {path} are another model's. Name another file, or add --overwrite to replace it.")


def not_writable(path: Path, error: OSError) -> UserError:
    """The error that says why there can be no table at this path."""
    return UserError(f"{path} cannot be written ({error.strerror or error}). Name another file.")


def written_columns(classes: Sequence[str]) -> list[str]:
    """The names of the columns of a table that grows, as they are in it."""
    return [harmless(name).encode(errors="backslashreplace").decode() for name in (*columns(classes), MODEL)]


def path_text(source: Path | bytes) -> str:
    """A path as the table has it: absolute, so that it can be continued from any folder, and Unicode.

    Bytes that are no text are written as in Python, "\\\\udcff"; so that no other name looks the same, one that has
    such letters in it gets its backslashes doubled.
    """
    assert isinstance(source, Path)
    text = str(source.absolute())
    if not _ESCAPED.search(text):
        return text
    return text.replace("\\", "\\\\").encode(errors="backslashreplace").decode()


def _encoded(row: Sequence[Cell]) -> bytes:
    text = io.StringIO(newline="")
    write_rows([row], text)
    return text.getvalue().encode(errors="backslashreplace")
