"""Opening a model beside the window; the first time this imports TensorFlow, which takes seconds."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cnngui.core import device
from cnngui.core.answers.classifier import Classifier
from cnngui.core.models.card import Card
from cnngui.core.models.foreign import names_path
from cnngui.core.progress import Progress, Report, ShouldStop
from cnngui.core.tensorflow_start import start_tensorflow


@dataclass(frozen=True, eq=False)
class LoadedModel:
    """A model that is ready to answer.

    path: of its file, absolute. device: what it computes on, for people. notice: what people should know of it, or "".
    """

    path: Path
    classifier: Classifier
    device: str
    notice: str = ""


def load_model(path: Path, fallback: Path | None, report: Report, _should_stop: ShouldStop) -> LoadedModel:
    """Open the model at ``path`` and let it answer once, so that the first picture needs not wait for that.

    fallback: the model to open where that cannot be done.
    Raises UserError as :func:`cnngui.core.models.file.load` does.
    """
    report(Progress("Starting TensorFlow"))
    start_tensorflow()
    name = device.describe()
    report(Progress("Opening the model"))
    notice = ""
    try:
        classifier = _answering(path)
    except Exception as error:  # whatever it is, a start without any model would be worse
        if fallback is None:
            raise
        notice = f"Your default model could not be opened, so the one that ships is in use. {error}"
        path, classifier = fallback, _answering(fallback)
    return LoadedModel(path.absolute(), classifier, name, notice or _of_classes(path, classifier.card))


def _answering(path: Path) -> Classifier:
    classifier = Classifier.load(path)
    classifier.probabilities(np.zeros((1, *classifier.image_size, 3), np.uint8))
    return classifier


def _of_classes(path: Path, card: Card) -> str:
    names = names_path(path)
    if card.training is not None or names.is_file():
        return ""
    return f"The classes of {path.name} have no names. Write them into {names.name} beside it, one a line, to see them."
