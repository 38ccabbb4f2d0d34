"""Write answers as CSV or JSON, one row or object for each picture."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cnngui.core.answers.classifier import Classification
from cnngui.core.files import replacing
from cnngui.core.tables import Cell, write_table


@dataclass(frozen=True)
class Row:
    """A picture's answer, or the reason why there is none.

    path: of its file, or its name. truth: its true label, if known.
    """

    path: str
    truth: str | None = None
    answer: Classification | None = None
    error: str | None = None

    @property
    def values(self) -> dict[str, Any]:
        """All columns except the probabilities, by name. The label is None if the picture is none of the classes."""
        answer = self.answer
        return {
            "path": self.path,
            "label": answer.label if answer and answer.known else None,
            "truth": self.truth,
            "known": answer.known if answer else None,
            "familiarity": answer.familiarity if answer else None,
            "error": self.error,
        }


def write_csv(rows: Sequence[Row], path: Path) -> None:
    """Write a CSV file with a column p(class) for each class of the first answer. Raises OSError."""
    classes = next((row.answer.classes for row in rows if row.answer), ())
    write_table([columns(classes), *(cells(row, classes) for row in rows)], path)


def columns(classes: Sequence[str]) -> list[str]:
    """The names of the columns of a table with a probability for each of these classes."""
    return [*Row("").values, *(f"p({name})" for name in classes)]


def cells(row: Row, classes: Sequence[str]) -> list[Cell]:
    """A row's cells, in the order of :func:`columns`."""
    return [*row.values.values(), *(row.answer.probabilities if row.answer else [None] * len(classes))]


@dataclass(frozen=True)
class Matrix:
    """A confusion matrix: counts[i][j] of the pictures labelled labels[i] are classified as answers[j]."""

    labels: tuple[str, ...]
    answers: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]

    def correct(self, row: int) -> float:
        """The accuracy of a label's pictures, 0–1, of which there is at least one."""
        right = zip(self.answers, self.counts[row], strict=True)
        return sum(count for answer, count in right if answer == self.labels[row]) / sum(self.counts[row])


def write_matrix_csv(matrix: Matrix, path: Path) -> None:
    """Write a confusion matrix as a CSV file with a row for each label and its accuracy at the end. Raises OSError."""
    rows: list[list[Cell]] = [["true class", *(f"answer {name}" for name in matrix.answers), "accuracy"]]
    for row, (label, counts) in enumerate(zip(matrix.labels, matrix.counts, strict=True)):
        rows.append([label, *counts, round(matrix.correct(row), 6)])
    write_table(rows, path)


def write_json(rows: Sequence[Row], path: Path) -> None:
    """Write a JSON list of objects that also hold the probabilities by class. Raises OSError."""
    objects = [{**row.values, "probabilities": _by_class(row.answer) if row.answer else None} for row in rows]
    with replacing(path) as new:
        new.write_text(json.dumps(objects, indent=1) + "\n", encoding="utf-8")


def _by_class(answer: Classification) -> dict[str, float]:
    return dict(zip(answer.classes, answer.probabilities, strict=True))
