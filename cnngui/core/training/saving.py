"""Saves a trained model, with the files beside it."""

import logging
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np

from cnngui.core.answers.saved_answers import SavedAnswers, answers_path, write_answers
from cnngui.core.data.datasets import Dataset
from cnngui.core.errors import UserError
from cnngui.core.models import file as model_file
from cnngui.core.models.samples import MOST, MOST_BYTES, Samples, samples_path, write_samples
from cnngui.core.models.trained_on import Digests, digests
from cnngui.core.runs.folder import MODEL
from cnngui.core.runs.writer import RunWriter
from cnngui.core.training.trained import LEAST_CALIBRATION_IMAGES, Trained

NextPlace = Callable[[UserError, Path], Path | None]
"""Decides what to do when the model could not be saved at a path: the path to try next, or None to give up."""


class SparePlace:
    """The ``next_place`` for when nobody can choose: once, a new folder among the temporary files; then it gives up.

    error: why the model could not be saved in its own place. path: the place offered. Both None until it is needed.
    """

    def __init__(self) -> None:
        self.error: UserError | None = None
        self.path: Path | None = None

    def __call__(self, error: UserError, path: Path) -> Path | None:
        """Offer a place, or None if that was tried before or no folder can be made."""
        if self.error is not None:
            with suppress(OSError):
                path.parent.rmdir()
            return None
        self.error = error
        with suppress(OSError):
            self.path = Path(tempfile.mkdtemp(prefix="cnngui-")) / MODEL
        return self.path


def no_other_place(_error: UserError, _path: Path) -> None:
    """The ``next_place`` that gives up at once."""


def save(dataset: Dataset, trained: Trained, path: Path, next_place: NextPlace, writer: RunWriter) -> Path:
    """Save the model and what lies beside it at ``path``, or where ``next_place`` says, and return where.

    Never over another training's. Raises UserError if there is no other place.
    """
    path = _save_model(trained, _digests(dataset, trained), path, next_place, writer)
    _save_answers(trained.answers, path)
    _save_samples(dataset, path)
    return path


def _save_model(trained: Trained, trained_on: Digests, path: Path, next_place: NextPlace, writer: RunWriter) -> Path:
    while True:
        existed = path.parent.exists()
        try:
            if path.parent == writer.folder:
                with suppress(OSError):  # saving tells it better
                    writer.claim()
            model_file.save(trained.network, trained.card, path, trained.familiarity, trained_on)
            return path
        except Exception as error:  # whatever it is, the model must not be lost
            if not existed:
                with suppress(OSError):
                    path.parent.rmdir()
            reason = _reason(error)
            other = next_place(reason, path)
            if other is None:
                raise reason from error
            path = other


def _digests(dataset: Dataset, trained: Trained) -> Digests:
    """Of the images that the model has learnt from: where they are few, also those for validation."""
    learnt = [dataset.train]
    if trained.training.recipe.network.is_head_only and len(dataset.validation) < LEAST_CALIBRATION_IMAGES:
        learnt.append(dataset.validation)
    found: Digests = np.concatenate([digests(split.images) for split in learnt])
    return found


def _save_answers(answers: SavedAnswers | None, model: Path) -> None:
    """Write the answers on the test images beside the model, or remove those of the one before."""
    with suppress(OSError):  # only the report lacks them then
        if answers is not None:
            write_answers(answers, model)
        else:
            answers_path(model).unlink(missing_ok=True)


def _save_samples(dataset: Dataset, model: Path) -> None:
    """Keep some images beside the model, or remove those of the one before."""
    most = min(MOST, MOST_BYTES // dataset.train.images[0].nbytes)
    validation = dataset.validation.some(most)
    train = dataset.train.some(most - len(validation))
    samples = Samples(
        np.concatenate([validation.images, train.images]),
        np.concatenate([validation.labels, train.labels]),
        len(validation),
    )
    try:
        write_samples(samples, model)
    except OSError:  # TensorFlow answers then, and exports need the data
        with suppress(OSError):
            samples_path(model).unlink(missing_ok=True)


def _reason(error: Exception) -> UserError:
    if isinstance(error, UserError):
        return error
    logging.getLogger(__name__).error("Saving a model failed", exc_info=error)
    return UserError(f"The model could not be saved ({type(error).__name__}: {error}). Save it elsewhere.")
