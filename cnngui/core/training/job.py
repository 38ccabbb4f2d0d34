"""The one way to train, for the window and the command line: load, train, save."""

import logging
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from cnngui.core.data import datasets
from cnngui.core.data.datasets import RawData
from cnngui.core.data.summary import summarize
from cnngui.core.errors import UserError
from cnngui.core.models import file as model_file
from cnngui.core.models.card import Card
from cnngui.core.models.trained_on import Digests, digests
from cnngui.core.progress import DataNotes, LeftOut, Progress, Report, ShouldStop, never_stop, no_report
from cnngui.core.recipes.fitting import fitted
from cnngui.core.recipes.recipe import SETTINGS, Recipe
from cnngui.core.runs.folder import MODEL, check_writable
from cnngui.core.training.train import Trained, train

NextPlace = Callable[[UserError, Path], Path | None]
"""Decides what to do when the model could not be saved at a path: the path to try next, or None to give up."""


@dataclass(frozen=True)
class Job:
    """What to train and where to save it.

    source, data_dir: the data, as :func:`cnngui.core.data.datasets.read` takes them.
    path: the model's file, …/model.keras.
    fit: the names of the recipe's settings that follow the number of training images, as
        :func:`cnngui.core.recipes.fitting.fitted` says.
    """

    source: str
    recipe: Recipe
    path: Path
    data_dir: Path | None = None
    fit: tuple[str, ...] = ()


@dataclass(frozen=True)
class JobResult:
    """The result of a job.

    path: where the model is. stopped: whether the training was stopped early. left_out: a sentence for each file of the
    data that could not be read.
    """

    path: Path
    card: Card
    stopped: bool
    left_out: tuple[str, ...]


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


def run(
    job: Job,
    raw: RawData | None = None,
    *,
    progress: Report = no_report,
    should_stop: ShouldStop = never_stop,
    next_place: NextPlace = no_other_place,
) -> JobResult:
    """Read the data, train the network and save the model.

    raw: the data if it has been read before; it is read again if it is another or its files have changed.
    ``progress`` gets Progress, DataNotes and LeftOut once the data is read, BatchProgress and EpochResult.
    ``next_place`` is called in this thread whenever saving fails, and may take its time. It may return the same path,
    to try again. If it returns None, the error is raised and the model is lost.
    Stopped once it has begun to learn, the job saves what the network has learnt.
    Raises UserError if nothing can be written in the folder of ``job.path``, the data cannot be loaded, the training
    diverges or the model cannot be saved, and Stopped if stopped before. Nothing is left behind then.
    """
    check_writable(job.path.parent)
    if raw is None or raw.source != datasets.resolved(job.source) or not datasets.is_current(raw, should_stop):
        raw = datasets.read(job.source, data_dir=job.data_dir, progress=progress, should_stop=should_stop)
    summary = summarize(raw, job.recipe.validation_fraction)
    recipe = _fitted(job, summary.train)
    changes = tuple(f"{SETTINGS[name].label} for this data: {getattr(recipe, name):g}." for name in job.fit)
    progress(DataNotes(summary.sentences + (changes if recipe != job.recipe else ())))
    progress(LeftOut(raw.left_out))
    dataset = datasets.divide(raw, validation_fraction=recipe.validation_fraction, seed=recipe.seed)
    del raw  # not needed during the training
    trained = train(dataset, recipe, progress=progress, should_stop=should_stop)
    progress(Progress("Saving the model", can_stop=False))
    path = _save(trained, digests(dataset.train.images), job.path, next_place)
    return JobResult(path, trained.card, trained.stopped, dataset.left_out)


def _fitted(job: Job, training_images: int) -> Recipe:
    recipe = fitted(job.recipe, training_images)
    return replace(job.recipe, **{name: getattr(recipe, name) for name in job.fit})


def _save(trained: Trained, trained_on: Digests, path: Path, next_place: NextPlace) -> Path:
    """Save the model at ``path``, or where ``next_place`` says, and return where."""
    while True:
        existed = path.parent.exists()
        try:
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


def _reason(error: Exception) -> UserError:
    if isinstance(error, UserError):
        return error
    logging.getLogger(__name__).error("Saving a model failed", exc_info=error)
    return UserError(f"The model could not be saved ({type(error).__name__}: {error}). Save it elsewhere.")
