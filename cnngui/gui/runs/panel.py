"""The models: which there are, which one is in use, and what can be done with them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QFile, QModelIndex, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QAction, QDesktopServices, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cnngui import paths
from cnngui.core.errors import UserError
from cnngui.core.progress import Report, ShouldStop
from cnngui.core.runs import library as model_list
from cnngui.core.runs.library import ListedModel, describe, list_models
from cnngui.gui.common import questions
from cnngui.gui.common.settings import Settings
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.common.words import place
from cnngui.gui.common.worker import Deliver, LatestTask, Task, Work
from cnngui.gui.runs.opener import ModelOpener
from cnngui.gui.runs.table import Column, ModelRoles, ModelTable, ModelTableModel

EMPTY = "The models that you train (Ctrl+2) appear here."


@dataclass(frozen=True)
class _Listing:
    """The models, and why those that were trained cannot be listed, or ""."""

    models: tuple[ListedModel, ...]
    problem: str


class ModelsPanel(QWidget):
    """A table of the shipped model and of those that were trained, and buttons for the one that is chosen.

    use_model: a path, when the user wants it for prediction. open_clicked: when another is wanted that is not listed.
    moved: a path, and where the model lies now, or None where it was deleted. notice: something to tell in passing.
    """

    use_model = Signal(object)
    open_clicked = Signal()
    moved = Signal(object, object)
    notice = Signal(str)

    def __init__(self, runs_dir: Path, settings: Settings, opener: ModelOpener, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs_dir = runs_dir.absolute()
        self._settings = settings
        self._opener = opener
        self._listing, self._changing = LatestTask(self), Task(self)
        self._wanted: Path | None = None  # which is to be chosen when the list has come
        self._failed_at: Path | None = None  # the chosen model when something could not be done
        self._undeletable: ListedModel | None = None  # the system has no trash for it
        self._rows = ModelTableModel(self)
        self._table = ModelTable(self._rows)
        self._hint, self._failure = QLabel(EMPTY), QLabel()
        self._use_action = self._action("Use", "Predict with it (Enter)", self.use)
        self._default_action = self._action("Make default", "Begin with it at every start", self.make_default)
        self._rename_action = self._action("Rename", "Give it another name (F2)", self.rename)
        self._folder_action = self._action("Show folder", "Open its folder in the file manager", self.show_folder)
        self._delete_action = self._action("Delete", "Put it into the trash (Del)", self.delete)
        self._lay_out()
        self._connect()
        self._update_actions()
        self.setFocusProxy(self._table)

    @property
    def current(self) -> ListedModel | None:
        """The model that is chosen."""
        return self._rows.model_at(self._table.currentIndex())

    @Slot()
    def refresh(self) -> None:
        """Read the list anew, beside the window; while it cannot be seen, there is no need to."""
        if not self.isVisible():
            return
        folder, roles = self._runs_dir, self._roles()
        self._listing.do(lambda _report, should_stop: _list(folder, roles, should_stop), self._show)

    def showEvent(self, event: QShowEvent) -> None:
        """What was there when it was last seen may have changed."""
        super().showEvent(event)
        self.refresh()

    def stop(self) -> None:
        """Wait until nothing is being read, renamed or deleted any more."""
        self._listing.stop()
        self._changing.wait()

    # What can be done

    @Slot()
    def use(self) -> None:
        """Predict with the chosen model."""
        if self.current is not None and self._use_action.isEnabled():
            self.use_model.emit(self.current.path)

    @Slot()
    def make_default(self) -> None:
        """Begin with the chosen model from the next start on."""
        model = self.current
        if model is not None:
            self._set_default(model.path)
            self.refresh()

    @Slot()
    def rename(self) -> None:
        """Let another name be typed for the chosen model."""
        self._table.setFocus()
        self._table.edit(self._table.currentIndex().siblingAtColumn(Column.NAME))

    @Slot()
    def show_folder(self) -> None:
        """Open the folder of the chosen model in the file manager."""
        if self.current is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.current.path.parent)))

    @Slot()
    def show_runs(self) -> None:
        """Open the folder of the trained models in the file manager."""
        try:
            self._runs_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self.notice.emit(f"{self._runs_dir} cannot be made ({error.strerror}). Check its permissions.")
            return
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._runs_dir)))

    @Slot()
    def delete(self) -> None:
        """Put the chosen model into the trash; where there is none, ask before it is deleted for good."""
        model = self.current
        if model is None or not self._delete_action.isEnabled():
            return

        def work(_report: Report, _should_stop: ShouldStop) -> bool:
            return QFile(model.path.parent).moveToTrash()

        def take(in_trash: bool) -> None:
            if in_trash:
                self._forget(model, f"“{model.name}” is in the trash.")
            else:
                self._undeletable = model

        self._change(model, work, take)

    # Doing it

    @Slot(object, str)
    def _rename(self, model: ListedModel, name: str) -> None:
        if not self._rename_action.isEnabled():  # since the name was begun
            self._tell("Another model is being opened or changed. Rename this one when that is done.", model)
            return

        def work(_report: Report, _should_stop: ShouldStop) -> Path:
            return model_list.rename(model.path, name)

        def take(new: Path) -> None:
            self._opener.rename(model.path, new)
            if self._settings.default_model == model.path:
                self._settings.default_model = new
            self._wanted = new
            self.moved.emit(model.path, new)

        self._change(model, work, take)

    def _delete_for_good(self, model: ListedModel) -> None:
        def work(_report: Report, _should_stop: ShouldStop) -> None:
            model_list.delete(model.path)

        self._change(model, work, lambda _: self._forget(model, f"“{model.name}” is deleted."))

    def _forget(self, model: ListedModel, notice: str) -> None:
        if self._settings.default_model == model.path:
            self._settings.default_model = None
        if self._opener.in_use is not None and self._opener.in_use.path == model.path:
            self._opener.open_default()
        self.moved.emit(model.path, None)
        self.notice.emit(notice)

    def _change(self, model: ListedModel, work: Work, take: Deliver) -> None:
        self._tell("", model)
        self._changing.start(work, succeeded=take, failed=lambda error: self._tell(str(error), model))
        self._update_actions()

    @Slot()
    def _changed(self) -> None:
        model, self._undeletable = self._undeletable, None
        if model is not None and self.window().isVisible() and questions.may_delete(self, model.name):
            self._delete_for_good(model)
        self._update_actions()
        self.refresh()

    def _set_default(self, path: Path) -> None:
        self._settings.default_model = None if path == paths.shipped_model() else path

    # Showing

    def _roles(self) -> ModelRoles:
        in_use = self._opener.in_use
        return ModelRoles(in_use.path if in_use else None, self._settings.default_model or paths.shipped_model())

    def _show(self, listing: _Listing) -> None:
        wanted = self._wanted or (self.current.path if self.current else self._roles().in_use)
        row, self._wanted = self._table.currentIndex().row(), None
        self._rows.show(listing.models, self._roles())
        found = self._rows.row_of(wanted) if wanted else None
        row = min(max(row, 0), self._rows.rowCount() - 1) if found is None else found
        chosen = self._rows.model_at(self._rows.index(row, Column.NAME))
        self._failed_at = chosen.path if chosen else None  # what is told stays, although its model may be gone
        self._table.selectRow(row)
        kept = sum(model.kept for model in listing.models)
        number = f"{kept:,} trained model{'' if kept == 1 else 's'} in {place(self._runs_dir)}"
        self._hint.setText(listing.problem or (number if kept else EMPTY))
        self._update_actions()

    def _tell(self, failure: str, model: ListedModel) -> None:
        """Say why something could not be done with this model, until another is chosen."""
        self._failed_at = model.path
        self._failure.setText(failure)
        self._failure.setVisible(bool(failure))

    @Slot()
    def _update_actions(self) -> None:
        model, roles = self.current, self._roles()
        is_kept = model is not None and model.kept and not self._changing.is_running and not self._opener.is_running
        may_be_opened = not self._changing.is_running
        self._use_action.setEnabled(model is not None and may_be_opened)  # the one in use too: it asks anew
        self._default_action.setEnabled(model is not None and model.path != roles.default)
        self._rename_action.setEnabled(is_kept)
        self._folder_action.setEnabled(model is not None)
        self._delete_action.setEnabled(is_kept)

    # Setting up

    def _action(self, text: str, tip: str, slot: Callable[[], object]) -> QAction:
        action = QAction(text, self)
        action.setToolTip(tip)
        action.triggered.connect(slot)
        return action

    def _connect(self) -> None:
        self._rows.rename_asked.connect(self._rename)
        self._table.use_asked.connect(self.use)
        self._table.delete_asked.connect(self.delete)
        self._table.selectionModel().currentRowChanged.connect(self._chosen)
        self._changing.finished.connect(self._changed)
        self._opener.opened.connect(self.refresh)
        self._opener.failed.connect(self.refresh)
        self._opener.began.connect(self._update_actions)

    @Slot(QModelIndex, QModelIndex)
    def _chosen(self, _current: QModelIndex, _previous: QModelIndex) -> None:
        if self.current is not None and self.current.path != self._failed_at:
            self._failure.hide()
        self._update_actions()

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
        actions = [
            self._use_action,
            self._default_action,
            self._rename_action,
            self._folder_action,
            self._delete_action,
        ]
        self._table.addActions(actions)
        self._table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        open_button = QPushButton("Open a model …")
        open_button.setToolTip("Choose a .keras file (Ctrl+Shift+O)")
        open_button.clicked.connect(self.open_clicked)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE)
        for action in actions:
            buttons.addWidget(_button(action, primary=action is self._use_action))
        buttons.addStretch(1)
        buttons.addWidget(open_button)
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


def _button(action: QAction, *, primary: bool) -> QPushButton:
    """A button that does what the action does, and is enabled when that is."""
    button = QPushButton(action.text())
    button.setToolTip(action.toolTip())
    if primary:
        mark(button, kind="primary")
    button.clicked.connect(action.trigger)
    action.enabledChanged.connect(button.setEnabled)
    return button


def _list(folder: Path, roles: ModelRoles, should_stop: ShouldStop) -> _Listing:
    """The shipped model, those from elsewhere that are in use or the default, and those that were trained."""
    shipped, problem = paths.shipped_model(), ""
    kept: Sequence[ListedModel] = ()
    try:
        kept = list_models(folder, should_stop=should_stop)
    except UserError as error:
        problem = str(error)
    listed = {shipped, *(model.path for model in kept)}
    elsewhere = [path for path in dict.fromkeys((roles.in_use, roles.default)) if path and path not in listed]
    others = [describe(shipped, "The shipped model"), *(describe(path, path.name) for path in elsewhere)]
    return _Listing((*(model for model in others if model), *kept), problem)
