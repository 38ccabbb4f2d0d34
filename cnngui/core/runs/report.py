"""A run as one HTML page that needs nothing else: its recipe, its curves, its result. It can be printed."""

import base64
import io
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnngui import __version__
from cnngui.core.answers.saved_answers import SavedAnswers, read_answers
from cnngui.core.errors import UserError
from cnngui.core.files import replacing
from cnngui.core.progress import EpochResult
from cnngui.core.recipes.diagnosis import best_epoch, findings
from cnngui.core.recipes.recipe import SETTINGS, Recipe
from cnngui.core.runs.folder import MODEL, is_run
from cnngui.core.runs.library import ListedRun, describe
from cnngui.core.runs.report_charts import chart
from cnngui.core.sentences import counted, percent

TRAINING, VALIDATION = "#2f6fed", "#c2560c"
SHOWN_MISTAKES = 12
STYLE = """
body { font: 15px/1.5 sans-serif; color: #1b2028; max-width: 900px; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 1.5em; margin-bottom: 0; } h2 { font-size: 1.15em; margin: 1.6em 0 .4em; }
p.muted, span.muted { color: #586273; } .charts { display: flex; flex-wrap: wrap; gap: 16px; }
.charts svg { flex: 1 1 380px; max-width: 520px; } table { border-collapse: collapse; }
td, th { padding: 2px 10px 2px 0; text-align: left; font-weight: normal; vertical-align: top; }
th { color: #586273; } td.number { text-align: right; } table.matrix td { text-align: right; padding: 2px 8px; }
.mistakes { display: flex; flex-wrap: wrap; gap: 12px; } .mistakes figure { margin: 0; width: 130px; }
.mistakes img { width: 96px; height: 96px; image-rendering: pixelated; } figcaption { font-size: 13px; }
@media print { body { margin: 0; max-width: none; } h2 { break-after: avoid; } figure, svg { break-inside: avoid; } }
"""


def find_run(path: Path) -> ListedRun:
    """The run in a folder, or of a model. Raises UserError if there is none."""
    folder = path if path.is_dir() else path.parent
    model = path if path.suffix == ".keras" else folder / MODEL
    found = describe(model.absolute(), folder.absolute().name, kept=False)
    if found is None or not is_run(folder):
        raise UserError(f"There is no run in {path}. Choose the folder of a run.")
    return found


def write_report(run: ListedRun, path: Path) -> None:
    """Write the page. Raises UserError if nothing is known of the run, and OSError."""
    page = report(run)
    with replacing(path) as new:
        new.write_text(page, encoding="utf-8")


def report(run: ListedRun) -> str:
    """The page, in HTML. Raises UserError if nothing is known of the run."""
    recipe = run.recipe
    if recipe is None:
        raise UserError(f"“{run.name}” has no recipe, so there is nothing to report. {run.problem}".strip())
    answers = read_answers(run.path)
    classes = run.card.classes if run.card is not None else run.record.classes if run.record is not None else ()
    if answers is not None and answers.probabilities.shape[1] != len(classes):
        answers = None
    parts = [*_head(run, recipe), *_words(run, recipe), *_curves(run.history)]
    if answers is not None:
        parts += _result(answers, classes)
    parts += [*_settings(recipe), *_circumstances(run), "</body></html>"]
    return "\n".join(parts) + "\n"


def _head(run: ListedRun, recipe: Recipe) -> Iterator[str]:
    yield '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
    yield f"<title>{escape(run.name)}</title><style>{STYLE}</style></head><body>"
    yield f"<h1>{escape(run.name)}</h1>"
    yield f'<p class="muted">{escape(recipe.name)} on {escape(run.data)}, {run.status}</p>'
    if run.score is not None:
        yield f"<p>{escape(str(run.score))}</p>"
    if run.notes.note:
        yield f"<p>{escape(run.notes.note)}</p>"


def _words(run: ListedRun, recipe: Recipe) -> Iterator[str]:
    best = best_epoch(run.history)
    if best is None:
        return
    yield (
        f"<p>Best epoch: {best.epoch:,}, with a validation loss of {best.val_loss:.3f} "
        f"and {percent(best.val_accuracy, 1)} correct.</p>"
    )
    images = (run.record.images if run.record else run.training.images if run.training else None) or {}
    for finding in findings(
        run.history,
        recipe,
        classes=len(run.card.classes) if run.card else 0,
        validation_images=images.get("validation", 0),
        test_images=images.get("test", 0),
        has_ended=True,
    ):
        yield f"<p>{escape(finding.sentence)}</p>"


def _curves(history: Sequence[EpochResult]) -> Iterator[str]:
    if not history:
        return
    yield '<h2>Curves</h2><div class="charts">'
    epochs = (0.0, float(history[-1].epoch))
    losses = [value for result in history for value in (result.loss, result.val_loss)]
    yield chart(
        [
            ("training", TRAINING, [(result.epoch, result.loss) for result in history], ""),
            ("validation", VALIDATION, [(result.epoch, result.val_loss) for result in history], "5 3"),
        ],
        "epoch",
        "loss",
        x=epochs,
        y=(0.0, 1.15 * max(losses)),
    )
    yield chart(
        [
            ("training", TRAINING, [(result.epoch, 100 * result.accuracy) for result in history], ""),
            ("validation", VALIDATION, [(result.epoch, 100 * result.val_accuracy) for result in history], "5 3"),
        ],
        "epoch",
        "accuracy (%)",
        x=epochs,
        y=(0.0, 115.0),
    )
    yield "</div>"


def _result(answers: SavedAnswers, classes: Sequence[str]) -> Iterator[str]:
    matrix = answers.confusion
    present = [number for number in range(len(classes)) if matrix[number].sum()]
    yield f"<h2>{counted(len(answers.labels), 'test image')}</h2>"
    yield "<table><tr><th>class</th><th>images</th><th>correct</th><th>most often taken for</th></tr>"
    for number in present:
        row = matrix[number].copy()
        correct, images = int(row[number]), int(row.sum())
        row[number] = 0
        wrong = f"{escape(classes[int(row.argmax())])} ({row.max():,})" if row.any() else ""
        yield (
            f'<tr><td>{escape(classes[number])}</td><td class="number">{images:,}</td>'
            f'<td class="number">{percent(correct / images, 1)}</td><td>{wrong}</td></tr>'
        )
    yield "</table>"
    yield "<h2>Confusion matrix</h2><p class='muted'>Rows: what they are. Columns: what the model says.</p>"
    yield '<table class="matrix"><tr><td></td>' + "".join(f"<th>{escape(name)}</th>" for name in classes) + "</tr>"
    for number in present:
        most = max(1, int(matrix[number].max()))
        cells = "".join(
            f'<td style="background:rgba(47,111,237,{0.6 * count / most:.2f})">{count:,}</td>' if count else "<td></td>"
            for count in matrix[number].tolist()
        )
        yield f"<tr><th>{escape(classes[number])}</th>{cells}</tr>"
    yield "</table>"
    yield from _reliability(answers)
    yield from _mistakes(answers, classes)


def _reliability(answers: SavedAnswers) -> Iterator[str]:
    bins = answers.reliability
    most = max(count for _, _, count in bins)
    yield "<h2>Reliability</h2>"
    yield "<p class='muted'>On the line, the model is as often right as it says. Bars: how many answers.</p>"
    yield (
        '<div class="charts">'
        + chart(
            [("", TRAINING, [(100 * sure, 100 * right) for sure, right, _ in bins], "")],
            "probability that the model gives (%)",
            "correct (%)",
            x=(0.0, 100.0),
            y=(0.0, 100.0),
            diagonal=True,
            bars=[(100 * sure, 0.9 * count / most) for sure, _, count in bins],
        )
        + "</div>"
    )


def _mistakes(answers: SavedAnswers, classes: Sequence[str]) -> Iterator[str]:
    if not len(answers.mistakes):
        return
    yield '<h2>The surest mistakes</h2><div class="mistakes">'
    for number, image in list(zip(answers.mistakes.tolist(), answers.images, strict=True))[:SHOWN_MISTAKES]:
        said = int(answers.predicted[number])
        sure = percent(float(answers.probabilities[number, said]))
        true = escape(classes[int(answers.labels[number])])
        yield (
            f'<figure><img alt="" src="{_data_url(image)}"><figcaption>{escape(classes[said])} {sure}<br>'
            f'<span class="muted">is {true}</span></figcaption></figure>'
        )
    yield "</div>"


def _settings(recipe: Recipe) -> Iterator[str]:
    yield "<h2>Recipe</h2><table>"
    yield f"<tr><th>Recipe</th><td>{escape(recipe.name)}</td></tr>"
    for path, setting in SETTINGS.items():
        if recipe.has_effect(path):
            yield f"<tr><th>{escape(setting.label)}</th><td>{escape(setting.write(recipe.value(path)))}</td></tr>"
    for number, layer in enumerate(recipe.network.layers, 1):
        yield f"<tr><th>Layer {number}</th><td>{escape(layer.text)}</td></tr>"
    yield "</table>"


def _circumstances(run: ListedRun) -> Iterator[str]:
    yield "<h2>Circumstances</h2><table>"
    record = run.record
    images = (record.images if record else run.training.images if run.training else None) or {}
    rows = {
        "Data": run.data,
        **{f"{part.capitalize()} images": f"{count:,}" for part, count in images.items()},
        "Device": run.device or "",
        "Training time": f"{run.seconds:,.0f} s" if run.seconds else "",
    }
    if record is not None and record.sessions:
        environment = record.sessions[-1].environment
        rows["Precision"] = environment.precision
        rows |= {name: version for name, version in environment.versions.items() if name != "cnngui"}
    for title, text in rows.items():
        if text:
            yield f"<tr><th>{escape(title)}</th><td>{escape(str(text))}</td></tr>"
    yield f"</table><p class='muted'>Made by cnngui {__version__}.</p>"


def _data_url(image: NDArray[np.uint8]) -> str:
    file = io.BytesIO()
    Image.fromarray(image).save(file, "PNG")
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
