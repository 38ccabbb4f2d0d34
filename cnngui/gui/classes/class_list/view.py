"""The list of classes on the screen."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from cnngui.gui.classes.class_list.delegate import ClassDelegate
from cnngui.gui.classes.class_list.edge_scroll import EdgeScroll
from cnngui.gui.classes.class_list.model import ClassListModel
from cnngui.gui.classes.dragged import is_welcome
from cnngui.gui.common.mime import accept_copy
from cnngui.gui.common.style import colors, mark


class ClassListView(QListView):
    """Lets classes be chosen, renamed, and dropped on. dropped: what was dropped, and the class, "" for none yet."""

    dropped = Signal(object, str)

    def __init__(self, model: ClassListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, kind="classes")
        self._classes = model
        self._over = QModelIndex()  # the row that something is dragged over
        self._edges = EdgeScroll(self)
        self._edges.scrolled.connect(self._mark_at)
        self.setModel(model)
        self.setItemDelegate(ClassDelegate(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAcceptDrops(True)
        self.setAccessibleName("Classes")

    @property
    def chosen(self) -> list[str]:
        """The names of the selected classes; without the row of the pictures that have none."""
        rows = sorted(index.row() for index in self.selectionModel().selectedIndexes())
        return [name for row in rows if (name := self._classes.name(row))]

    def choose(self, name: str) -> None:
        """Make the row of this class the current one."""
        row = self._classes.row(name)
        if row is not None:
            index = self._classes.index(row)
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.scrollTo(index)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take what a class may hold."""
        accept_copy(event)
        event.setAccepted(is_welcome(event.mimeData()))

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Mark the class that would get it, and scroll at the edges."""
        self._edges.follow(event.position().toPoint())
        self._mark_at(event.position().toPoint())
        accept_copy(event)
        event.setAccepted(self._over.isValid())

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Nothing is over it any more."""
        self._edges.stop()
        self._mark(QModelIndex())

    def dropEvent(self, event: QDropEvent) -> None:
        """Pass it on."""
        index = self.indexAt(event.position().toPoint())
        self._edges.stop()
        self._mark(QModelIndex())
        if index.isValid():
            accept_copy(event)
            self.dropped.emit(event.mimeData(), self._classes.name(index.row()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows, and a frame around the one that would get what is dragged."""
        super().paintEvent(event)
        if self._over.isValid():
            painter = QPainter(self.viewport())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(colors().accent), 2))
            painter.drawRoundedRect(self.visualRect(self._over).adjusted(3, 2, -3, -2), 6, 6)

    @Slot(QPoint)
    def _mark_at(self, point: QPoint) -> None:
        self._mark(self.indexAt(point))

    def _mark(self, index: QModelIndex) -> None:
        self._over = index
        self.viewport().update()
