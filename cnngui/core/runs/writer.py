"""Writes a run's folder while the run is trained. What cannot be written is told, and never ends the training."""

import os
import re
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnngui.core.answers.saved_answers import answers_path
from cnngui.core.errors import UserError
from cnngui.core.files import is_folder, remove_unfinished, replacing, unfinished
from cnngui.core.models.card import card_path
from cnngui.core.models.litert import litert_path
from cnngui.core.models.samples import samples_path
from cnngui.core.models.trained_on import digests_path
from cnngui.core.progress import BatchProgress, Earlier, EpochResult, Report, Reported, Trouble, no_report
from cnngui.core.reading import read_bytes
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.recipes.toml_file import read_recipe, write_recipe
from cnngui.core.runs.checkpoint import (
    KEPT,
    Checkpoint,
    checkpoint_name,
    checkpoints,
    newest_checkpoint,
    prune,
    write_checkpoint,
)
from cnngui.core.runs.features import remove_features
from cnngui.core.runs.folder import BATCHES, FIRST_MODEL, HISTORY, MODEL, RECIPE, RECORD
from cnngui.core.runs.history import (
    MOST_BATCHES,
    append_batches,
    append_epoch,
    no_batches,
    read_batches,
    row,
    write_history,
)
from cnngui.core.runs.lock import RunLock
from cnngui.core.runs.record import Phase, RunRecord, Session, write_record

BATCHES_SECONDS = 1.0  # between two writes: whoever follows the run sees it within that time
CHECKPOINT_SECONDS = 120.0  # the longest time without a checkpoint, also within an epoch
CHECKPOINT_SHARE = 0.01  # of the training's time, at most
EARLIER_ROWS = 2000  # of a run that goes on, reported
DIGESTS, ANSWERS = digests_path(Path(MODEL)).name, answers_path(Path(MODEL)).name
LITERT, SAMPLES = litert_path(Path(MODEL)).name, samples_path(Path(MODEL)).name
WRITTEN = (MODEL, card_path(Path(MODEL)).name, LITERT, DIGESTS, SAMPLES, ANSWERS, RECIPE, RECORD, HISTORY, BATCHES)
UNFINISHED = (*map(unfinished, WRITTEN), re.compile(r"\.checkpoint-\d{9}-cnngui-[a-z0-9_]{8}\.npz"))
"""The names of half-written files (:func:`cnngui.core.files.replacing`)."""


class RunWriter:
    """The one writer of a run's folder; make it with :func:`cnngui.core.runs.opening.open_run`.

    recipe, record: as they are in the folder. checkpoint: the newest one, or None before there is one.
    has_begun: whether the training has begun, or goes on. is_lengthened: whether it goes on for more epochs than
    it was planned for. was_trained: whether it goes on from something that is worth keeping. checkpoint_seconds: how
    long all checkpoints have taken. lock: the folder's, if it is held.
    """

    def __init__(
        self,
        folder: Path,
        recipe: Recipe,
        record: RunRecord,
        report: Report = no_report,
        lock: RunLock | None = None,
    ) -> None:
        self.folder = folder
        self.recipe, self.record = recipe, record
        self.checkpoint: Checkpoint | None = None
        self.has_begun = self.is_lengthened = self.was_trained = False
        self._report, self._lock = report, lock
        self._epochs: list[EpochResult] = []
        self._batches: list[NDArray[np.void]] = []
        self._written_rows = 0
        self._written = 0.0  # when rows were last written
        self._began = self._checkpointed = time.monotonic()
        self._cost = 0.0  # of the last checkpoint, in seconds
        self.checkpoint_seconds = 0.0
        self._is_incomplete = False  # the folder lacks something that could not be written
        self._is_untouched = False  # the folder holds what was there before, until this run begins
        self._is_taken = False  # another program trains a run in the folder by now
        self._told: set[str] = set()
        self._epoch_end = ""  # the name of the newest checkpoint at the end of an epoch
        self._origin: tuple[str, ...] = ()  # the names of the checkpoints that the run went on with
        self._before: dict[str, bytes | None] = {}  # its other files, as they were when it went on

    @property
    def rows(self) -> int:
        """How many rows of batches the run has."""
        return len(self._batches)

    # The record and the recipe

    def open(self, *, resume: bool, at_epoch_end: bool = False) -> None:
        """Find the checkpoint to go on from, if ``resume``; else write the files of a run that begins.

        If there is another run, it stays until this one begins.

        at_epoch_end: go on from the newest checkpoint at the end of an epoch.
        Raises OSError.
        """
        remove_unfinished(self.folder, UNFINISHED, nobody_writes=True)
        if not resume:
            self._is_untouched = bool(checkpoints(self.folder)) or any(
                os.path.lexists(self.folder / name) for name in (RECIPE, RECORD, HISTORY)
            )
            if not self._is_untouched:  # otherwise it would be lost although the data may turn out to be unreadable
                self._write_all()
            return
        self._is_untouched = True
        with suppress(UserError):
            planned = read_recipe(self.folder / RECIPE)
            self.is_lengthened = self.recipe.optimization.epochs > planned.optimization.epochs
        self.checkpoint = newest_checkpoint(self.folder, at_epoch_end=at_epoch_end)
        self.was_trained = self.checkpoint is not None or os.path.lexists(self.folder / MODEL)
        if self.checkpoint is not None:
            self._find_epoch_end(self.checkpoint)
            self._tell_of_damage(self.checkpoint, at_epoch_end)
            self._epochs = list(self.checkpoint.history)
            with suppress(UserError):  # the curves within the epochs are lost then, no more
                self._batches = list(read_batches(self.folder)[: self.checkpoint.rows].reshape(-1, 1))

    def begin(self, record: RunRecord, recipe: Recipe) -> None:
        """The training begins, or goes on from the checkpoint: what was written after that is given up."""
        self.has_begun, self._is_untouched = True, False
        self._before = _contents(self.folder) if self.was_trained else {}
        newest = self.folder / checkpoint_name(self.checkpoint.steps) if self.checkpoint is not None else None
        keep = 0 if newest is None else KEPT
        self._prune(keep, newest, [self._epoch_end])  # first: a later one does not suit another rate
        self._origin = tuple(filter(None, (newest.name, self._epoch_end))) if newest is not None else ()
        self.record, self.recipe = replace(record, phase=Phase.TRAINING, reason="", model=""), recipe
        self._is_incomplete = not self._try(self._write_all, anew=True)
        if self.checkpoint is not None:
            every = self.rows // EARLIER_ROWS + 1
            rows = _joined(self._batches)[::every][["epoch", "loss", "accuracy"]].tolist()
            self._report(Earlier(tuple(self._epochs), tuple(rows)))

    def describe(self, record: RunRecord, recipe: Recipe) -> None:
        """The record and the recipe are these now."""
        self.record, self.recipe = record, recipe
        self._try(self._write_description, anew=True)

    def begin_session(self, session: Session) -> None:
        """The training itself begins."""
        self.describe(replace(self.record, sessions=(*self.record.sessions, session)), self.recipe)

    def end(self, phase: Phase, reason: str = "", model: Path | None = None) -> None:
        """The training has ended so. Of its checkpoints, the newest stays: the run can be trained longer from it.

        model: where its model was saved, if that is not in the folder.
        """
        self.flush()
        elsewhere = str(model.absolute()) if model is not None else ""
        self.describe(replace(self.record, phase=phase, reason=reason, model=elsewhere), self.recipe)
        self._complete()
        self._remove_first_model()
        if phase == Phase.FAILED:
            self._prune(KEPT, spare=[self._epoch_end])
        else:
            remove_features(self.folder)
            self._prune(1)

    def go_back(self) -> bool:
        """Make a run that went on what it was before; whether that has succeeded. Its model was never touched."""
        there = {path.name for path in checkpoints(self.folder)}
        if not self.was_trained or not there.issuperset(self._origin):
            return False
        newest = self.folder / self._origin[0] if self._origin else None
        self._prune(KEPT if newest is not None else 0, newest, self._origin)
        return self._try(self._write_before)

    def _write_before(self) -> None:
        for name, content in self._before.items():
            if content is None:
                (self.folder / name).unlink(missing_ok=True)
                continue
            with replacing(self.folder / name) as new:
                new.write_bytes(content)

    def remove(self) -> None:
        """Remove the folder's files, since nothing was learnt; another run that was to be replaced stays."""
        if self._is_untouched or not self._try(lambda: prune(self.folder, 0)):
            return
        remove_unfinished(self.folder, UNFINISHED, nobody_writes=True)
        remove_features(self.folder)
        self._remove_first_model()
        for name in (RECIPE, RECORD, HISTORY, BATCHES):
            with suppress(OSError):
                (self.folder / name).unlink()

    def _remove_first_model(self) -> None:
        for path in (self.folder / FIRST_MODEL, card_path(self.folder / FIRST_MODEL)):
            with suppress(OSError):
                path.unlink(missing_ok=True)

    # The history

    def add(self, value: Reported) -> None:
        """Keep what a report adds to the history. Rows are written once a second."""
        if isinstance(value, BatchProgress):
            self._batches.append(row(value))
            if time.monotonic() - self._written >= BATCHES_SECONDS:
                self.flush()
        elif isinstance(value, EpochResult):
            self._epochs.append(value)
            self.flush()
            if not self._is_incomplete:
                self._try(lambda: append_epoch(self.folder, value))
        else:
            self.stay_alive()

    def stay_alive(self) -> None:
        """Give a sign of life to whoever follows the run, once a second; a run that is silent counts as interrupted."""
        if self._is_untouched:  # on another computer, it would seem to be trained where it was trained before
            return
        if time.monotonic() - self._written >= BATCHES_SECONDS:
            self._written = time.monotonic()
            with suppress(OSError):
                os.utime(self.folder / BATCHES)

    def flush(self) -> None:
        """Write the rows that are not written yet."""
        self._written = time.monotonic()
        new, is_new = self._batches[self._written_rows :], self.rows > self._written_rows
        if is_new and not self._is_incomplete:
            self._try(lambda: append_batches(self.folder, new))
            self._written_rows = self.rows

    # Checkpoints

    def is_due(self, *, at_epoch_end: bool) -> bool:
        """Whether a checkpoint is to be written now: it takes at most a hundredth of the time."""
        elapsed = time.monotonic() - self._began
        if not at_epoch_end and time.monotonic() - self._checkpointed < CHECKPOINT_SECONDS:
            return False
        return self.checkpoint_seconds + self._cost <= CHECKPOINT_SHARE * elapsed or self.checkpoint_seconds == 0

    def save(self, make: Callable[[], Checkpoint]) -> None:
        """Write a checkpoint, unless its numbers are not all finite."""
        began = time.monotonic()
        self.flush()
        made = make()
        if made.is_finite:
            self.checkpoint = made
            if not made.batch:
                self._epoch_end = checkpoint_name(made.steps)
            spare = [self._epoch_end, *self._origin]
            if self._try(lambda: write_checkpoint(self.folder, made, spare=spare), anew=True):
                self._complete()
        self._checkpointed = time.monotonic()
        self._cost = self._checkpointed - began
        self.checkpoint_seconds += self._cost

    def _complete(self) -> None:
        """Write everything anew if the folder lacks something."""
        if self._is_incomplete:
            self._is_incomplete = not self._try(self._write_all, anew=True)

    def _find_epoch_end(self, used: Checkpoint) -> None:
        found = newest_checkpoint(self.folder, at_epoch_end=True) if used.batch else used
        if found is not None and not found.batch:
            self._epoch_end = checkpoint_name(found.steps)

    def _tell_of_damage(self, used: Checkpoint, at_epoch_end: bool) -> None:
        newest = checkpoints(self.folder)[0]
        if not at_epoch_end and newest.name != checkpoint_name(used.steps):
            text = (
                f"{newest.name} is damaged. The run goes on from the checkpoint before it, after epoch {used.epoch:,}."
            )
            self._report(Trouble(text))

    def _write_description(self) -> None:
        write_recipe(self.recipe, self.folder / RECIPE)
        write_record(self.folder, self.record)

    def _write_all(self) -> None:
        self._write_description()
        write_history(self.folder, self._epochs, _joined(self._batches))
        self._written_rows = self.rows

    def claim(self, *, anew: bool = True) -> None:
        """Make sure that nobody else writes the run, also if its folder was removed meanwhile.

        anew: make the folder if it is gone.
        Raises UserError if another program trains a run there by now: that one is left alone for good. And OSError.
        """
        if not self._is_taken:
            if anew:
                self.folder.mkdir(parents=True, exist_ok=True)
            try:
                if self._lock is not None:
                    self._lock.renew()
                return
            except UserError:
                self._is_taken = True
        raise UserError(
            f"Another window or command trains a run in {self.folder} by now. "
            "Save the model of this training elsewhere."
        )

    def _try(self, write: Callable[[], None], *, anew: bool = False) -> bool:
        """Write something; if that fails, tell why, and write everything anew with the next checkpoint.

        anew: it makes the folder if that is gone.
        """
        try:
            self.claim(anew=anew)
            write()
        except OSError as error:
            self._is_incomplete = True
            self._tell(error)
            return False
        except UserError as error:
            self._is_incomplete = True
            self._tell_once(str(error), str(error))
            return False
        return True

    def _prune(self, keep: int, newest: Path | None = None, spare: Collection[str] = ()) -> None:
        self._try(lambda: prune(self.folder, keep, newest, spare))

    def _tell(self, error: OSError) -> None:
        reason = error.strerror or str(error)
        if not is_folder(self.folder):
            text = f"The run’s folder is gone ({self.folder}). The training goes on, and its model is saved there."
        else:
            text = (
                f"Nothing can be written in {self.folder} ({reason}). The training goes on, but it cannot be continued "
                "if it is interrupted. Free some space there."
            )
        self._tell_once(reason, text)

    def _tell_once(self, reason: str, text: str) -> None:
        if reason not in self._told:
            self._told.add(reason)
            self._report(Trouble(text))


def _joined(batches: list[NDArray[np.void]]) -> NDArray[np.void]:
    return np.concatenate(batches) if batches else no_batches()


def _contents(folder: Path) -> dict[str, bytes | None]:
    """What the files hold that a run's going on changes, without its checkpoints.

    None for a file that is not there; those that cannot be read are left out.
    """
    found: dict[str, bytes | None] = {}
    for name in (RECIPE, HISTORY, BATCHES, RECORD):
        try:
            found[name] = read_bytes(folder / name, MOST_BATCHES)
        except FileNotFoundError:
            found[name] = None
        except OSError:
            continue
    return found
