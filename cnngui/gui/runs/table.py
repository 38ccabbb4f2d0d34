"""The runs as a table."""

from pathlib import Path

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLineEdit, QStyledItemDelegate, QWidget

from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.row_table import RowTable
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.runs.cells import Column
from cnngui.gui.runs.rows import RunTableModel

LEAST_LETTERS = 12  # of a name, in view
MOST_LETTERS = 28  # of a note, where there is more to show
LONG_NAME = 40  # letters, of a name that is shown whole rather than the columns that are hidden first
FIRST_HIDDEN = (Column.DEVICE, Column.TIME, Column.NOTE, Column.EPOCHS, Column.DATE)
LAST_HIDDEN = (Column.RECIPE, Column.VALIDATION)


class RunTable(RowTable):
    """A run in each row. Each column has the width of its contents; those that have no room are hidden."""

    def __init__(self, models: RunTableModel, parent: QWidget | None = None) -> None:
        super().__init__("Runs", 5 * SPACE // 2, parent)
        self._models = models
        self._need: dict[Column, int] = {}  # the width of each column's contents; empty: to be measured
        self._measured_rows = 0
        self._reason = PlainLabel(parent=self.viewport())
        mark(self._reason, kind="reason")
        self._reason.hide()
        self.setModel(models)
        self.setSortingEnabled(True)
        self.sortByColumn(Column.DATE, Qt.SortOrder.DescendingOrder)
        names = _NameDelegate(self)
        self.setItemDelegateForColumn(Column.NAME, names)
        names.closeEditor.connect(self._end_correction)
        models.modelReset.connect(self._reset)
        models.dataChanged.connect(self.fit_columns)
        models.layoutChanged.connect(self._forget_widths)

    def correct(self, path: Path, name: str, reason: str) -> None:
        """Let the user correct a name that was refused; the reason is beside it until then."""
        row = self._models.row_of(path)
        if row is None:
            return
        index = self._models.index(row, Column.NAME)
        self._models.refuse(path, name)
        self.edit(index)
        cell = self.visualRect(index)
        self._reason.setText(reason)
        self._reason.adjustSize()
        below = cell.bottom() + SPACE // 2
        fits = below + self._reason.height() <= self.viewport().height()
        self._reason.move(cell.left(), below if fits else cell.top() - SPACE // 2 - self._reason.height())
        self._reason.show()
        self._reason.raise_()

    @property
    def is_correcting(self) -> bool:
        """Whether a refused name is being corrected."""
        return self._reason.isVisible()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width. More rows in view may need more of it."""
        super().resizeEvent(event)
        if self._rows_in_view > self._measured_rows:
            self._forget_widths()
        self._share_width()

    @Slot()
    def fit_columns(self) -> None:
        """Measure what the columns hold, and share the width."""
        self._forget_widths()
        self._share_width()

    @Slot()
    def _end_correction(self) -> None:
        self._models.forget_refused()
        self._reason.hide()

    @Slot()
    def _reset(self) -> None:
        self._end_correction()
        self.fit_columns()

    @property
    def _rows_in_view(self) -> int:
        height = max(1, self.verticalHeader().defaultSectionSize())
        return min(self._models.rowCount(), -(-self.viewport().height() // height))

    @Slot()
    def _forget_widths(self) -> None:
        self._need = {}

    @Slot()
    def _share_width(self) -> None:
        """Give each column what it needs and the rest to the names; hide what has no room."""
        header, room, letter = self.horizontalHeader(), self.viewport().width(), self.fontMetrics().averageCharWidth()
        if not self._need:  # measuring takes several ms; the window asks with each pixel that it is resized by
            for each in Column:
                self.setColumnHidden(each, False)  # the title of a hidden one has no width
            least = header.minimumSectionSize()
            self._need = {
                each: max(self.sizeHintForColumn(each), header.sectionSizeHint(each), least) for each in Column
            }
            self._measured_rows = self._rows_in_view
        need = dict(self._need)
        least = LEAST_LETTERS * letter
        need[Column.NOTE] = min(need[Column.NOTE], MOST_LETTERS * letter)
        need[Column.DATA] = min(need[Column.DATA], 2 * least)
        whole = max(least, min(need[Column.NAME], LONG_NAME * letter))
        shown = list(Column)
        for hidden, name in ((FIRST_HIDDEN, whole), (LAST_HIDDEN, least)):
            for spare in hidden:
                if sum(need[each] for each in shown if each != Column.NAME) + name <= room:
                    break
                shown.remove(spare)
        data = min(need[Column.DATA], max(least, room // 4))
        rest = room - sum(need[each] for each in shown if each not in (Column.NAME, Column.DATA))
        need |= {Column.DATA: data, Column.NAME: max(rest - data, least)}
        for each, width in need.items():
            self.setColumnHidden(each, each not in shown)
            header.resizeSection(each, width)


class _NameDelegate(QStyledItemDelegate):
    """Edits a name."""

    def setModelData(
        self, editor: QWidget, model: QAbstractItemModel, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Pass the name on, unless it was refused and left as it is."""
        is_left = isinstance(editor, QLineEdit) and not editor.hasFocus() and not editor.isModified()
        if not is_left:
            super().setModelData(editor, model, index)
