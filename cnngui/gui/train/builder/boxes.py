"""The layers as boxes, one below the other, with shapes, weights and multiplications."""

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Slot,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from cnngui.core.networks.plan import PlannedLayer
from cnngui.core.recipes.layers import Layer
from cnngui.gui.common.style import SPACE, colors, mark
from cnngui.gui.train.builder.state import BuilderState
from cnngui.gui.train.builder.words import compact, shape_text

Index = QModelIndex | QPersistentModelIndex
GAP = 4  # pixels between two boxes


class BoxModel(QAbstractListModel):
    """A row for each layer: its text, what it comes to, and its problem."""

    def __init__(self, state: BuilderState) -> None:
        super().__init__(state)
        self._state = state
        state.changed.connect(self._reset)

    def rowCount(self, parent: Index | None = None) -> int:
        """The layers, and the last one, which names the classes."""
        return 0 if parent is not None and parent.isValid() else len(self._state.layers) + 1

    def row(self, number: int) -> tuple[Layer | None, PlannedLayer]:
        """A layer, None for the last one, and what it comes to."""
        plan, layers = self._state.plan, self._state.layers
        return (layers[number], plan.layers[number]) if number < len(layers) else (None, plan.output)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a screen reader says, and the tooltip."""
        layer, planned = self.row(index.row())
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{self.title(index.row())}. {planned.problem or self.figures(index.row())}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return planned.problem or (layer.sentence if layer is not None else "Gives a number to each class.")
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """The last layer cannot be selected, nor be come to with the arrow keys."""
        return super().flags(index) if index.row() < len(self._state.layers) else Qt.ItemFlag.NoItemFlags

    def title(self, number: int) -> str:
        """The layer's number, from 1, and the layer in a few words."""
        layer, planned = self.row(number)
        text = layer.text if layer is not None else f"Dense {planned.shape[0]}: a number for each class"
        return f"{number + 1}  {text}"

    def figures(self, number: int) -> str:
        """Its output, weights and multiplications."""
        _, planned = self.row(number)
        parts = [shape_text(planned.shape)]
        if planned.parameters:
            parts.append(f"{compact(planned.parameters)} weights")
        if planned.multiplications:
            parts.append(f"{compact(planned.multiplications)} multiplications")
        return "   ".join(parts)

    @Slot()
    def _reset(self) -> None:
        self.beginResetModel()
        self.endResetModel()


class Boxes(QListView):
    """Shows the boxes; the selected one is the state's. Keys: Delete removes it, Alt and an arrow moves it."""

    def __init__(self, state: BuilderState) -> None:
        super().__init__()
        self._state = state
        self._model = BoxModel(state)
        self.setModel(self._model)
        self.setItemDelegate(_Delegate(self, self._model))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        mark(self, kind="boxes")
        self.setMouseTracking(True)
        self.setAccessibleName("Layers")
        self._model.modelReset.connect(self._show_selection)
        state.selection_changed.connect(self._show_selection)
        self.selectionModel().currentChanged.connect(self._select)
        self._show_selection()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Remove and move layers."""
        moves = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.key() == Qt.Key.Key_Delete:
            self._state.remove()
        elif event.key() in moves and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._state.move(moves[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    @Slot()
    def _show_selection(self) -> None:
        index = self._model.index(self._state.selected)
        if index != self.currentIndex():
            self.setCurrentIndex(index)

    @Slot()
    def _select(self) -> None:
        number = self.currentIndex().row()
        if 0 <= number < len(self._state.layers):
            self._state.select(number)


class _Delegate(QStyledItemDelegate):
    """Draws a box."""

    def __init__(self, view: QListView, model: BoxModel) -> None:
        super().__init__(view)
        self._view, self._model = view, model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Two lines, and more for a problem."""
        metrics = option.fontMetrics
        _, planned = self._model.row(index.row())
        width = max(120, self._view.viewport().width()) - 2 * SPACE
        second = _height(metrics, planned.problem, width - 2 * SPACE) if planned.problem else metrics.height()
        return QSize(0, metrics.height() + second + 2 * SPACE + GAP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the layer's words and figures; red where it cannot work."""
        chosen = colors()
        _, planned = self._model.row(index.row())
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        has_focus = bool(option.state & QStyle.StateFlag.State_HasFocus)
        edge = chosen.error if planned.problem else chosen.accent if is_selected else chosen.border
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = option.rect.adjusted(1, 1, -1, -1 - GAP)
        painter.setPen(QPen(QColor(edge), 2 if is_selected and has_focus else 1))
        painter.setBrush(QColor(chosen.accent_soft if is_selected else chosen.surface))
        painter.drawRoundedRect(box, 6, 6)
        inner = box.adjusted(SPACE, SPACE // 2, -SPACE, -SPACE // 2)
        font = QFont(option.font)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(chosen.text))
        metrics = QFontMetrics(font)
        title = metrics.elidedText(self._model.title(index.row()), Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft), title)
        painter.setFont(option.font)
        painter.setPen(QColor(chosen.error if planned.problem else chosen.muted))
        below = inner.adjusted(0, metrics.height(), 0, 0)
        text = planned.problem or self._model.figures(index.row())
        painter.drawText(below, int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop), text)
        painter.restore()


def _height(metrics: QFontMetrics, text: str, width: int) -> int:
    return metrics.boundingRect(QRect(0, 0, width, 1000), int(Qt.TextFlag.TextWordWrap), text).height()
