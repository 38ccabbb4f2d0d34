"""What the tables of runs and of trials have in common."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from cnngui.gui.common.style import SPACE, mark


class RowTable(QTableView):
    """A table whose rows are selected as a whole. used: a row was double-clicked, and is the current one.

    name: what it holds, for a screen reader. space: pixels between the text of two rows.
    """

    used = Signal()

    def __init__(self, name: str, space: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._space = space
        mark(self, kind="list")
        self.setAccessibleName(name)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setResizeContentsPrecision(0)  # only the rows in view decide a width
        header.setHighlightSections(False)
        header.setMinimumSectionSize(6 * SPACE)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.fit_rows()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Use the row."""
        super().mouseDoubleClickEvent(event)
        if self.indexAt(event.position().toPoint()).isValid():
            self.used.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Fit rows and columns to another font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.fit_rows()
            self.fit_columns()

    def fit_rows(self) -> None:
        """Give the rows the height of the font."""
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + self._space)

    def fit_columns(self) -> None:
        """Give the columns the width of what they hold, anew."""
        raise NotImplementedError
