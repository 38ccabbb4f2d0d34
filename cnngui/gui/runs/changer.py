"""Renames, archives and deletes runs beside the window, one change at a time."""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from cnngui.core.errors import UserError
from cnngui.core.progress import ShouldStop
from cnngui.core.runs import library
from cnngui.core.runs.deleted import bring_back, put_aside, put_aside_in, to_discard
from cnngui.core.runs.folder import MODEL
from cnngui.core.runs.library import ListedRun, model_name
from cnngui.core.runs.record import Notes, read_notes, write_notes
from cnngui.core.sentences import counted
from cnngui.gui.common.settings import Settings
from cnngui.gui.common.strips.offer_strip import Suggestion
from cnngui.gui.common.trash import to_trash
from cnngui.gui.common.worker import Deliver, Task, Work
from cnngui.gui.runs.model.opener import ModelOpener

BUSY = "Another model or run is being opened or changed. Wait for it, then try again."


@dataclass
class _NotesChange:
    """Notes to be written. paths: of the runs' models, which follow the runs. run: the first one, as it was listed."""

    paths: tuple[Path, ...]
    run: ListedRun
    change: Callable[[Notes], Notes]
    notice: str

    def write(self) -> None:
        """Raises UserError."""
        for path in self.paths:
            write_notes(path.parent, self.change(read_notes(path.parent)))  # another window may have written them


class RunChanger(QObject):
    """Keeps the default model, the baseline and the model in use right while runs are renamed and deleted.

    A deleted run is put aside until the next one is deleted or the window closes; then it goes to the trash.
    began, ended: of a change. moved: a path, and the model's new path, or None if it was deleted.
    back: the path of a deleted model, and where it is now that the deletion is undone.
    failed: a ListedRun, and a sentence that says why it is as it was. notice: a message in passing.
    suggested: a Suggestion to undo.
    """

    began = Signal()
    ended = Signal()
    moved = Signal(object, object)
    back = Signal(object, object)
    failed = Signal(object, str)
    notice = Signal(str)
    suggested = Signal(object)

    def __init__(self, runs_dir: Path, settings: Settings, opener: ModelOpener, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runs_dir, self._settings, self._opener = runs_dir, settings, opener
        self._aside: dict[Path, str] = {}  # deleted by the last deletion, and what it was called
        self._was_default: Path | None = None  # of what it deleted
        self._was_baseline: Path | None = None
        self._task = Task(self)
        self._notes: list[_NotesChange] = []  # to be written
        self._task.finished.connect(self._write_next_notes)
        self._task.finished.connect(self.ended)

    @property
    def is_running(self) -> bool:
        """Whether a run is being changed."""
        return self._task.is_running

    @property
    def is_free(self) -> bool:
        """Whether a run can be changed now."""
        return not self.is_running and not self._opener.is_running

    @property
    def can_undo(self) -> bool:
        """Whether a deletion can be undone."""
        return bool(self._aside) and self.is_free

    def stop(self) -> None:
        """Wait until nothing is being changed, and move what was deleted to the trash: the window closes."""
        self._task.wait()
        for notes in self._notes:
            with suppress(UserError):  # nobody is there to be told
                notes.write()
        self._notes = []
        to_trash(to_discard(put_aside_in(self._runs_dir)))

    def rename(self, run: ListedRun, name: str) -> None:
        """Give the run another name."""

        def work(_report: Deliver, _should_stop: ShouldStop) -> Path:
            return library.rename(run.path, name)

        self._change(run, work, lambda new: self._move(run.path, new))

    def write_notes(self, runs: Sequence[ListedRun], change: Callable[[Notes], Notes], notice: str = "") -> None:
        """Change what the user says of the runs, now or after the change that is going on.

        A model that is being opened does not read the notes, so nothing has to wait for it.
        """
        self._notes.append(_NotesChange(tuple(run.path for run in runs), runs[0], change, notice))
        self._write_next_notes()

    @Slot()
    def _write_next_notes(self) -> None:
        if self.is_running or not self._notes:
            return
        writing = self._notes.pop(0)

        def work(_report: Deliver, _should_stop: ShouldStop) -> None:
            writing.write()

        def take(_result: object) -> None:
            if writing.notice:
                self.notice.emit(writing.notice)

        self._start(writing.run, work, take)

    def delete(self, runs: Sequence[ListedRun]) -> None:
        """Put the runs aside, so that it can be undone. What is gone already is only forgotten."""
        before, folder = self._aside, self._runs_dir

        def work(_report: Deliver, _should_stop: ShouldStop) -> dict[Path, str]:
            aside: dict[Path, str] = {}
            try:
                for run in runs:
                    if os.path.lexists(run.folder):
                        aside[put_aside(run.folder)] = run.folder.name
            except Exception:  # whatever it is: what stays put aside without an offer to undo it goes to the trash
                for path, name in aside.items():
                    bring_back(path, name)
                raise
            if aside:
                to_trash(to_discard(path for path in put_aside_in(folder) if path in before))
            return aside

        def take(aside: dict[Path, str]) -> None:
            paths = [run.path for run in runs]
            default, baseline = self._settings.default_model, self._settings.baseline
            for path in paths:
                self._forget(path)
            if not aside:
                return
            self._aside = aside
            self._was_default = default if default in paths else None
            self._was_baseline = baseline if baseline in paths else None
            what = f"“{runs[0].name}” is" if len(runs) == 1 else f"{counted(len(runs), 'run')} are"
            self.suggested.emit(Suggestion(f"{what} deleted.", "Undo", "Bring back what was deleted", self.undo))

        self._change(runs[0], work, take)

    def delete_run(self, path: Path) -> None:
        """Delete a run by the path of its model, as :meth:`delete` does."""
        self.delete([ListedRun(path, model_name(path), kept=True, modified=0.0, card=None)])

    @Slot()
    def undo(self) -> None:
        """Bring back what was deleted last."""
        aside = self._aside
        if not self.can_undo:
            return

        def work(_report: Deliver, _should_stop: ShouldStop) -> list[Path]:
            return [bring_back(path, name) for path, name in aside.items()]

        def take(back: list[Path]) -> None:
            self._aside = {}
            for name, path in reversed([*zip(aside.values(), back, strict=True)]):  # so places in the queue are right
                self._restore(path.with_name(name) / MODEL, path / MODEL)
            self.notice.emit(f"“{back[0].name}” is back." if len(back) == 1 else f"{len(back):,} runs are back.")

        self._task.start(work, succeeded=take, failed=lambda error: self.notice.emit(str(error)))
        self.began.emit()

    def _move(self, old: Path, new: Path) -> None:
        self._opener.rename(old, new)
        for notes in self._notes:
            notes.paths = tuple(new if path == old else path for path in notes.paths)
        if self._settings.default_model == old:
            self._settings.default_model = new
        if self._settings.baseline == old:
            self._settings.baseline = new
        self.moved.emit(old, new)

    def _forget(self, path: Path) -> None:
        for notes in self._notes:
            notes.paths = tuple(each for each in notes.paths if each != path)
        if self._settings.default_model == path:
            self._settings.default_model = None
        if self._settings.baseline == path:
            self._settings.baseline = None
        if self._opener.in_use is not None and self._opener.in_use.path == path:
            self._opener.open_default()
        self.moved.emit(path, None)

    def _restore(self, old: Path, new: Path) -> None:
        """Give a model its roles back, unless another has them by now."""
        if old == self._was_default and self._settings.default_model is None:
            self._settings.default_model = new
        if old == self._was_baseline and self._settings.baseline is None:
            self._settings.baseline = new
        self.back.emit(old, new)

    def _change(self, run: ListedRun, work: Work, take: Deliver) -> None:
        if not self.is_free:
            self.failed.emit(run, BUSY)
            return
        self._start(run, work, take)

    def _start(self, run: ListedRun, work: Work, take: Deliver) -> None:
        self._task.start(work, succeeded=take, failed=lambda error: self.failed.emit(run, str(error)))
        self.began.emit()
