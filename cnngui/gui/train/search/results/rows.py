"""The trials as rows, in their order."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from cnngui.core.search.trials import Standing, State, Trial
from cnngui.gui.common.style import colors
from cnngui.gui.common.words import plain
from cnngui.gui.train.search.results.columns import ACCURACY, STATE, Column, columns

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
PRUNED = "It was ended early, since other trials were more accurate by then."


class TrialRows(QAbstractTableModel):
    """A row for each trial. The best one, or the front of several aims, is marked.

    columns: those of the search that is shown. trials: as sorted, at first by their accuracy.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns: tuple[Column, ...] = ()
        self.trials: list[Trial] = []
        self._marks: dict[int, str] = {}
        self._order = (ACCURACY.head, Qt.SortOrder.DescendingOrder)

    def show(self, standing: Standing | None) -> None:
        """Show the trials of this search, or none. Of the same search, rows stay where the user has scrolled to."""
        trials = standing.trials if standing is not None else ()
        heads = tuple(column.head for column in self.columns)
        shown = columns(standing) if standing is not None else ()
        kept = {trial.number: trial for trial in trials}
        is_same = heads == tuple(column.head for column in shown) and {each.number for each in self.trials} <= {*kept}
        self._marks = _marks(standing)
        if not is_same:
            self.beginResetModel()
            self.columns, self.trials = shown, self._sorted(trials, shown)
            self.endResetModel()
            return
        self.trials = [kept.pop(trial.number) for trial in self.trials]
        if kept:
            self.beginInsertRows(QModelIndex(), len(self.trials), len(self.trials) + len(kept) - 1)
            self.trials = [*self.trials, *kept.values()]
            self.endInsertRows()
        if self.trials:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.trials) - 1, len(shown) - 1))
            self._move(self._sorted(self.trials, shown))

    def row_of(self, number: int | None) -> int | None:
        """The row of the trial with this number."""
        return next((row for row, trial in enumerate(self.trials) if trial.number == number), None)

    def rowCount(self, parent: Index | None = None) -> int:
        """How many trials there are."""
        return 0 if parent is not None and parent.isValid() else len(self.trials)

    def columnCount(self, parent: Index | None = None) -> int:
        """How many columns there are."""
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        """The text of a cell, and its look."""
        trial, column = self.trials[index.row()], self.columns[index.column()]
        mark = self._marks.get(trial.number, "")
        match role:
            case Role.DisplayRole if column is STATE:
                return "  ·  ".join(part for part in (column.text(trial), mark) if part)
            case Role.DisplayRole:
                return column.text(trial)
            case Role.ToolTipRole:
                told = trial.reason or (PRUNED if trial.state == State.PRUNED else "")
                return plain("\n".join(part for part in (trial.run, trial.computer, told) if part))
            case Role.TextAlignmentRole if column.is_number:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Role.FontRole if mark:
                font = QFont()
                font.setWeight(QFont.Weight.DemiBold)
                return font
            case Role.ForegroundRole if column is STATE:
                return QColor(_color(trial))
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> object:
        """The title of a column."""
        if orientation == Qt.Orientation.Vertical:
            return None
        match role:
            case Role.DisplayRole:
                return self.columns[section].title
            case Role.TextAlignmentRole:
                is_right = self.columns[section].is_number
                side = Qt.AlignmentFlag.AlignRight if is_right else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column."""
        if 0 <= column < len(self.columns):
            self._order = (self.columns[column].head, order)
            self._move(self._sorted(self.trials, self.columns))

    def _sorted(self, trials: Sequence[Trial], shown: Sequence[Column]) -> list[Trial]:
        """By the chosen column, then by their numbers; those without a value come last either way."""
        head, order = self._order
        column = next((each for each in shown if each.head == head), shown[0] if shown else None)
        found = sorted(trials, key=lambda trial: trial.number)
        if column is None:
            return found
        values = {trial.number: column.value(trial) for trial in found}
        known = [trial for trial in found if values[trial.number] is not None]
        known.sort(key=lambda trial: values[trial.number], reverse=order == Qt.SortOrder.DescendingOrder)  # type: ignore[arg-type,return-value]  # they are of one kind
        return [*known, *(trial for trial in found if values[trial.number] is None)]

    def _move(self, found: list[Trial]) -> None:
        self.layoutAboutToBeChanged.emit()
        before, rows = self.trials, {trial.number: row for row, trial in enumerate(found)}
        self.trials = found
        for index in self.persistentIndexList():
            self.changePersistentIndex(index, self.index(rows[before[index.row()].number], index.column()))
        self.layoutChanged.emit()


def _marks(standing: Standing | None) -> dict[int, str]:
    """What the trials worth choosing are called, by their numbers."""
    if standing is None or standing.best is None:
        return {}
    return {trial.number: "front" for trial in standing.front} | {standing.best.number: "best"}


def _color(trial: Trial) -> str:
    chosen = colors()
    return {State.FAILED: chosen.error, State.RUNNING: chosen.accent}.get(trial.state, chosen.muted)
