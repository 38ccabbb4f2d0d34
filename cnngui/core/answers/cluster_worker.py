"""What a worker of a cluster does: it opens each model once, and classifies batches of pictures with it."""

import tempfile
import threading
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from cnngui import __version__
from cnngui.core.answers.classifier import Classification, Classifier
from cnngui.core.answers.prediction import predict
from cnngui.core.errors import UserError
from cnngui.core.models.model_files import ModelFiles
from cnngui.core.pictures.decoding import Source

Answer = tuple[Classification | None, str | None]
"""For a picture, or the reason why there is none."""

_lock = threading.Lock()  # a worker may have several threads
_opened: dict[str, Classifier] = {}


def same(model: ModelFiles) -> ModelFiles:
    """The model, as a task of its own: the workers pass its result on to each other, and keep it for all batches."""
    return model


def classify(model: ModelFiles, version: str, sources: Sequence[Source]) -> list[Answer]:
    """The answers to these pictures, in order.

    version: of cnngui where it is asked. Raises UserError if it is another one here, or the model cannot be opened.
    """
    if version != __version__:
        raise UserError(
            f"A worker has cnngui {__version__}, but this computer has {version}. Install the same version on both."
        )
    answers = chain.from_iterable(predict(_classifier(model), sources))
    return [(each.classification, each.error) for each in answers]


def _classifier(model: ModelFiles) -> Classifier:
    """The model, opened. Only the last one stays in memory."""
    with _lock:
        if model.digest not in _opened:
            _opened.clear()
            with tempfile.TemporaryDirectory(prefix="cnngui-") as folder:
                _opened[model.digest] = Classifier.load(model.write(Path(folder)))
        return _opened[model.digest]
