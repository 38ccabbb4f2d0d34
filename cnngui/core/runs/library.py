"""The runs in a folder: list and rename them."""

import os
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from cnngui import paths
from cnngui.core.errors import Stopped, UserError
from cnngui.core.models.card import Card, TrainingRecord, read_card
from cnngui.core.models.score import Score
from cnngui.core.names import check_name
from cnngui.core.progress import EpochResult, ShouldStop, never_stop
from cnngui.core.recipes.edits import title
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.recipes.toml_file import read_recipe
from cnngui.core.runs.checkpoint import checkpoints
from cnngui.core.runs.folder import BATCHES, HISTORY, MODEL, RECIPE, RECORD, is_search
from cnngui.core.runs.history import read_epochs
from cnngui.core.runs.lock import is_written
from cnngui.core.runs.record import Notes, Phase, RunRecord, read_notes, read_record

Value = TypeVar("Value")

SHIPPED = "The shipped model"
SILENT_SECONDS = 600.0  # after so long without a write, a run on another computer counts as interrupted


class Status(StrEnum):
    """What can be said of a run: its phase, or whether it is still being trained."""

    WAITING = "waiting"
    RUNNING = "running"
    INTERRUPTED = "interrupted"
    STOPPED = "stopped"
    PRUNED = "pruned"
    FINISHED = "finished"
    FAILED = "failed"


@dataclass(frozen=True)
class ListedRun:
    """What a list shows of a run, or of a model without one. The model itself is not opened.

    path: of its .keras file, absolute, which may not exist: see ``has_model``. name: for the user; the folder's name
        if it is kept.
    kept: whether it is a run's folder, so that it can be renamed and deleted.
    modified: when it was last written, in seconds since 1970.
    card: None if there is none. problem: what cannot be read of it, and what to do, or "".
    record: None for a model from before there were runs, or one that cnngui did not train. recipe: None if unknown.
    history: its complete epochs so far.
    has_checkpoint: whether it can be continued, or trained longer, from where it is.
    search: the name of the search that it is a trial of; "" if it is none.
    """

    path: Path
    name: str
    kept: bool
    modified: float
    card: Card | None
    problem: str = ""
    record: RunRecord | None = None
    recipe: Recipe | None = None
    history: tuple[EpochResult, ...] = ()
    status: Status = Status.FINISHED
    notes: Notes = field(default_factory=Notes)
    has_model: bool = True
    has_checkpoint: bool = False
    search: str = ""

    @property
    def folder(self) -> Path:
        """Its folder."""
        return self.path.parent

    @property
    def training(self) -> TrainingRecord | None:
        """The record of the training in its card; None without one."""
        return self.card.training if self.card else None

    @property
    def data(self) -> str:
        """The title of the data it was trained on; "" if unknown."""
        if self.record is not None:
            return self.record.title
        return self.training.data if self.training else ""

    @cached_property
    def recipe_title(self) -> str:
        """The name of its recipe, and whether that is edited; "" if unknown."""
        fit = self.record.fit if self.record else ()
        return title(self.recipe, self.images.get("training", 0), fit) if self.recipe else ""

    @property
    def device(self) -> str:
        """What it was trained on; "" if unknown."""
        return self.record.device if self.record else ""

    @property
    def score(self) -> Score | None:
        """Its result on the test images; None if unknown."""
        return self.training.score if self.training else None

    @property
    def images(self) -> dict[str, int]:
        """The number of images for "training", "validation" and "test"; empty if unknown."""
        return (self.record.images if self.record else self.training.images if self.training else None) or {}

    @cached_property
    def most_accurate_epoch(self) -> EpochResult | None:
        """The epoch with the highest validation accuracy; None before the first one ended."""
        return max(self.history, key=lambda result: (result.val_accuracy, -result.val_loss), default=None)

    @property
    def seconds(self) -> float | None:
        """How long it was trained so far; None if unknown."""
        if self.training is not None and self.status != Status.RUNNING:
            return self.training.seconds
        return self.history[-1].seconds if self.history else None

    @property
    def moment(self) -> float:
        """When its training ended or, until then, when it was last written, in seconds since 1970."""
        ended = self.training.ended if self.training and self.status != Status.RUNNING else ""
        return datetime.fromisoformat(ended).timestamp() if ended else self.modified

    @property
    def stopped_in_first_epoch(self) -> bool:
        """Whether its training was stopped before its first epoch ended."""
        return bool(self.training and self.training.stopped_in_first_epoch)

    @property
    def has_curves(self) -> bool:
        """Whether there is anything to plot."""
        return bool(self.history) or (self.record is not None and self.status != Status.WAITING)

    @property
    def can_continue(self) -> bool:
        """Whether its training can go on from where it is, without more epochs than planned."""
        is_known = self.record is not None and self.recipe is not None
        return is_known and self.status not in (Status.RUNNING, Status.FINISHED)

    @property
    def can_train_longer(self) -> bool:
        """Whether it can be trained for more epochs after its end."""
        is_known = self.record is not None and self.recipe is not None
        return is_known and self.has_checkpoint and self.status == Status.FINISHED


def model_name(model: Path) -> str:
    """What the model is called: by its folder if that is a run's, else by its file."""
    if model == paths.shipped_model():
        return SHIPPED
    return model.parent.name if model.name == MODEL else model.name


def describe(path: Path, name: str, *, kept: bool = False, search: str = "") -> ListedRun | None:
    """The list entry for the model at ``path``, or for the run that is to save it there; None if there is neither.

    kept, search: as in :class:`ListedRun`. What cannot be read is told in ``problem``, and the rest is there.
    """
    folder, problems = path.parent, _Problems()
    is_run = path.name == MODEL
    try:
        has_model = path.is_file()
        if not (has_model or (is_run and ((folder / RECORD).is_file() or (folder / RECIPE).is_file()))):
            return None
        modified = _modified(path)
        has_recipe = is_run and (folder / RECIPE).exists()
    except OSError:
        return None
    card = problems.caught(lambda: read_card(path), None)
    record = problems.caught(lambda: read_record(folder), None) if is_run else None
    recipe = problems.caught(lambda: read_recipe(folder / RECIPE), None) if has_recipe else None
    nothing: tuple[EpochResult, ...] = ()
    history = problems.caught(lambda: read_epochs(folder), nothing) if is_run else nothing
    notes = problems.caught(lambda: read_notes(folder), Notes()) if is_run else Notes()
    status = _status(folder, record, modified) if record else Status.FINISHED if has_model else Status.INTERRUPTED
    if (record is not None or has_recipe) and status != Status.RUNNING:
        problems.add_missing(folder, status, record.model if record else "")
    training = card.training if card else None
    if training is not None:
        recipe, history = recipe or training.recipe, history or training.history
    found = ListedRun(
        path=path,
        name=name,
        kept=kept,
        modified=modified,
        card=card,
        problem=" ".join(problems.sentences),
        record=record,
        recipe=recipe,
        history=history,
        status=status,
        notes=notes,
        has_model=has_model,
        has_checkpoint=is_run and bool(checkpoints(folder)),
        search=search,
    )
    _ = found.most_accurate_epoch, found.recipe_title  # they take time: once, beside the window
    return found


def list_runs(
    folder: Path,
    *,
    with_trials: bool = True,
    describe: Callable[..., ListedRun | None] = describe,
    should_stop: ShouldStop = never_stop,
) -> list[ListedRun]:
    """The runs in ``folder``, in no particular order; none if it does not exist.

    with_trials: also those in the folders of searches there. describe: in place of :func:`describe`.
    Hidden folders and those that hold no run are skipped. Raises UserError if ``folder`` cannot be read, and Stopped.
    """
    found: list[ListedRun | None] = []
    try:
        for each in _entries(folder, should_stop):
            run = describe(each / MODEL, each.name, kept=True)
            found.append(run)
            if run is None and with_trials and is_search(each):
                trials = _entries(each, should_stop)
                found += [describe(trial / MODEL, trial.name, kept=True, search=each.name) for trial in trials]
    except OSError as error:
        raise UserError(f"{folder} could not be read ({error.strerror}). Check its permissions.") from error
    return [run for run in found if run is not None]


def is_kept(path: Path, runs: Path) -> bool:
    """Whether the model's run is among those in the folder ``runs``, or in one of their searches."""
    around = path.parent.parent
    return around == runs or (around.parent == runs and is_search(around))


def rename(model: Path, name: str) -> Path:
    """Rename the run's folder that holds the model, and return the model's new path. Raises UserError."""
    folder, name = model.parent, name.strip()
    if name == folder.name:  # which may be from a system that takes more
        return model
    check_name(name)
    if is_written(folder):
        raise UserError(f"“{folder.name}” is being trained. Rename it once it has ended.")
    new = folder.with_name(name)
    try:
        if os.path.lexists(new) and not new.samefile(folder):  # the same if the file system ignores case
            raise UserError(f"There is already a run “{name}”. Choose another name.")
        folder.rename(new)
    except OSError as error:
        raise UserError(f"“{folder.name}” could not be renamed ({error.strerror}). Choose another name.") from error
    return new / model.name


def is_trained_elsewhere(folder: Path, record: RunRecord) -> bool:
    """Whether another computer seems to be training the run: it has written to the folder within ten minutes.

    A lock does not reach other computers over every shared folder.
    """
    is_foreign = record.phase == Phase.TRAINING and record.host not in ("", platform.node())
    return is_foreign and abs(time.time() - _modified(folder / MODEL)) < SILENT_SECONDS


def _entries(folder: Path, should_stop: ShouldStop) -> Iterator[Path]:
    """What lies in a folder and is not hidden, by name. Raises OSError and Stopped."""
    for each in sorted(folder.iterdir()) if folder.exists() else ():
        if should_stop():
            raise Stopped
        if not each.name.startswith("."):
            yield each


class _Problems:
    """Collects what cannot be read of a run, as sentences."""

    def __init__(self) -> None:
        self.sentences: list[str] = []

    def caught(self, read: Callable[[], Value], otherwise: Value) -> Value:
        try:
            return read()
        except UserError as error:
            self.sentences.append(str(error))
            return otherwise

    def add_missing(self, folder: Path, status: Status, model: str) -> None:
        """Name the files that a run which nobody writes should have. Its program writes them in this order.

        model: where its model was saved instead of in the folder, or "".
        """
        if model:
            self.sentences.append(f"Its model could not be saved here, so it was saved as {model}")
        names = [RECIPE, RECORD, *([HISTORY] if status != Status.WAITING else [])]
        names += [MODEL] if status == Status.FINISHED and not model else []
        missing = [name for name in names if not os.path.lexists(folder / name)]
        if missing and not is_written(folder):
            self.sentences += [f"{folder / name} is missing. Copy the run’s folder again." for name in missing]


def _status(folder: Path, record: RunRecord, modified: float) -> Status:
    if record.phase != Phase.TRAINING:
        return Status.RUNNING if is_written(folder) else Status(record.phase)
    if record.host in ("", platform.node()):
        return Status.RUNNING if is_written(folder) else Status.INTERRUPTED
    return Status.RUNNING if abs(time.time() - modified) < SILENT_SECONDS else Status.INTERRUPTED


def _modified(path: Path) -> float:
    """When the model or its run was last written, in seconds since 1970; 0 if nothing is there."""
    names = (RECORD, HISTORY, BATCHES) if path.name == MODEL else ()
    times = []
    for each in (path, *(path.with_name(name) for name in names)):
        with suppress(OSError):
            times.append(each.stat().st_mtime)
    return max(times, default=0.0)
