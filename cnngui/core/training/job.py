"""The one way to train, for the window and the command line: load, train, save."""

from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from cnngui.core import memory
from cnngui.core.checks.together import with_doubles
from cnngui.core.data import content, datasets
from cnngui.core.data.datasets import Dataset, RawData
from cnngui.core.data.summary import summarize
from cnngui.core.device import Devices
from cnngui.core.errors import Diverged, Stopped, UserError
from cnngui.core.models import file as model_file
from cnngui.core.models.card import Card
from cnngui.core.progress import (
    DataNotes,
    FirstModel,
    LeftOut,
    Progress,
    Report,
    Reported,
    ShouldStop,
    never_stop,
    no_report,
)
from cnngui.core.recipes.fitting import fitted
from cnngui.core.recipes.recipe import SETTINGS, Recipe, find
from cnngui.core.recipes.toml_file import read_recipe
from cnngui.core.runs.checkpoint import checkpoints
from cnngui.core.runs.folder import FIRST_MODEL, MODEL, RECIPE, check_writable
from cnngui.core.runs.library import is_trained_elsewhere
from cnngui.core.runs.opening import new_record, open_run
from cnngui.core.runs.record import Phase, RunRecord, read_record
from cnngui.core.runs.writer import RunWriter
from cnngui.core.sentences import counted
from cnngui.core.training import beginning
from cnngui.core.training.control import Control
from cnngui.core.training.saving import NextPlace, no_other_place, save
from cnngui.core.training.train import train
from cnngui.core.training.trained import Trained

BROKEN = "An error in cnngui ended the training."


@dataclass(frozen=True)
class Job:
    """What to train and where to save it.

    source, data_dir: the data, as :func:`cnngui.core.data.datasets.read` takes them.
    path: the model's file, …/model.keras.
    fit: the recipe's settings that follow the number of training images, as
        :func:`cnngui.core.recipes.fitting.fitted` says.
    record: what is known of the run that lies in the model's folder, if it is to be continued; else None.
    at_epoch_end: continue from its newest checkpoint at the end of an epoch.
    tests: whether the test images are classified at the end. Those of a search's trials stay unseen.
    devices: what to compute on.
    """

    source: str
    recipe: Recipe
    path: Path
    data_dir: Path | None = None
    fit: tuple[str, ...] = ()
    record: RunRecord | None = None
    at_epoch_end: bool = False
    tests: bool = True
    devices: Devices = Devices.FIRST

    @property
    def folder(self) -> Path:
        """The run's folder."""
        return self.path.parent


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


def continued(
    folder: Path, *, source: str = "", data_dir: Path | None = None, epochs: int = 0, learning_rate: float = 0.0
) -> Job:
    """The job that continues the run in a folder, from its newest checkpoint on.

    source, data_dir: where the data lies now, if it has been moved. epochs: in all, if more than planned.
    learning_rate: from the last checkpoint at the end of an epoch on, if it is to be another.
    Raises UserError if no run is there, if it cannot be read, or if it seems to be trained on another computer.
    """
    record = read_record(folder)
    if record is None:
        raise UserError(f"There is no run in {folder}. Choose the folder of a run, or start a new training.")
    recipe = read_recipe(folder / RECIPE)
    if is_trained_elsewhere(folder, record):
        raise UserError(f"“{folder.name}” is being trained on {record.host}. Stop it there, or wait until it ends.")
    has_ended = record.phase in (Phase.FINISHED, Phase.STOPPED) and (folder / MODEL).exists()
    if has_ended and not checkpoints(folder):  # it would begin anew, and replace its model
        raise UserError(
            f"“{folder.name}” has a model but no checkpoint, so it cannot go on. "
            "Copy the run’s folder again, or start a new training."
        )
    planned = recipe.optimization
    if epochs and epochs < planned.epochs:
        raise UserError(f"“{folder.name}” has {counted(planned.epochs, 'epoch')}. Ask for more than that.")
    return Job(
        source=source or record.source,
        recipe=recipe.changed(
            {
                "optimization.epochs": epochs or planned.epochs,
                "optimization.learning_rate": learning_rate or planned.learning_rate,
            }
        ),
        path=folder / MODEL,
        data_dir=data_dir or (Path(record.data_dir) if record.data_dir else None),
        fit=() if record.images else record.fit,
        record=record,
        at_epoch_end=learning_rate not in (0.0, planned.learning_rate),
    )


def run(
    job: Job,
    raw: RawData | None = None,
    *,
    progress: Report = no_report,
    should_stop: ShouldStop = never_stop,
    control: Control | None = None,
    next_place: NextPlace = no_other_place,
) -> JobResult:
    """Read the data, train the network and save the model. Meanwhile the model's folder holds all of the run.

    raw: the data if it has been read before; it is read again if it is another or its files have changed.
    ``progress`` gets Progress, DataNotes and LeftOut once the data is read, BatchProgress and EpochResult, and Trouble.
    ``next_place`` is called in this thread whenever saving fails, and may take its time. It may return the same path,
    to try again. If it returns None, the error is raised and the model is lost.
    Stopped once it has begun to learn, the job saves what the network has learnt, unless ``control`` discards or
    leaves it.
    Raises UserError if nothing can be written in the folder of ``job.path``, the data cannot be loaded or is not that
    of the continued run, the training diverges, memory is exhausted or the model cannot be saved; and Stopped if
    stopped before, discarded or left. Without a checkpoint, nothing is left behind then; discarded after it went on, a
    run is again what it was before.
    """
    check_writable(job.folder)
    record = job.record or new_record(job.source, datasets.title(job.source), job.data_dir, job.fit)
    resume = job.record is not None
    with (
        memory.told(_no_memory_to_go_on),  # a checkpoint is read at once
        open_run(job.folder, job.recipe, record, progress, resume=resume, at_epoch_end=job.at_epoch_end) as writer,
    ):

        def report(value: Reported) -> None:
            writer.add(value)
            progress(value)

        try:
            with memory.told(lambda: _no_memory(writer)):
                result = _train(job, raw, writer, report, should_stop, control or Control(), next_place)
        except Stopped as stopped:
            if control is not None and control.left is not None and writer.has_begun:
                writer.end(control.left)
                raise
            stopped.run_stays = writer.was_trained and (not writer.has_begun or writer.go_back())
            if not stopped.run_stays:
                _leave(job, writer, Phase.STOPPED)
            raise
        except Exception as error:
            if isinstance(error, Diverged) and writer.checkpoint is not None:
                error.good_epochs = writer.checkpoint.epoch
            _leave(job, writer, Phase.FAILED, str(error) if isinstance(error, UserError) else BROKEN)
            raise
        elsewhere = result.path if result.path != job.path else None
        writer.end(Phase.STOPPED if result.stopped else Phase.FINISHED, model=elsewhere)
        return result


def _leave(job: Job, writer: RunWriter, phase: Phase, reason: str = "") -> None:
    """End a run without a model: remove a new one without a checkpoint, and leave one that did not go on as it was."""
    if job.record is None and writer.checkpoint is None:
        writer.remove()
    elif writer.has_begun:
        writer.end(phase, reason)


def _no_memory(writer: RunWriter) -> str:
    """What to do when the memory is exhausted, and what is kept."""
    if not writer.has_begun:
        return "There is not enough memory to read the data. Close other programs, or train on fewer images."
    recipe = writer.recipe
    less = f"a batch size below {recipe.optimization.batch_size:,}"
    if recipe.has_effect("network.width"):
        less += f" or a network narrower than {recipe.network.width:,}"
    if writer.checkpoint is None:
        return f"There is not enough memory for this training. Close other programs, or start it again with {less}."
    return (
        "There is not enough memory for this training. Close other programs and continue the run, which goes on after "
        f"epoch {writer.checkpoint.epoch:,}, or start a new one with {less}."
    )


def _no_memory_to_go_on() -> str:
    return "There is not enough memory to read the run’s checkpoint. Close other programs, and then continue the run."


def _train(
    job: Job,
    raw: RawData | None,
    writer: RunWriter,
    progress: Report,
    should_stop: ShouldStop,
    control: Control,
    next_place: NextPlace,
) -> JobResult:
    dataset, recipe = _dataset(job, raw, writer, progress, should_stop)
    del raw  # not needed during the training

    def keep_first(first: Trained) -> None:
        with suppress(UserError):  # the trained one tells it
            path = job.folder / FIRST_MODEL
            model_file.save(first.network, first.card, path, first.familiarity, is_packed=False)
            progress(FirstModel(path, first.training.history[-1].val_accuracy))

    trained = train(
        dataset,
        recipe,
        progress=progress,
        should_stop=should_stop,
        control=control,
        devices=job.devices,
        run=writer,
        first_model=keep_first,
        tests=job.tests,
    )
    progress(Progress("Saving the model", can_stop=False))
    path = save(dataset, trained, job.path, next_place, writer)
    return JobResult(path, trained.card, trained.stopped, dataset.left_out)


def _dataset(
    job: Job, raw: RawData | None, writer: RunWriter, progress: Report, should_stop: ShouldStop
) -> tuple[Dataset, Recipe]:
    """The job's data, divided, and the recipe, fitted to it; both are noted in the run."""
    beginning.fetch(job.recipe.network, progress, should_stop)
    side = beginning.side_of(job.recipe.network)
    is_wanted = raw is not None and raw.source == datasets.resolved(job.source) and datasets.has_side(raw, side)
    if raw is None or not is_wanted or not datasets.is_current(raw, should_stop):
        raw = datasets.read(job.source, data_dir=job.data_dir, side=side, progress=progress, should_stop=should_stop)
    raw = _with_doubles(raw, job.record, progress, should_stop)
    summary = summarize(raw, job.recipe.validation.fraction, job.recipe.seed)
    recipe = _fitted(job, summary.train)
    changes = tuple(f"{SETTINGS[name].label} for this data: {recipe.value(name)}." for name in map(find, job.fit))
    progress(DataNotes(summary.sentences + (changes if recipe != job.recipe else ())))
    progress(LeftOut(raw.left_out))
    found = content.digest(raw)
    if job.record is not None and job.record.content not in ("", found):
        raise UserError(
            f"The data of “{job.folder.name}” has changed since it began, so it cannot be continued. "
            "Restore the data, or start a new training."
        )
    dataset = datasets.divide(raw, validation_fraction=recipe.validation.fraction, seed=recipe.seed)
    parts = {"training": dataset.train, "validation": dataset.validation, "test": dataset.test}
    writer.begin(
        replace(
            writer.record,
            source=raw.source,
            title=raw.title,
            images={part: len(split) for part, split in parts.items()},
            classes=raw.classes,
            content=found,
            doubles=dataset.doubles or (),
        ),
        recipe,
    )
    return dataset, recipe


def _with_doubles(raw: RawData, record: RunRecord | None, progress: Report, should_stop: ShouldStop) -> RawData:
    """The data with its near-doubles: for a run that goes on, those by which it was divided when it began."""
    if record is not None and record.content:
        return replace(raw, doubles=record.doubles)
    return with_doubles(raw, progress, should_stop)


def _fitted(job: Job, training_images: int) -> Recipe:
    recipe = fitted(job.recipe, training_images)
    return job.recipe.changed({path: recipe.value(path) for path in map(find, job.fit)})
