"""What cnngui predict writes: a line for each picture, or the progress of a table."""

import json
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from cnngui.core.answers.prediction import Prediction
from cnngui.core.progress import Progress
from cnngui.core.sentences import counted
from cnngui.terminal import Terminal

if TYPE_CHECKING:
    from cnngui.core.answers.answer_table import AnswerTable

SHOW_SECONDS = 0.2  # between two states of the progress bar


def fill(
    table: "AnswerTable",
    path: Path,
    answers: Iterable[Prediction],
    terminal: Terminal,
    text: Callable[[Prediction], str] | None,
) -> None:
    """Write the answers into the table and, as ``text``, to the output. At the end, however it comes, say how many.

    path: of the file that the person has named.
    """
    began = shown = time.monotonic()
    try:
        for prediction in answers:
            table.add(prediction)
            if text is not None:
                print(text(prediction), flush=True)
            elif (now := time.monotonic()) - shown > SHOW_SECONDS:
                shown = now
                rate = table.added / (now - began)
                terminal.show(Progress(f"{counted(table.rows, 'picture')}, {rate:,.0f} a second"))
    finally:
        (terminal.note if text is not None else terminal.write)(_counts(table, path))


def _counts(table: "AnswerTable", path: Path) -> str:
    unread = f", {table.errors:,} without an answer" if table.errors else ""
    return f"{path}: {counted(table.rows, 'picture')}, {table.added:,} of them new{unread}"


def as_json(prediction: Prediction) -> str:
    """A picture's answer as an object on a line."""
    answer = prediction.classification
    return json.dumps(
        {
            "image": str(prediction.source),
            "label": answer.label if answer and answer.known else None,
            "confidence": answer.confidence if answer else None,
            "top": answer.top if answer else [],
            "error": prediction.error,
            "known": answer.known if answer else None,
            "familiarity": answer.familiarity if answer else None,
        }
    )


def as_text(prediction: Prediction) -> str:
    """A picture's answer for people."""
    if prediction.classification is None:
        return f"{prediction.source!s}: {prediction.error}"
    answers = ", ".join(f"{label} {probability:.1%}" for label, probability in prediction.classification.top[:3])
    if not prediction.classification.known:
        answers = f"none of these ({answers})"
    return f"{prediction.source!s}: {answers}"
