"""The runs as rows, in their order."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QFont

from cnngui.core.runs.library import ListedRun
from cnngui.gui.common.words import plain
from cnngui.gui.runs.cells import NUMBERS, TITLES, Column, about, color, status, text
from cnngui.gui.runs.filter import RunFilter

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class ModelRoles:
    """Which model is in use, which one is opened at the start, and with which run others are compared."""

    in_use: Path | None
    default: Path
    baseline: Path | None = None

    def of(self, model: ListedRun) -> list[str]:
        """The roles of a run and its model, in words."""
        words = (
            ("in use", model.path == self.in_use),
            ("default", model.path == self.default),
            ("baseline", model.path == self.baseline),
        )
        return [word for word, is_so in words if is_so]


class RunTableModel(QAbstractTableModel):
    """A row for each run: the shipped model, then those elsewhere, then the user's own as sorted.

    rename_asked: a run, and the name that the user typed for it; the row does not change by itself.
    """

    rename_asked = Signal(object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.all: tuple[ListedRun, ...] = ()
        self._models: list[ListedRun] = []  # those that the filter shows
        self._filter = RunFilter()
        self._roles = ModelRoles(None, Path())
        self._order = (Column.DATE, Qt.SortOrder.DescendingOrder)
        self._refused: dict[Path, str] = {}  # the name that is being corrected, by the model's path

    def show(self, runs: Sequence[ListedRun], roles: ModelRoles) -> None:
        """Show these runs, filtered and sorted as before."""
        changed, self._roles, self.all = roles != self._roles, roles, tuple(runs)
        self._update(changed)

    def set_filter(self, chosen: RunFilter) -> None:
        """Show only the runs that match."""
        self._filter = chosen
        self._update(is_new=False)

    def _update(self, is_new: bool) -> None:
        """Change as little as possible: a reset would end the editing of a name. is_new: every row is to be drawn."""
        found = self._arranged([run for run in self.all if self._filter.matches(run)])
        before, self_paths = self._models, [run.path for run in found]
        if [run.path for run in before] == self_paths:
            self._models = found
            pairs = enumerate(zip(before, found, strict=True))
            changed = [row for row, (old, new) in pairs if is_new or old != new]
            if changed:  # told once: the table measures its columns each time
                self.dataChanged.emit(self.index(changed[0], 0), self.index(changed[-1], len(Column) - 1))
        elif {run.path for run in before} == set(self_paths):
            self._move(found)
        else:
            self.beginResetModel()
            self._models = found
            self.endResetModel()

    def _move(self, found: list[ListedRun]) -> None:
        self.layoutAboutToBeChanged.emit()
        before, rows = self._models, {run.path: row for row, run in enumerate(found)}
        self._models = found
        for index in self.persistentIndexList():
            self.changePersistentIndex(index, self.index(rows[before[index.row()].path], index.column()))
        self.layoutChanged.emit()

    def model_at(self, index: Index) -> ListedRun | None:
        """The model of a row; None if there is no such row."""
        return self._models[index.row()] if index.isValid() else None

    def row_of(self, path: Path) -> int | None:
        """The row of the model at ``path``."""
        return next((row for row, model in enumerate(self._models) if model.path == path), None)

    def rowCount(self, parent: Index | None = None) -> int:
        """How many models there are."""
        return 0 if parent is not None and parent.isValid() else len(self._models)

    def columnCount(self, parent: Index | None = None) -> int:
        """How many columns there are."""
        return 0 if parent is not None and parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The text of a cell, and its look."""
        model = self.model_at(index)
        if model is None:
            return None
        column, state = Column(index.column()), self._state(model)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return text(model, column) if column != Column.STATE else state
            case Qt.ItemDataRole.EditRole:
                return self._refused.get(model.path, model.name)
            case Qt.ItemDataRole.ToolTipRole:
                return plain(about(model))
            case Qt.ItemDataRole.TextAlignmentRole if column in NUMBERS:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.FontRole if column == Column.NAME and model.path == self._roles.in_use:
                font = QFont()
                font.setWeight(QFont.Weight.DemiBold)
                return font
            case Qt.ItemDataRole.ForegroundRole if column != Column.NAME:
                return QColor(color(model, column))
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The title of a column."""
        if orientation == Qt.Orientation.Vertical:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return TITLES[section]
            case Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if section in NUMBERS else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """The names of trained models can be edited."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        model = self.model_at(index)
        is_editable = model is not None and model.kept and index.column() == Column.NAME
        return flags | Qt.ItemFlag.ItemIsEditable if is_editable else flags

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Ask for the model to be renamed. The row keeps its name until that has worked."""
        model = self.model_at(index)
        if model is not None and value != model.name:
            self.rename_asked.emit(model, str(value))
        return False

    def refuse(self, path: Path, name: str) -> None:
        """Let the editor begin with this name, to be corrected."""
        self._refused = {path: name}

    def forget_refused(self) -> None:
        """Let the editor begin with a model's own name again."""
        self._refused = {}

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column."""
        self._order = (Column(column), order)
        self._move(self._arranged(self._models))

    def _state(self, model: ListedRun) -> str:
        return "  ·  ".join([*status(model), *self._roles.of(model)])

    def _arranged(self, runs: Sequence[ListedRun]) -> list[ListedRun]:
        column, order = self._order
        kept = [run for run in runs if run.kept]
        kept.sort(key=lambda run: run.path)  # among equals
        kept.sort(key=lambda run: self._key(run, column), reverse=order == Qt.SortOrder.DescendingOrder)
        return [run for run in runs if not run.kept] + kept

    def _key(self, run: ListedRun, column: Column) -> tuple[float, str]:
        match column:
            case Column.ACCURACY:
                return (-1.0 if run.score is None else run.score.accuracy, "")
            case Column.VALIDATION:
                return (-1.0 if run.most_accurate_epoch is None else run.most_accurate_epoch.val_accuracy, "")
            case Column.EPOCHS:
                return (float(len(run.history)), "")
            case Column.TIME:
                return (run.seconds or 0.0, "")
            case Column.DATE:
                return (run.moment, "")
            case Column.STATE:
                return (0.0, self._state(run))
        return (0.0, text(run, column).casefold())
