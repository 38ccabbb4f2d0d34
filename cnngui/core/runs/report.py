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
from cnngui.core.answers.evaluation import evaluation_of, reliability
from cnngui.core.answers.saved_answers import SavedAnswers, read_answers
from cnngui.core.errors import UserError
from cnngui.core.files import replacing
from cnngui.core.recipes.recipe import SETTINGS, Recipe
from cnngui.core.runs.charts import calibration, confusion, curve
from cnngui.core.runs.diagnosis import best_text, findings
from cnngui.core.runs.folder import MODEL, is_run
from cnngui.core.runs.library import ListedRun, Status, describe
from cnngui.core.sentences import counted, percent

SHOWN_MISTAKES = 12
STYLE = """
body { font: 15px/1.5 sans-serif; color: #1b2028; max-width: 900px; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 1.5em; margin-bottom: 0; } h2 { font-size: 1.15em; margin: 1.6em 0 .4em; }
p.muted, span.muted { color: #586273; } body > svg { display: block; max-width: 100%; height: auto; margin: 1em 0; }
table { border-collapse: collapse; }
td, th { padding: 2px 10px 2px 0; text-align: left; font-weight: normal; vertical-align: top; }
th { color: #586273; } td.number { text-align: right; }
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
        new.write_text(page, encoding="utf-8", errors="backslashreplace")  # names of folders may be any bytes


def report(run: ListedRun) -> str:
    """The page, in HTML. Raises UserError if nothing is known of the run."""
    recipe = run.recipe
    if recipe is None:
        raise UserError(f"“{run.name}” has no recipe, so there is nothing to report. {run.problem}".strip())
    answers = read_answers(run.path)
    classes = run.card.classes if run.card is not None else run.record.classes if run.record is not None else ()
    if answers is not None and answers.probabilities.shape[1] != len(classes):
        answers = None
    parts = [*_head(run, recipe), *_words(run, recipe, classes)]
    if run.history:
        parts.append(curve(run.history))
    if answers is not None:
        parts += _result(answers, classes)
    parts += [*_settings(run, recipe), *_circumstances(run), "</body></html>"]
    return "\n".join(parts) + "\n"


def _head(run: ListedRun, recipe: Recipe) -> Iterator[str]:
    yield '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
    yield f"<title>{escape(run.name)}</title><style>{STYLE}</style></head><body>"
    yield f"<h1>{escape(run.name)}</h1>"
    yield f'<p class="muted">{escape(run.recipe_title)} on {escape(run.data)}, {run.status}</p>'
    if run.score is not None:
        yield f"<p>{escape(str(run.score))}</p>"
    if run.notes.note:
        yield f"<p>{escape(run.notes.note)}</p>"


def _words(run: ListedRun, recipe: Recipe, classes: Sequence[str]) -> Iterator[str]:
    if not run.history:
        return
    yield f"<p>{best_text(run.history)}</p>"
    for finding in findings(
        run.history,
        recipe,
        classes=len(classes),
        validation_images=run.images.get("validation", 0),
        test_images=run.images.get("test", 0),
        has_ended=run.status != Status.RUNNING,
    ):
        yield f"<p>{escape(finding.sentence)}</p>"


def _result(answers: SavedAnswers, classes: Sequence[str]) -> Iterator[str]:
    result = evaluation_of(answers.probabilities, answers.labels, classes)
    yield f"<h2>{counted(result.images, 'test image')}</h2>"
    yield "<table><tr><th>class</th><th>images</th><th>correct</th><th>most often taken for</th></tr>"
    for (name, accuracy), counts in zip(result.per_class.items(), result.confusion, strict=True):
        others = [(count, other) for count, other in zip(counts, classes, strict=True) if other != name]
        most, taken_for = max(others, default=(0, ""))
        wrong = f"{escape(taken_for)} ({most:,})" if most else ""
        yield (
            f'<tr><td>{escape(name)}</td><td class="number">{sum(counts):,}</td>'
            f'<td class="number">{percent(accuracy, 1)}</td><td>{wrong}</td></tr>'
        )
    yield "</table>"
    yield confusion(list(result.per_class), classes, result.confusion)
    sure, right = answers.probabilities.max(1), answers.probabilities.argmax(1) == answers.labels
    yield calibration(reliability(sure, right), result.ece)
    yield from _mistakes(answers, classes)


def _mistakes(answers: SavedAnswers, classes: Sequence[str]) -> Iterator[str]:
    if not len(answers.mistakes):
        return
    yield '<h2>The surest mistakes</h2><div class="mistakes">'
    for number, image in list(zip(answers.mistakes.tolist(), answers.images, strict=True))[:SHOWN_MISTAKES]:
        said = int(answers.probabilities[number].argmax())
        sure = percent(float(answers.probabilities[number, said]))
        true = escape(classes[int(answers.labels[number])])
        yield (
            f'<figure><img alt="" src="{_data_url(image)}"><figcaption>{escape(classes[said])} {sure}<br>'
            f'<span class="muted">is {true}</span></figcaption></figure>'
        )
    yield "</div>"


def _settings(run: ListedRun, recipe: Recipe) -> Iterator[str]:
    yield "<h2>Recipe</h2><table>"
    yield f"<tr><th>Recipe</th><td>{escape(run.recipe_title)}</td></tr>"
    for path, setting in SETTINGS.items():
        if recipe.has_effect(path):
            yield f"<tr><th>{escape(setting.label)}</th><td>{escape(setting.write(recipe.value(path)))}</td></tr>"
    for number, layer in enumerate(recipe.network.layers, 1):
        yield f"<tr><th>Layer {number}</th><td>{escape(layer.text)}</td></tr>"
    yield "</table>"


def _circumstances(run: ListedRun) -> Iterator[str]:
    yield "<h2>Circumstances</h2><table>"
    record = run.record
    rows = {
        "Data": run.data,
        **{f"{part.capitalize()} images": f"{count:,}" for part, count in run.images.items()},
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
