"""The list of pictures on the screen."""

from PySide6.QtCore import QEvent, QModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from cnngui.gui.common.style import mark
from cnngui.gui.predict.pictures.delegate import PictureDelegate, row_height

Move = QAbstractItemView.CursorAction


class PictureListView(QTableView):
    """A list that is, to Qt, a table of one column without headers.

    QListView asks the model about every row whenever anything changes. With ten thousand rows, and a worker that runs
    Python, too, this blocks the window for 0.1 s each time (benchmarks/many.py).
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, kind="pictures")
        self.setItemDelegate(PictureDelegate(self))
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._fit_rows()
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragEnabled(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Pictures")

    def changeEvent(self, event: QEvent) -> None:
        """Fit the rows to another font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit_rows()

    def _fit_rows(self) -> None:
        self.verticalHeader().setDefaultSectionSize(row_height(self.fontMetrics()))

    def moveCursor(self, action: Move, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Home and End go to the first and the last row, not to the ends of a row as in a table."""
        ends = {Move.MoveHome: 0, Move.MoveEnd: self.model().rowCount() - 1}
        if action in ends and self.model().rowCount():
            return self.model().index(ends[action], 0)
        return super().moveCursor(action, modifiers)
