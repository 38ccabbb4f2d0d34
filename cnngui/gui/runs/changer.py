"""Renames and deletes models beside the window, one at a time."""

from pathlib import Path

from PySide6.QtCore import QFile, QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from cnngui.core.progress import ShouldStop
from cnngui.core.runs import library
from cnngui.core.runs.library import ListedRun, describe, model_name
from cnngui.gui.common import questions
from cnngui.gui.common.settings import Settings
from cnngui.gui.common.worker import Deliver, Task, Work
from cnngui.gui.runs.opener import ModelOpener

BUSY = "Another model is being opened or changed. Wait for it, then try again."


class ModelChanger(QObject):
    """Keeps the default model and the model in use right while models are renamed and deleted.

    began, ended: of a change. moved: a path, and the model's new path, or None if it was deleted.
    failed: a ListedRun, and a sentence that says why it is as it was. notice: a message in passing.
    """

    began = Signal()
    ended = Signal()
    moved = Signal(object, object)
    failed = Signal(object, str)
    notice = Signal(str)

    def __init__(self, settings: Settings, opener: ModelOpener, parent: QWidget) -> None:
        super().__init__(parent)
        self._settings, self._opener, self._widget = settings, opener, parent
        self._undeletable: ListedRun | None = None  # could not be moved to the trash
        self._task = Task(self)
        self._task.finished.connect(self._finish)

    @property
    def is_running(self) -> bool:
        """Whether a model is being changed."""
        return self._task.is_running

    @property
    def is_free(self) -> bool:
        """Whether a model can be changed now."""
        return not self.is_running and not self._opener.is_running

    def wait(self) -> None:
        """Wait until nothing is being renamed or deleted."""
        self._task.wait()

    def rename(self, model: ListedRun, name: str) -> None:
        """Give the model another name."""

        def work(_report: Deliver, _should_stop: ShouldStop) -> Path:
            return library.rename(model.path, name)

        def take(new: Path) -> None:
            self._opener.rename(model.path, new)
            if self._settings.default_model == model.path:
                self._settings.default_model = new
            self.moved.emit(model.path, new)

        self._change(model, work, take)

    def delete(self, model: ListedRun) -> None:
        """Move the model to the trash; where there is none, ask before it is deleted for good."""

        def work(_report: Deliver, _should_stop: ShouldStop) -> bool:
            return QFile(model.path.parent).moveToTrash()

        def take(in_trash: bool) -> None:
            if in_trash:
                self._forget(model, f"“{model.name}” was moved to the trash.")
            else:
                self._undeletable = model

        self._change(model, work, take)

    def delete_run(self, path: Path) -> None:
        """Delete the model of a run by its path, as :meth:`delete` does."""
        if (model := describe(path, model_name(path), kept=True)) is not None:
            self.delete(model)

    def _delete_for_good(self, model: ListedRun) -> None:
        def work(_report: Deliver, _should_stop: ShouldStop) -> None:
            library.delete(model.path)

        self._change(model, work, lambda _: self._forget(model, f"“{model.name}” is deleted."))

    def _forget(self, model: ListedRun, notice: str) -> None:
        if self._settings.default_model == model.path:
            self._settings.default_model = None
        if self._opener.in_use is not None and self._opener.in_use.path == model.path:
            self._opener.open_default()
        self.moved.emit(model.path, None)
        self.notice.emit(notice)

    def _change(self, model: ListedRun, work: Work, take: Deliver) -> None:
        if not self.is_free:
            self.failed.emit(model, BUSY)
            return
        self._task.start(work, succeeded=take, failed=lambda error: self.failed.emit(model, str(error)))
        self.began.emit()

    @Slot()
    def _finish(self) -> None:
        model, self._undeletable = self._undeletable, None
        if model is not None and self._widget.window().isVisible() and questions.may_delete(self._widget, model.name):
            self._delete_for_good(model)
        self.ended.emit()
