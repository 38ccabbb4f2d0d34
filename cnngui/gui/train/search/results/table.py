"""The trials as a table."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Slot

from cnngui.core.search.trials import Trial
from cnngui.core.tables import harmless
from cnngui.gui.common.row_table import RowTable
from cnngui.gui.common.style import SPACE
from cnngui.gui.train.search.results.columns import ACCURACY
from cnngui.gui.train.search.results.rows import TrialRows
from cnngui.gui.train.search.results.state import ResultsState

MOST_LETTERS = 24  # of a column


class TrialTable(RowTable):
    """A trial in each row. The current row is the chosen trial."""

    def __init__(self, state: ResultsState) -> None:
        super().__init__("Trials", 2 * SPACE)
        self._state, self.rows = state, TrialRows(self)
        self.setModel(self.rows)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.setSortingEnabled(True)
        self.selectionModel().currentRowChanged.connect(self._choose)
        state.chosen.connect(self._select)

    @property
    def selected(self) -> list[Trial]:
        """The selected trials, from above."""
        found = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self.rows.trials[row] for row in found]

    def show_standing(self) -> None:
        """Show the trials as they are now."""
        heads = [column.head for column in self.rows.columns]
        self.rows.show(self._state.standing)
        shown = [column.head for column in self.rows.columns]
        if shown != heads and ACCURACY.head in shown:  # another search
            self.sortByColumn(shown.index(ACCURACY.head), Qt.SortOrder.DescendingOrder)
        self.fit_columns()
        self._select()

    def as_text(self) -> str:
        """The selected trials, or all if a single one is: a line of titles and one for each, with tabs between.

        Pasted into a spreadsheet, no cell is a formula.
        """
        trials = self.selected if len(self.selected) > 1 else self.rows.trials
        columns = self.rows.columns
        lines = [
            [column.title for column in columns],
            *([column.text(trial) for column in columns] for trial in trials),
        ]
        return "\n".join("\t".join(harmless(" ".join(text.split())) for text in line) for line in lines)

    @Slot(QModelIndex, QModelIndex)
    def _choose(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self._state.choose(self.rows.trials[current.row()].number)

    @Slot()
    def _select(self) -> None:
        """Select the chosen trial, if another is current."""
        row, current = self.rows.row_of(self._state.number), self.currentIndex()
        if row is None:
            self.clearSelection()
            self.selectionModel().clearCurrentIndex()
        elif not current.isValid() or current.row() != row:
            flags = QItemSelectionModel.SelectionFlag
            index = self.rows.index(row, 0)
            self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
            self.scrollTo(index)

    def fit_columns(self) -> None:
        """Give the columns the width of what they hold, within limits."""
        header, most = self.horizontalHeader(), MOST_LETTERS * self.fontMetrics().averageCharWidth()
        for number in range(len(self.rows.columns)):
            need = max(self.sizeHintForColumn(number), header.sectionSizeHint(number))
            header.resizeSection(number, min(need, most))
