"""What the user can do with the selected runs."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices

from cnngui import paths
from cnngui.core.runs.library import ListedRun
from cnngui.core.sentences import counted
from cnngui.gui.common.settings import Settings
from cnngui.gui.runs.changer import RunChanger


class RunCommands(QObject):
    """The commands, and when each of them is possible.

    use_model: a path, when the user wants this model for prediction.
    show_curves, continue_run, longer_asked: a ListedRun, when the user wants to see its curves in the Train half, go on
    with it, or train it for more epochs.
    report_asked: a ListedRun that is to be written as a page. export_asked: the path of a model for other programs.
    rename_asked: the name of the selected run is to be typed. changed: the list is to be read again.
    notice: a message in passing.
    """

    use_model = Signal(object)
    show_curves = Signal(object)
    continue_run = Signal(object)
    longer_asked = Signal(object)
    report_asked = Signal(object)
    export_asked = Signal(object)
    rename_asked = Signal()
    changed = Signal()
    notice = Signal(str)

    def __init__(
        self,
        selected: Callable[[], tuple[ListedRun, ...]],
        runs_dir: Path,
        settings: Settings,
        changer: RunChanger,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._selected, self._runs_dir, self._settings, self._changer = selected, runs_dir, settings, changer

    @property
    def selected(self) -> tuple[ListedRun, ...]:
        """The selected runs."""
        return self._selected()

    @property
    def current(self) -> ListedRun | None:
        """The selected run, if it is the only one."""
        selected = self.selected
        return selected[0] if len(selected) == 1 else None

    @Slot()
    def use(self) -> None:
        """Predict with the selected model."""
        if self.current is not None and self.may_use():
            self.use_model.emit(self.current.path)

    @Slot()
    def ask_for_curves(self) -> None:
        """Show the curves of the selected run in the Train half."""
        if self.current is not None:
            self.show_curves.emit(self.current)

    @Slot()
    def ask_to_continue(self) -> None:
        """Go on with the selected run."""
        if self.current is not None:
            self.continue_run.emit(self.current)

    @Slot()
    def ask_to_train_longer(self) -> None:
        """Train the selected run for more epochs."""
        if self.current is not None:
            self.longer_asked.emit(self.current)

    @Slot()
    def ask_for_report(self) -> None:
        """Write the selected run as a page."""
        if self.current is not None:
            self.report_asked.emit(self.current)

    @Slot()
    def ask_for_export(self) -> None:
        """Write the selected model for other programs."""
        if self.current is not None and self.may_use():
            self.export_asked.emit(self.current.path)

    @Slot()
    def make_default(self) -> None:
        """Open the selected model at every start."""
        if self.current is not None:
            path = self.current.path
            self._settings.default_model = None if path == paths.shipped_model() else path
            self.changed.emit()

    @Slot()
    def pin(self) -> None:
        """Compare the others with the selected run, or no longer."""
        if self.current is not None:
            self._settings.baseline = None if self.is_baseline else self.current.path
            self.changed.emit()

    @Slot()
    def archive(self) -> None:
        """Hide the selected runs from the list, or bring them back."""
        runs = self.selected
        if runs and self.may_change():
            is_archived = not all(run.notes.archived for run in runs)
            what = f"“{runs[0].name}” is" if len(runs) == 1 else f"{counted(len(runs), 'run')} are"
            notice = f"{what} archived: choose “Archived” above the list." if is_archived else f"{what} active again."
            self._changer.write_notes(runs, lambda notes: replace(notes, archived=is_archived), notice)

    @Slot()
    def rename(self) -> None:
        """Give the selected run another name."""
        if self.may_rename():
            self.rename_asked.emit()

    @Slot()
    def show_folder(self) -> None:
        """Open the selected run's folder in the file manager."""
        if self.current is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.current.folder)))

    @Slot()
    def show_runs(self) -> None:
        """Open the folder of the runs in the file manager."""
        try:
            self._runs_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self.notice.emit(f"{self._runs_dir} cannot be created ({error.strerror}). Check its permissions.")
            return
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._runs_dir)))

    @Slot()
    def delete(self) -> None:
        """Delete the selected runs; that can be undone."""
        if self.selected and self.may_change():
            self._changer.delete(self.selected)

    @Slot()
    def remove_from_list(self) -> None:
        """List the selected run elsewhere no more."""
        if self.current is not None:
            path = self.current.path
            self._settings.runs_elsewhere = [each for each in self._settings.runs_elsewhere if each != path]
            self.changed.emit()

    # Conditions

    @property
    def is_baseline(self) -> bool:
        """Whether the selected run is the one that others are compared with."""
        return self.current is not None and self.current.path == self._settings.baseline

    def may_use(self) -> bool:
        """Whether one model is selected that can answer; also the one in use: that asks it again."""
        return self.current is not None and self.current.has_model and not self._changer.is_running

    def may_be_default(self) -> bool:
        """Whether another model than the default is selected."""
        return (
            self.may_use()
            and self.current is not None
            and self.current.path != (self._settings.default_model or paths.shipped_model())
        )

    def may_change(self) -> bool:
        """Whether runs of the user's own are selected, and nothing else is being changed."""
        return bool(self.selected) and all(run.kept for run in self.selected) and self._changer.is_free

    def may_rename(self) -> bool:
        """Whether a single one of them is selected."""
        return self.current is not None and self.may_change()

    def may_remove(self) -> bool:
        """Whether a run elsewhere is selected."""
        return self.current is not None and self.current.path in self._settings.runs_elsewhere
