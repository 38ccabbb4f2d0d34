"""A table of answers as a Parquet file. Nothing can be appended to one, so a CSV file grows beside it.

While that file is there, it alone counts. At the end the Parquet file is made of it; to go on, it is made of that.
"""

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cnngui.core.answers.answer_table import (
    AnswerTable,
    another_model,
    locked,
    not_writable,
    opened_table,
    written_columns,
)
from cnngui.core.errors import UserError
from cnngui.core.files import replacing

_BLOCK = 32_000_000  # bytes of CSV in each row group: some hundred thousand rows of ten classes
_TEXTS = ("path", "label", "truth", "error", "model")


@contextmanager
def growing_parquet(
    path: Path, classes: Sequence[str], model: str, *, overwrite: bool = False
) -> Iterator[AnswerTable]:
    """As :func:`cnngui.core.answers.answer_table.growing`. The file is there once the block has ended without an error.

    Raises UserError as that does, and if pyarrow is not installed.
    """
    _check_installed()
    growing_file = path.with_name(f"{path.name}.part")
    with locked(path):
        try:
            if path.exists() and not growing_file.exists() and not overwrite:
                _unfold(path, growing_file, written_columns(classes), model)
        except OSError as error:
            raise not_writable(path, error) from error
        with opened_table(growing_file, classes, model, overwrite=overwrite) as table:
            yield table
        try:
            _fold(growing_file, path, written_columns(classes))
            growing_file.unlink()
        except OSError as error:
            raise UserError(
                f"{path} could not be written ({error.strerror or error}). All its rows are in {growing_file.name}. "
                "Free some space, then give the same command again."
            ) from error


def _check_installed() -> None:
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        raise UserError('Parquet needs pyarrow. Install it with: pip install "cnngui[parquet]"') from None


def _fold(source: Path, path: Path, columns: Sequence[str]) -> None:
    """Make the Parquet file of the CSV file, a row group at a time. Raises OSError, and UserError if it is damaged."""
    import pyarrow
    from pyarrow import csv as arrow
    from pyarrow import parquet

    options = (
        arrow.ReadOptions(block_size=_BLOCK),
        arrow.ParseOptions(newlines_in_values=True),
        arrow.ConvertOptions(column_types=_types(columns), null_values=[""], strings_can_be_null=True),
    )
    try:
        with (
            arrow.open_csv(source, *options) as rows,
            replacing(path) as new,
            parquet.ParquetWriter(new, rows.schema) as file,
        ):
            for batch in rows:
                file.write_batch(batch)
    except pyarrow.ArrowInvalid as error:  # a number that somebody has made a text, for instance
        raise UserError(f"{source} has been changed. Name another file, or add --overwrite to replace it.") from error


def _unfold(path: Path, target: Path, columns: Sequence[str], model: str) -> None:
    """Make the CSV file of the Parquet file. Raises UserError if that is not this model's table, and OSError."""
    import pyarrow
    from pyarrow import parquet

    other = UserError(
        f"{path} has other columns than this model's answers. Name another file, or add --overwrite to replace it."
    )
    try:
        with parquet.ParquetFile(path) as file, replacing(target) as new:
            if file.schema_arrow.names != list(columns):
                raise other
            with new.open("w", newline="", encoding="utf-8-sig") as written:
                rows = csv.writer(written, quoting=csv.QUOTE_ALL)
                rows.writerow(columns)
                for batch in file.iter_batches():
                    if set(batch.column("model").to_pylist()) != {model}:
                        raise another_model(path)
                    rows.writerows(zip(*(column.to_pylist() for column in batch.columns), strict=True))
    except pyarrow.ArrowException as error:
        raise other from error


def _types(columns: Sequence[str]) -> dict[str, Any]:
    import pyarrow

    texts = dict.fromkeys(_TEXTS, pyarrow.string())
    return {**dict.fromkeys(columns, pyarrow.float64()), **texts, "known": pyarrow.bool_()}
