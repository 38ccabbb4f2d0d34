"""The grid on the screen."""

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QRubberBand, QWidget

from cnngui.gui.classes.dragged import is_selected, is_welcome
from cnngui.gui.classes.grid.drawing import draw_picture, draw_text
from cnngui.gui.classes.grid.geometry import Geometry
from cnngui.gui.classes.grid.model import MOST_FILES, TILE, GridModel
from cnngui.gui.common.mime import accept_copy
from cnngui.gui.common.style import SPACE, colors, mark

Index = QModelIndex | QPersistentModelIndex
Move = QAbstractItemView.CursorAction
DRAGGED = 64  # pixels, of the picture under the cursor


class GridView(QAbstractItemView):
    """Shows the pictures of a model as squares in rows, whose place is computed: nothing is laid out.

    QListView lays all of them out anew whenever anything changes: with 20,000 pictures this blocks the window for
    0.15 s at first and for 0.06 s at each new width, with 100,000 for 0.8 s and 0.3 s.

    empty_text: shown without pictures. dropped: what was dropped on it.
    """

    dropped = Signal(object)

    def __init__(self, pictures: GridModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, kind="grid")
        self._pictures = pictures
        self.empty_text = ""
        self._is_over = False  # whether something is dragged over it
        self.setModel(pictures)
        pictures.thumbnails.changed.connect(self._repaint)
        self._band = QRubberBand(QRubberBand.Shape.Rectangle, self.viewport())
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Pictures of the class")

    @property
    def places(self) -> Geometry:
        """Where the pictures are."""
        room = self.maximumViewportSize().width() - self.verticalScrollBar().sizeHint().width()
        return Geometry(
            self._pictures.rowCount(), room, TILE, SPACE
        )  # with the scroll bar or without: its coming moves nothing

    @property
    def selected_rows(self) -> list[int]:
        """The places of the selected pictures, in their order."""
        selection = self.selectionModel().selection()
        ranges = [selection.at(number) for number in range(selection.size())]
        return sorted(row for each in ranges for row in range(each.top(), each.bottom() + 1))

    def go_on(self, row: int, *, scrolled: bool, selects: bool) -> None:
        """After other pictures have come: go on from this row.

        scrolled: whether to stay where it is scrolled. selects: whether to select the picture, so that what was done
        to the one before can be done to it.
        """
        if not scrolled:
            self.verticalScrollBar().setValue(0)
        if count := self._pictures.rowCount():
            index = self._pictures.index(min(row, count - 1), 0)
            flag = QItemSelectionModel.SelectionFlag
            self.selectionModel().setCurrentIndex(index, flag.ClearAndSelect if selects else flag.NoUpdate)

    # What QAbstractItemView asks for

    def visualRect(self, index: Index) -> QRect:
        """Where the picture is in the viewport."""
        if not index.isValid():
            return QRect()
        return self.places.square(index.row()).translated(0, -self.verticalOffset())

    def indexAt(self, point: QPoint) -> QModelIndex:
        """The picture under a point of the viewport."""
        row = self.places.row_at(point.x(), point.y() + self.verticalOffset())
        return QModelIndex() if row is None else self._pictures.index(row, 0)

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Scroll as little as is needed to show the picture."""
        rect, bar = self.visualRect(index).adjusted(0, -SPACE, 0, SPACE), self.verticalScrollBar()
        if not index.isValid():
            return
        if rect.top() < 0:
            bar.setValue(bar.value() + rect.top())
        elif rect.bottom() > self.viewport().height():
            bar.setValue(bar.value() + rect.bottom() - self.viewport().height())

    def horizontalOffset(self) -> int:
        """It never scrolls sideways."""
        return 0

    def verticalOffset(self) -> int:
        """How far it is scrolled, in pixels."""
        return self.verticalScrollBar().value()

    def isIndexHidden(self, index: Index) -> bool:
        """Nothing is hidden."""
        return False

    def moveCursor(self, action: Move, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Left and right go through all pictures, up and down through the rows."""
        geometry, current = self.places, self.currentIndex()
        if not geometry.count:
            return QModelIndex()
        if not current.isValid():
            return self._pictures.index(0, 0)
        page = geometry.columns * max(1, self.viewport().height() // geometry.step)
        steps = {
            Move.MoveLeft: -1,
            Move.MovePrevious: -1,
            Move.MoveRight: 1,
            Move.MoveNext: 1,
            Move.MoveUp: -geometry.columns,
            Move.MoveDown: geometry.columns,
            Move.MovePageUp: -page,
            Move.MovePageDown: page,
            Move.MoveHome: -geometry.count,
            Move.MoveEnd: geometry.count,
        }
        return self._pictures.index(geometry.moved(current.row(), steps.get(action, 0)), 0)

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """Select what a rubber band covers or, with keys and clicks, all from the one end to the other."""
        offset = self.verticalOffset()
        if self.state() == QAbstractItemView.State.DragSelectingState:
            ranges = list(self.places.rows_in(rect.normalized().translated(0, offset)))
            self._band.setGeometry(rect.normalized())
            self._band.show()
        else:
            ends = [self.indexAt(point) for point in (rect.topLeft(), rect.bottomRight())]
            rows = sorted(index.row() for index in ends if index.isValid())
            ranges = [(rows[0], rows[-1])] if rows else []
        selection = QItemSelection()
        for first, last in ranges:
            selection.merge(
                QItemSelection(self._pictures.index(first, 0), self._pictures.index(last, 0)),
                QItemSelectionModel.SelectionFlag.Select,
            )
        self.selectionModel().select(selection, command)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The rubber band is let go."""
        super().mouseReleaseEvent(event)
        self._band.hide()

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """All of the viewport: it is painted in a moment."""
        return QRegion(self.viewport().rect())

    def updateGeometries(self) -> None:
        """Fit the scroll bar to the pictures."""
        super().updateGeometries()
        geometry, bar = self.places, self.verticalScrollBar()
        bar.setRange(0, max(0, geometry.height - self.viewport().height()))
        bar.setPageStep(max(1, self.viewport().height()))
        bar.setSingleStep(geometry.step // 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the rows to the new width."""
        super().resizeEvent(event)
        self.updateGeometries()

    def reset(self) -> None:
        """Other pictures: keep the place."""
        super().reset()
        self.updateGeometries()
        self.viewport().update()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the pictures that can be seen."""
        painter, geometry = QPainter(self.viewport()), self.places
        if not geometry.count:
            draw_text(painter, self.viewport().rect(), self.empty_text, colors())
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        chosen, model, selection, offset = colors(), self._pictures, self.selectionModel(), self.verticalOffset()
        for first, last in geometry.rows_in(event.rect().translated(0, offset)):
            for row in range(first, last + 1):
                square, item = geometry.square(row).translated(0, -offset), model.item(row)
                is_selected = selection.isSelected(model.index(row, 0))
                draw_picture(painter, square, item, model.thumbnail(item), chosen, is_selected=is_selected)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Move what is drawn already, and draw the rest."""
        self.viewport().scroll(dx, dy)

    # Dragging and dropping

    def startDrag(self, actions: Qt.DropAction) -> None:
        """Drag the selected pictures. Qt's own way draws all of them first, which takes long for thousands."""
        model, rows = self._pictures, self.selected_rows
        drag = QDrag(self)
        drag.setMimeData(model.mimeData([model.index(row, 0) for row in rows[:MOST_FILES]]))
        pixmap = self.currentIndex().data(Qt.ItemDataRole.DecorationRole)
        if isinstance(pixmap, QPixmap) and not pixmap.isNull():
            drag.setPixmap(pixmap.scaled(DRAGGED, DRAGGED, Qt.AspectRatioMode.KeepAspectRatio))
        drag.exec(Qt.DropAction.CopyAction)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take what a class may hold; pictures of this class are here already."""
        is_taken = is_welcome(event.mimeData()) and not is_selected(event.mimeData())
        self._show_over(is_taken)
        accept_copy(event)
        event.setAccepted(is_taken)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """The cursor says whether it is taken."""
        accept_copy(event)
        event.setAccepted(self._is_over)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Nothing is over it any more."""
        self._show_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Pass it on."""
        self._show_over(False)
        accept_copy(event)
        self.dropped.emit(event.mimeData())

    @Slot()
    def _repaint(self) -> None:
        self.viewport().update()

    def _show_over(self, is_over: bool) -> None:
        self._is_over = is_over
        mark(self, over=str(is_over).lower())
