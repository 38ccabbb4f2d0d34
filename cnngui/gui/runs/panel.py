"""The models: which there are, which is in use, and what can be done with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QFocusEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cnngui import paths
from cnngui.core.errors import UserError
from cnngui.core.progress import ShouldStop
from cnngui.core.runs.library import ListedRun, describe, list_runs, model_name
from cnngui.core.sentences import counted
from cnngui.gui.common.actions import Action, Actions, follow
from cnngui.gui.common.settings import Settings
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.common.words import place
from cnngui.gui.common.worker import LatestTask
from cnngui.gui.runs.changer import ModelChanger
from cnngui.gui.runs.opener import ModelOpener
from cnngui.gui.runs.rows import Column, ModelRoles, ModelTableModel
from cnngui.gui.runs.table import ModelTable

EMPTY = "The models that you train appear here."


@dataclass(frozen=True)
class _Listing:
    """The models, and why the trained ones cannot be listed, or ""."""

    models: tuple[ListedRun, ...]
    problem: str


class RunsPanel(QWidget):
    """A table of the shipped model and the trained ones, and buttons for the selected one.

    model_actions: what can be done with it.
    use_model: a path, when the user wants this model for prediction.
    show_curves: a ListedRun, when the user wants to see its training's curves.
    changer: renames and deletes them. notice: a message in passing.
    """

    use_model = Signal(object)
    show_curves = Signal(object)
    notice = Signal(str)

    def __init__(self, runs_dir: Path, settings: Settings, opener: ModelOpener, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs_dir = runs_dir.absolute()
        self._settings = settings
        self._opener = opener
        self._listing = LatestTask(self)
        self.changer = ModelChanger(settings, opener, self)
        self._wanted: Path | None = None  # the model to select when the list has been read
        self._typed: str | None = None  # the name that a model is being given
        self._failed_at: Path | None = None  # the selected model when something failed
        self._rows = ModelTableModel(self)
        self._table = ModelTable(self._rows)
        self._hint, self._failure = QLabel(EMPTY), QLabel()
        self._open_button = QPushButton("Open a model …")
        self.model_actions = Actions(self._action_table(), self, self._table)
        self._lay_out()
        self._connect()

    def use_actions(self, actions: Actions) -> None:
        """Let the buttons follow the actions of the window."""
        follow(self._open_button, actions["open model"])

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus on to the table."""
        self._table.setFocus(event.reason())

    @property
    def current(self) -> ListedRun | None:
        """The selected model."""
        return self._rows.model_at(self._table.currentIndex())

    @Slot()
    def refresh(self) -> None:
        """Read the list again, beside the window; not needed while the panel is hidden."""
        if not self.isVisible():
            return
        folder, roles = self._runs_dir, self._roles()
        self._listing.do(lambda _report, should_stop: _list(folder, roles, should_stop), self._show)

    def showEvent(self, event: QShowEvent) -> None:
        """Read the list, which may have changed since it was last shown."""
        super().showEvent(event)
        self.refresh()

    def stop(self) -> None:
        """Wait until nothing is being read, renamed or deleted."""
        self._listing.stop()
        self.changer.wait()

    # Actions

    @Slot()
    def use(self) -> None:
        """Predict with the selected model."""
        if self.current is not None and self._may_use():
            self.use_model.emit(self.current.path)

    @Slot()
    def ask_for_curves(self) -> None:
        """Show the curves of the selected model's training."""
        if self.current is not None:
            self.show_curves.emit(self.current)

    @Slot()
    def make_default(self) -> None:
        """Open the selected model at every start."""
        if self.current is not None:
            path = self.current.path
            self._settings.default_model = None if path == paths.shipped_model() else path
            self.refresh()

    @Slot()
    def rename(self) -> None:
        """Let the user type a new name for the selected model."""
        self._table.setFocus()
        self._table.edit(self._table.currentIndex().siblingAtColumn(Column.NAME))

    @Slot()
    def show_folder(self) -> None:
        """Open the selected model's folder in the file manager."""
        if self.current is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.current.path.parent)))

    @Slot()
    def show_runs(self) -> None:
        """Open the folder of the trained models in the file manager."""
        try:
            self._runs_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self.notice.emit(f"{self._runs_dir} cannot be created ({error.strerror}). Check its permissions.")
            return
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._runs_dir)))

    @Slot()
    def delete(self) -> None:
        """Move the selected model to the trash; where there is none, ask before it is deleted for good."""
        if self.current is not None and self._may_change():
            self._tell(self.current, "")
            self.changer.delete(self.current)

    def _action_table(self) -> list[Action]:
        def has_current() -> bool:
            return self.current is not None

        def may_be_default() -> bool:
            return self.current is not None and self.current.path != self._roles().default

        def has_curves() -> bool:
            return self.current is not None and self.current.has_curves

        return [
            Action(
                "use",
                "Use",
                self.use,
                key="Enter",
                other_keys=("Return",),
                tip="Predict with this model",
                enabled=self._may_use,
            ),
            Action(
                "show curves",
                "Show curves",
                self.ask_for_curves,
                tip="Show loss and accuracy of its training, epoch by epoch",
                enabled=has_curves,
            ),
            Action(
                "make default",
                "Make default",
                self.make_default,
                tip="Open this model at every start",
                enabled=may_be_default,
            ),
            Action("rename", "Rename", self.rename, key="F2", tip="Change its name", enabled=self._may_change),
            Action(
                "show folder",
                "Show in folder",
                self.show_folder,
                tip="Open its folder in the file manager",
                enabled=has_current,
            ),
            Action(
                "delete",
                "Delete",
                self.delete,
                key=QKeySequence.StandardKey.Delete,
                tip="Move it to the trash",
                enabled=self._may_change,
            ),
        ]

    def _may_use(self) -> bool:
        return self.current is not None and not self.changer.is_running  # also the one in use: that asks it again

    def _may_change(self) -> bool:
        return self.current is not None and self.current.kept and self.changer.is_free

    # Changing a model

    @Slot(object, str)
    def _rename(self, model: ListedRun, name: str) -> None:
        self._tell(model, "")
        self._typed = name
        self.changer.rename(model, name)

    @Slot(object, object)
    def _moved(self, _old: Path, new: Path | None) -> None:
        self._wanted = new

    @Slot()
    def _changed(self) -> None:
        self._typed = None
        self.model_actions.refresh()
        self.refresh()

    # Showing

    def _roles(self) -> ModelRoles:
        in_use = self._opener.in_use
        return ModelRoles(in_use.path if in_use else None, self._settings.default_model or paths.shipped_model())

    def _show(self, listing: _Listing) -> None:
        wanted = self._wanted or (self.current.path if self.current else self._roles().in_use)
        row, self._wanted = self._table.currentIndex().row(), None
        was_correcting = self._table.is_correcting
        self._rows.show(listing.models, self._roles())
        self._failure.setVisible(self._failure.isVisible() or (was_correcting and not self._table.is_correcting))
        found = self._rows.row_of(wanted) if wanted else None
        row = min(max(row, 0), self._rows.rowCount() - 1) if found is None else found
        selected = self._rows.model_at(self._rows.index(row, Column.NAME))
        self._failed_at = selected.path if selected else None  # a message stays, although its model may be gone
        self._table.selectRow(row)
        kept = sum(model.kept for model in listing.models)
        number = f"{counted(kept, 'trained model')} in {place(self._runs_dir)}"
        self._hint.setText(listing.problem or (number if kept else EMPTY))
        self.model_actions.refresh()

    @Slot(object, str)
    def _tell(self, model: ListedRun, failure: str) -> None:
        """Say why something failed with this model, until another is selected."""
        self._failed_at = model.path
        self._failure.setText(failure)
        if failure and self._typed is not None and self.current == model and self._table.hasFocus():
            self._table.correct(model.path, self._typed, failure)
        self._failure.setVisible(bool(failure) and not self._table.is_correcting)
        if failure and not self.isVisible():
            self.notice.emit(failure)

    @Slot(QModelIndex, QModelIndex)
    def _selected(self, _current: QModelIndex, _previous: QModelIndex) -> None:
        if self.current is not None and self.current.path != self._failed_at:
            self._failure.hide()
        self.model_actions.refresh()

    # Setting up

    def _connect(self) -> None:
        self._rows.rename_asked.connect(self._rename)
        self._table.use_asked.connect(self.use)
        self._table.selectionModel().currentRowChanged.connect(self._selected)
        self.changer.moved.connect(self._moved)
        self.changer.failed.connect(self._tell)
        self.changer.began.connect(self.model_actions.refresh)
        self.changer.ended.connect(self._changed)
        self._opener.opened.connect(self.refresh)
        self._opener.failed.connect(self.refresh)
        self._opener.began.connect(self.model_actions.refresh)
        self._opener.ended.connect(self.model_actions.refresh)

    def _lay_out(self) -> None:
        title = QLabel("Models")
        mark(title, role="title")
        mark(self._hint, role="muted")
        mark(self._failure, role="failure")
        for label in (self._hint, self._failure):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setWordWrap(True)
        self._failure.hide()
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE)
        for action, made in self.model_actions:
            button = QPushButton()
            if action.name == "use":
                mark(button, kind="primary")
            follow(button, made, text=True)
            buttons.addWidget(button)
        self._table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        buttons.addStretch(1)
        buttons.addWidget(self._open_button)
        card = QFrame()
        mark(card, kind="card")
        column = QVBoxLayout(card)
        column.setContentsMargins(3 * SPACE, 2 * SPACE, 3 * SPACE, 2 * SPACE)
        column.setSpacing(SPACE)
        column.addWidget(title)
        column.addWidget(self._hint)
        column.addWidget(self._table, 1)
        column.addWidget(self._failure)
        column.addLayout(buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        layout.addWidget(card)


def _list(folder: Path, roles: ModelRoles, should_stop: ShouldStop) -> _Listing:
    """The shipped model, models from elsewhere that are in use or the default, and the trained ones."""
    shipped, problem = paths.shipped_model(), ""
    kept: Sequence[ListedRun] = ()
    try:
        kept = list_runs(folder, should_stop=should_stop)
    except UserError as error:
        problem = str(error)
    listed = {shipped, *(model.path for model in kept)}
    elsewhere = [path for path in dict.fromkeys((roles.in_use, roles.default)) if path and path not in listed]
    others = [describe(path, model_name(path)) for path in (shipped, *elsewhere)]
    return _Listing((*(model for model in others if model), *kept), problem)
