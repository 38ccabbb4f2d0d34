"""A table of what is known of the compared runs: a row for each setting, a column for each run."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHeaderView, QTableView

from cnngui.core.tables import harmless
from cnngui.gui.common.style import SPACE, colors, mark
from cnngui.gui.common.words import plain
from cnngui.gui.runs.compare.comparison import Comparison
from cnngui.gui.runs.compare.facts import FACTS, Fact, differing

Index = QModelIndex | QPersistentModelIndex
COLUMN_LETTERS = 36  # the width of a run's column, at most


class SettingsModel(QAbstractTableModel):
    """The texts of the table. Where a run differs from the baseline, its text is bold and says by how much."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._comparison = Comparison()
        self._facts: Sequence[Fact] = ()
        self._texts: list[list[str]] = []

    def show(self, comparison: Comparison, facts: Sequence[Fact]) -> None:
        """Show these runs."""
        texts = [[self._text(comparison, fact, column) for column in range(len(comparison.runs))] for fact in facts]
        if (comparison, tuple(facts), texts) == (self._comparison, tuple(self._facts), self._texts):
            return  # a reset would lose the selection
        self.beginResetModel()
        self._comparison, self._facts, self._texts = comparison, facts, texts
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """How many facts there are."""
        return 0 if parent is not None and parent.isValid() else len(self._facts)

    def columnCount(self, parent: Index | None = None) -> int:
        """How many runs there are."""
        return 0 if parent is not None and parent.isValid() else len(self._comparison.runs)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The text of a cell, and its look."""
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._texts[index.row()][index.column()]
            case Qt.ItemDataRole.ToolTipRole:
                return plain(self._texts[index.row()][index.column()])
            case Qt.ItemDataRole.FontRole if self.is_marked(index.row(), index.column()):
                font = QFont()
                font.setWeight(QFont.Weight.DemiBold)
                return font
            case Qt.ItemDataRole.ForegroundRole if self.is_marked(index.row(), index.column()):
                return QColor(colors().accent)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A run's name above, what is told of it on the left."""
        if orientation == Qt.Orientation.Vertical:
            return self._facts[section].title if role == Qt.ItemDataRole.DisplayRole else None
        run, name = self._comparison.runs[section], self._comparison.names[section]
        is_baseline = run.path == self._comparison.baseline
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return f"Baseline: {name}" if is_baseline else name
            case Qt.ItemDataRole.UserRole:
                return run.name
            case Qt.ItemDataRole.ToolTipRole:
                return plain(run.name + ("\nThe baseline, with which the others are compared" if is_baseline else ""))
            case Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def is_marked(self, row: int, column: int) -> bool:
        """Whether the cell differs from the baseline's."""
        runs, fact = self._comparison.runs, self._facts[row]
        return self._comparison.baseline is not None and fact.text(runs[column]) != fact.text(runs[0])

    @staticmethod
    def _text(comparison: Comparison, fact: Fact, column: int) -> str:
        run = comparison.runs[column]
        change = fact.change(run, comparison.runs[0]) if comparison.baseline is not None else ""
        return fact.text(run) + (f"  ({change})" if change else "")


class SettingsTable(QTableView):
    """The table. Ctrl+C copies the selected cells, or all of them, with their titles."""

    def __init__(self) -> None:
        super().__init__()
        mark(self, kind="list")
        self._texts = SettingsModel(self)
        self.setModel(self._texts)
        self._lay_out()

    def show_runs(self, comparison: Comparison, *, only_different: bool = False) -> None:
        """Show what is known of these runs, or only what is not the same for all."""
        known = [fact for fact in FACTS if any(fact.value(run) not in (None, "") for run in comparison.runs)]
        self._texts.show(comparison, differing(known, comparison.runs) if only_different else known)
        self.horizontalHeader().setVisible(len(comparison.runs) > 1)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy, or move."""
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.as_text())
        else:
            super().keyPressEvent(event)

    def as_text(self) -> str:
        """The selected cells, or all if none or a single one is selected: a line for each row, with tabs between.

        Pasted into a spreadsheet, none of them is a formula.
        """
        chosen = self.selectedIndexes()
        rows = sorted({index.row() for index in chosen}) if len(chosen) > 1 else range(self._texts.rowCount())
        columns = sorted({index.column() for index in chosen}) if len(chosen) > 1 else range(self._texts.columnCount())
        head, side = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        lines = [["", *(str(self._texts.headerData(column, head, Qt.ItemDataRole.UserRole)) for column in columns)]]
        for row in rows:
            texts = [str(self._texts.index(row, column).data()) for column in columns]
            lines.append([str(self._texts.headerData(row, side)), *texts])
        return "\n".join("\t".join(harmless(" ".join(text.split())) for text in line) for line in lines)

    def changeEvent(self, event: QEvent) -> None:
        """Fit rows and columns to another font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _fit(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + SPACE + 2)
        most = COLUMN_LETTERS * self.fontMetrics().averageCharWidth()
        header = self.horizontalHeader()
        for column in range(self._texts.columnCount()):
            need = max(self.sizeHintForColumn(column), header.sectionSizeHint(column))
            header.resizeSection(column, min(need, most))

    def _lay_out(self) -> None:
        self.setAccessibleName("Settings and results of the selected runs")
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setCornerButtonEnabled(False)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setHighlightSections(False)
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.horizontalHeader().setStretchLastSection(True)
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
