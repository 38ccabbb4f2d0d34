"""The trained models as rows: what is shown of each, and their order."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from PySide6.QtCore import (
    QAbstractTableModel,
    QDateTime,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont

from cnngui.core.runs.library import ListedRun
from cnngui.gui.common.style import colors
from cnngui.gui.common.words import plain

Index = QModelIndex | QPersistentModelIndex
UNKNOWN = "–"
STOPPED = "stopped in its first epoch"


class Column(IntEnum):
    """What is shown of each model."""

    NAME = 0
    DATA = 1
    RECIPE = 2
    ACCURACY = 3
    DATE = 4
    STATE = 5


TITLES = ("Name", "Data", "Recipe", "Test accuracy", "Date", "")


@dataclass(frozen=True)
class ModelRoles:
    """Which model is in use, and which one is opened at the start."""

    in_use: Path | None
    default: Path

    def of(self, model: ListedRun) -> list[str]:
        """The roles of a model, in words."""
        words = ("in use", model.path == self.in_use), ("default", model.path == self.default)
        return [word for word, is_so in words if is_so]


class ModelTableModel(QAbstractTableModel):
    """A row for each model: the shipped one, then others that cannot be renamed, then the trained ones as sorted.

    rename_asked: a model, and the name that the user typed for it; the row does not change by itself.
    """

    rename_asked = Signal(object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._models: list[ListedRun] = []
        self._roles = ModelRoles(None, Path())
        self._order = (Column.DATE, Qt.SortOrder.DescendingOrder)
        self._refused: dict[Path, str] = {}  # the name that is being corrected, by the model's path

    def show(self, models: Sequence[ListedRun], roles: ModelRoles) -> None:
        """Show these models, sorted as before."""
        if (roles, _by_path(models)) == (self._roles, _by_path(self._models)):
            return  # a reset would end the editing of a name
        self.beginResetModel()
        self._models, self._roles = list(models), roles
        self._arrange()
        self.endResetModel()

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
                return _text(model, column) if column != Column.STATE else state
            case Qt.ItemDataRole.EditRole:
                return self._refused.get(model.path, model.name)
            case Qt.ItemDataRole.ToolTipRole:
                parts = model.name, model.data, str(model.path), model.problem, str(model.score or "")
                return plain("\n".join(part for part in parts if part))
            case Qt.ItemDataRole.TextAlignmentRole if column == Column.ACCURACY:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.FontRole if column == Column.NAME and model.path == self._roles.in_use:
                font = QFont()
                font.setWeight(QFont.Weight.DemiBold)
                return font
            case Qt.ItemDataRole.ForegroundRole if column != Column.NAME:
                return QColor(_color(model, column))
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The title of a column."""
        if orientation == Qt.Orientation.Vertical:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return TITLES[section]
            case Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if section == Column.ACCURACY else Qt.AlignmentFlag.AlignLeft
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
        before = self._models
        self.layoutAboutToBeChanged.emit()
        persistent = self.persistentIndexList()
        chosen = [before[index.row()] for index in persistent]
        self._arrange()
        for index, model in zip(persistent, chosen, strict=True):
            self.changePersistentIndex(index, self.index(self._models.index(model), index.column()))
        self.layoutChanged.emit()

    def _state(self, model: ListedRun) -> str:
        stopped = [STOPPED] if model.stopped_in_first_epoch else []
        return "  ·  ".join([*self._roles.of(model), *stopped])

    def _arrange(self) -> None:
        column, order = self._order
        kept = [model for model in self._models if model.kept]
        kept.sort(key=lambda model: model.path)  # among equals
        kept.sort(key=lambda model: self._key(model, column), reverse=order == Qt.SortOrder.DescendingOrder)
        self._models = [model for model in self._models if not model.kept] + kept

    def _key(self, model: ListedRun, column: Column) -> tuple[float, str]:
        match column:
            case Column.ACCURACY:
                return (-1.0 if model.score is None else model.score.accuracy, "")
            case Column.DATE:
                return (model.moment, "")
            case Column.STATE:
                return (0.0, self._state(model))
        return (0.0, _text(model, column).casefold())


def _by_path(models: Sequence[ListedRun]) -> dict[Path, ListedRun]:
    return {model.path: model for model in models}


def _color(model: ListedRun, column: Column) -> str:
    chosen = colors()
    if column == Column.DATA and model.problem:
        return chosen.error
    if column == Column.STATE and model.stopped_in_first_epoch:
        return chosen.warning
    is_doubtful = column == Column.ACCURACY and model.score is not None and model.score.is_no_better_than_guessing
    return chosen.warning if is_doubtful else chosen.muted


def _text(model: ListedRun, column: Column) -> str:
    match column:
        case Column.NAME:
            return model.name
        case Column.DATA:
            return "unreadable card" if model.problem else model.data or UNKNOWN
        case Column.RECIPE:
            return model.recipe_name or UNKNOWN
        case Column.ACCURACY:
            return UNKNOWN if model.score is None else model.score.figures
        case Column.DATE:
            moment = QDateTime.fromSecsSinceEpoch(int(model.moment))
            return QLocale.system().toString(moment, QLocale.FormatType.ShortFormat)  # the default ignores LC_TIME
    return ""
