"""What the checks do beside the window."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from cnngui import paths
from cnngui.core.answers.classifier import Classifier
from cnngui.core.checks.audit import audit
from cnngui.core.checks.looks import Extractor, shipped_extractor
from cnngui.core.checks.second_look import second_look
from cnngui.core.data.collections.collection import Collection
from cnngui.core.progress import Report, ShouldStop
from cnngui.gui.classes.audit.asking import of_audit, of_second_look
from cnngui.gui.classes.audit.question import Question

STORE = "own-looks.sqlite"  # in the user's cache: what pictures look like to the model in use

Doubles = Sequence[Sequence[Path]]
"""Groups of pictures that show the same."""


@dataclass(frozen=True, eq=False)
class Model:
    """A model in use. path: of its file."""

    classifier: Classifier
    path: Path


@dataclass(frozen=True)
class Checked:
    """What an audit has found."""

    questions: tuple[Question, ...]
    doubles: Doubles


def check(folder: Path, side: int, progress: Report, should_stop: ShouldStop) -> Checked:
    """Audit a collection. side: of the network's input, in pixels. Raises UserError and Stopped."""
    found = audit(folder, shipped_extractor(), side=side, progress=progress, should_stop=should_stop)
    doubles = tuple(tuple(picture.path for picture in group) for group in found.doubles)
    return Checked(of_audit(found), doubles)


def look_closer(
    collection: Collection, doubles: Doubles, model: Model | None, progress: Report, should_stop: ShouldStop
) -> tuple[Question, ...]:
    """Look for doubtful labels and for pictures that are worth naming. Raises UserError and Stopped.

    With the features of the model in use, if it knows the classes of the collection, else of the one that ships.
    """
    from cnngui.core.training.head import CROSSED_STEPS, fit_head

    extractor, store = _extractor(collection, model)
    fit = partial(fit_head, steps=CROSSED_STEPS)
    found = second_look(
        collection, extractor, fit, doubles=doubles, store=store, progress=progress, should_stop=should_stop
    )
    return of_second_look(found)


def _extractor(collection: Collection, model: Model | None) -> tuple[Extractor, Path | None]:
    """What makes the features, and where they are remembered, None for the usual place."""
    classes = {name for name in collection.classes if collection.count(name)}
    if model is not None and set(model.classifier.card.classes) == classes:
        try:
            return Extractor.of(model.classifier, model.path), paths.cache_dir() / STORE
        except OSError:  # its file is gone, while the model still answers
            pass
    return shipped_extractor(), None
