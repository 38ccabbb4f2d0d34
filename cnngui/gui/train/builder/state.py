"""The list of layers that is being edited, with its undo; without any widget."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from cnngui.core.networks.plan import Plan, Shape, plan
from cnngui.core.recipes.layers import LAYERS, MOST_LAYERS, Layer
from cnngui.core.recipes.setting import Value


class BuilderState(QObject):
    """What is edited.

    image: the shape of the images. classes: how many. selected: the number of a layer, from 0; -1 for none.
    changed: the layers. selection_changed: which one is selected.
    """

    changed = Signal()
    selection_changed = Signal()

    def __init__(self, layers: Sequence[Layer], image: Shape, classes: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.layers = tuple(layers)
        self.image, self.classes = image, classes
        self.selected = 0 if layers else -1
        self.undo_stack = QUndoStack(self)
        self._plan: Plan | None = None

    @property
    def plan(self) -> Plan:
        """What the layers come to."""
        if self._plan is None:
            self._plan = plan(self.layers, self.image, self.classes)
        return self._plan

    @property
    def layer(self) -> Layer | None:
        """The selected layer."""
        return self.layers[self.selected] if 0 <= self.selected < len(self.layers) else None

    @property
    def can_add(self) -> bool:
        """Whether there is room for another layer."""
        return len(self.layers) < MOST_LAYERS

    def select(self, number: int) -> None:
        """Select a layer."""
        if number != self.selected and -1 <= number < len(self.layers):
            self.selected = number
            self.selection_changed.emit()

    def add(self, kind: str) -> None:
        """Add a layer of this kind after the selected one."""
        if self.can_add:
            at = self.selected + 1 if self.layer is not None else len(self.layers)
            layer = LAYERS[kind]()
            self._put(f"Add {layer.title}", (*self.layers[:at], layer, *self.layers[at:]), at)

    def remove(self) -> None:
        """Remove the selected layer."""
        if self.layer is not None:
            at = self.selected
            layers = (*self.layers[:at], *self.layers[at + 1 :])
            self._put(f"Remove {self.layer.title}", layers, min(at, len(layers) - 1))

    def move(self, by: int) -> None:
        """Move the selected layer up (-1) or down (1)."""
        if self.layer is not None:
            self.move_to(self.selected + by)

    def move_to(self, to: int) -> None:
        """Move the selected layer to this place."""
        if self.layer is None or to == self.selected or not 0 <= to < len(self.layers):
            return
        rest = [each for number, each in enumerate(self.layers) if number != self.selected]
        self._put(f"Move {self.layer.title}", (*rest[:to], self.layer, *rest[to:]), to)

    def set(self, name: str, value: Value) -> None:
        """Change a setting of the selected layer. Raises SettingError."""
        if self.layer is None or getattr(self.layer, name) == value:
            return
        layer = replace(self.layer, **{name: value})
        layers = tuple(layer if number == self.selected else each for number, each in enumerate(self.layers))
        self._put(f"Change {layer.title}", layers, self.selected, name)

    def _put(self, text: str, layers: tuple[Layer, ...], selected: int, setting: str = "") -> None:
        self.undo_stack.push(_Change(self, text, layers, selected, setting))

    def _show(self, layers: tuple[Layer, ...], selected: int) -> None:
        self.layers, self.selected, self._plan = layers, selected, None
        self.changed.emit()
        self.selection_changed.emit()


class _Change(QUndoCommand):
    """setting: the name of the only one that changes, of the selected layer; else ""."""

    def __init__(self, state: BuilderState, text: str, layers: tuple[Layer, ...], selected: int, setting: str) -> None:
        super().__init__(text)
        self._state, self._setting = state, setting
        self._before, self._after = (state.layers, state.selected), (layers, selected)

    def id(self) -> int:
        """Qt asks :meth:`mergeWith` for those of one number; -1 for none."""
        return 1 if self._setting else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        """A number that is typed digit by digit is one change."""
        assert isinstance(other, _Change)
        if (other._setting, other._after[1]) != (self._setting, self._after[1]):
            return False
        self._after = other._after
        self.setObsolete(self._after == self._before)
        return True

    def undo(self) -> None:
        self._state._show(*self._before)

    def redo(self) -> None:
        self._state._show(*self._after)
