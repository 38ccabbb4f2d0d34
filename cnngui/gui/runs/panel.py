"""The runs: which there are, which model is in use, what can be done with them, and how they compare."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Signal, Slot
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnngui import paths
from cnngui.core.runs.folder import MODEL
from cnngui.core.runs.library import ListedRun, is_kept
from cnngui.core.runs.record import Notes
from cnngui.core.sentences import counted
from cnngui.gui.common.actions import Actions, follow
from cnngui.gui.common.settings import Settings
from cnngui.gui.common.words import place
from cnngui.gui.runs.cells import Column
from cnngui.gui.runs.changer import RunChanger
from cnngui.gui.runs.commands import RunCommands
from cnngui.gui.runs.compare.panel import ComparePanel
from cnngui.gui.runs.filter import RunFilter
from cnngui.gui.runs.listing import Listed, Listing
from cnngui.gui.runs.model.opener import ModelOpener
from cnngui.gui.runs.rows import ModelRoles, RunTableModel
from cnngui.gui.runs.run_actions import MAIN, table
from cnngui.gui.runs.view import RunsView

EMPTY = "The models that you train appear here."


class RunsPanel(QWidget):
    """A table of the shipped model and the runs, what can be done with the selected ones, and their comparison.

    commands, run_actions: what can be done with them. changer: renames, archives and deletes them.
    notice: a message in passing.
    """

    notice = Signal(str)

    def __init__(self, runs_dir: Path, settings: Settings, opener: ModelOpener, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs_dir = runs_dir.absolute()
        self._settings = settings
        self._opener = opener
        self._wanted: list[Path] = []  # the runs to select when the list has been read
        self._typed: str | None = None  # the name that a run is being given
        self._failed_at: Path | None = None  # the current run when something failed
        self._selected: tuple[ListedRun, ...] | None = None  # None: to be looked up
        self._rows = RunTableModel(self)
        self.changer = RunChanger(self._runs_dir, settings, opener, self)
        self._listing = Listing(self._runs_dir, self._others, self.isVisible, self)
        self._view = RunsView(self._rows)
        self._table = self._view.table
        self.commands = RunCommands(lambda: self.selected, self._runs_dir, settings, self.changer, self)
        self.run_actions = Actions(table(self.commands), self, self._table)
        self._view.use_run_actions(self.run_actions, MAIN)
        self.compare = ComparePanel()
        self._view.add_comparison(self.compare, settings)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._view)
        self._connect()

    def use_actions(self, actions: Actions) -> None:
        """Let the buttons follow the actions of the window."""
        follow(self._view.open_button, actions["open model"])

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus on to the table."""
        self._table.setFocus(event.reason())

    @property
    def current(self) -> ListedRun | None:
        """The selected run, if it is the only one."""
        selected = self.selected
        return selected[0] if len(selected) == 1 else None

    @property
    def selected(self) -> tuple[ListedRun, ...]:
        """The selected runs, from above. Asking Qt for many takes long, and each action asks: it is asked once."""
        if self._selected is None:
            rows = sorted(index.row() for index in self._table.selectionModel().selectedRows())
            found = (self._rows.model_at(self._rows.index(row, 0)) for row in rows)
            self._selected = tuple(run for run in found if run is not None)
        return self._selected

    @Slot()
    def _forget_selected(self) -> None:
        self._selected = None

    @Slot()
    def refresh(self) -> None:
        """Read the list again, beside the window; not needed while the panel is hidden."""
        self._listing.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Read the list, which may have changed since it was last shown."""
        super().showEvent(event)
        self.refresh()

    def stop(self) -> None:
        """Wait until nothing is being read, renamed or deleted."""
        self._settings.runs_splitter = self._view.splitter_state
        self._listing.stop()
        self.compare.stop()
        self.changer.stop()

    @Slot()
    def rename(self) -> None:
        """Let the user type a new name for the selected run."""
        self._table.setFocus()
        self._table.edit(self._table.currentIndex().siblingAtColumn(Column.NAME))

    @Slot(object)
    def open_run(self, folder: Path) -> None:
        """List the run in a folder elsewhere, and select it. It is followed while it is being trained."""
        path = folder.absolute() / MODEL
        if not is_kept(path, self._runs_dir):
            others = [each for each in self._settings.runs_elsewhere if each != path]
            self._settings.runs_elsewhere = [path, *others]
        self._view.filter_line.show_all()
        self._wanted = [path]
        self.refresh()

    def show_runs(self, models: Sequence[Path]) -> None:
        """Select the runs of these models, and so compare them."""
        self._view.filter_line.show_all()
        self._wanted = list(models)
        self.refresh()

    # Changing a run

    @Slot(object, str)
    def _rename(self, run: ListedRun, name: str) -> None:
        self._tell(run, "")
        self._typed = name
        self.changer.rename(run, name)

    @Slot(object, object)
    def _write_notes(self, run: ListedRun, notes: Notes) -> None:
        def change(before: Notes) -> Notes:
            return replace(before, note=notes.note, tags=notes.tags)

        self.changer.write_notes([run], change)

    @Slot(object, object)
    def _moved(self, _old: Path, new: Path | None) -> None:
        if new is not None:
            self._wanted = [new]

    @Slot()
    def _changed(self) -> None:
        self._typed = None
        self.run_actions.refresh()
        self.refresh()

    # Showing

    def _others(self) -> list[Path]:
        """What is listed although it is not in the user's folder."""
        roles = self._roles()
        return [path for path in (*self._settings.runs_elsewhere, roles.in_use, roles.default) if path is not None]

    def _roles(self) -> ModelRoles:
        in_use, settings = self._opener.in_use, self._settings
        default = settings.default_model or paths.shipped_model()
        return ModelRoles(in_use.path if in_use else None, default, settings.baseline)

    @Slot(object)
    def _show(self, listed: Listed) -> None:
        in_use = self._roles().in_use
        wanted = self._wanted or [run.path for run in self.selected] or ([in_use] if in_use else [])
        row, self._wanted = self._table.currentIndex().row(), []
        was_correcting = self._table.is_correcting
        self._rows.show(listed.runs, self._roles())
        self._view.keep_failure(was_correcting and not self._table.is_correcting)
        self._select_rows(wanted, row)
        self._view.show_hint(listed.problem or self._numbers(listed.runs) or EMPTY)
        self._view.filter_line.offer(listed.runs, self._rows.rowCount())
        self._selection_changed()

    def _numbers(self, runs: Sequence[ListedRun]) -> str:
        """How many runs of the user's own there are; "" for none."""
        kept = [run for run in runs if run.kept]
        trials = sum(bool(run.search) for run in kept)
        others = f", {counted(trials, 'trial')} of searches" if trials else ""
        return f"{counted(len(kept) - trials, 'run')}{others} in {place(self._runs_dir)}" if kept else ""

    @Slot(object)
    def _filter(self, chosen: RunFilter) -> None:
        wanted, row = [run.path for run in self.selected], self._table.currentIndex().row()
        self._rows.set_filter(chosen)
        self._select_rows(wanted, row)
        self._view.filter_line.offer(self._rows.all, self._rows.rowCount())
        self._selection_changed()

    @Slot(object)
    def _show_asked(self, path: Path) -> None:
        self._view.filter_line.show_all()
        self._select_rows([path], 0)

    def _select_rows(self, wanted: list[Path], otherwise: int) -> None:
        """Select these runs, or the row ``otherwise`` if none of them is there."""
        rows = [row for path in wanted if (row := self._rows.row_of(path)) is not None]
        if not rows and self._rows.rowCount():
            rows = [min(max(otherwise, 0), self._rows.rowCount() - 1)]
        if [run.path for run in self.selected] == [self._path(row) for row in sorted(rows)]:
            return
        selection = self._table.selectionModel()
        for number, row in enumerate(rows):
            index, flag = self._rows.index(row, Column.NAME), QItemSelectionModel.SelectionFlag
            if number == 0:
                if self._failed_at is not None and self._rows.row_of(self._failed_at) is None:
                    self._failed_at = self._path(row)  # a message stays, although its run is gone
                selection.setCurrentIndex(index, flag.ClearAndSelect | flag.Rows)
                self._failed_at = self._path(row)
                self._table.scrollTo(index)
            else:
                selection.select(index, flag.Select | flag.Rows)

    def _path(self, row: int) -> Path | None:
        run = self._rows.model_at(self._rows.index(row, Column.NAME))
        return run.path if run is not None else None

    @Slot(object, str)
    def _tell(self, run: ListedRun, failure: str) -> None:
        """Say why something failed with this run, until another is selected."""
        self._failed_at = run.path
        is_typed = self._typed is not None and self.current is not None and self.current.path == run.path
        if failure and is_typed and self._table.hasFocus():
            self._table.correct(run.path, self._typed or "", failure)
        self._view.show_failure("" if self._table.is_correcting else failure)
        if failure and not self.isVisible():
            self.notice.emit(failure)

    @Slot(QModelIndex, QModelIndex)
    def _current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        run = self._rows.model_at(current)
        if run is not None and run.path != self._failed_at:
            self._view.show_failure("")

    @Slot()
    def _selection_changed(self) -> None:
        self.run_actions.refresh()
        current = self.current
        self._view.notes_editor.show_run(current if current is not None and current.kept else None)
        self.compare.show_runs(self.selected, self._rows.all, self._settings.baseline)

    def _connect(self) -> None:
        for changed in (self._rows.dataChanged, self._rows.layoutChanged, self._rows.modelReset):
            changed.connect(self._forget_selected)
        self._table.selectionModel().selectionChanged.connect(self._forget_selected)  # before all that ask
        self._rows.rename_asked.connect(self._rename)
        self._table.used.connect(self.commands.use)
        self.commands.rename_asked.connect(self.rename)
        self.commands.changed.connect(self.refresh)
        self.commands.notice.connect(self.notice)
        self._table.selectionModel().currentRowChanged.connect(self._current_changed)
        self._table.selectionModel().selectionChanged.connect(self._selection_changed)
        self._view.filter_line.changed.connect(self._filter)
        self._view.notes_editor.written.connect(self._write_notes)
        self.compare.run_asked.connect(self._show_asked)
        self._listing.read.connect(self._show)
        self.changer.moved.connect(self._moved)
        self.changer.failed.connect(self._tell)
        self.changer.began.connect(self.run_actions.refresh)
        self.changer.ended.connect(self._changed)
        self._opener.opened.connect(self.refresh)
        self._opener.failed.connect(self.refresh)
        self._opener.began.connect(self.run_actions.refresh)
        self._opener.ended.connect(self.run_actions.refresh)
