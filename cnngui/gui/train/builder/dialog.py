"""The builder's dialog."""

from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cnngui.core.networks.presets import layers_of
from cnngui.core.recipes import layers as of_recipe
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.sentences import some_of
from cnngui.gui.common import questions
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.common.words import duration
from cnngui.gui.train.builder.boxes import Boxes
from cnngui.gui.train.builder.layer_side import LayerSide
from cnngui.gui.train.builder.state import BuilderState
from cnngui.gui.train.builder.time_estimate import Estimate, TimeEstimate
from cnngui.gui.train.builder.words import compact

MOST_NAMED = 5  # layers that cannot work


class Builder(QDialog):
    """Edits the recipe's layers. layers_chosen: what the user has built, once it is accepted.

    picture: one of the chosen data, uint8 (height, width, 3). training_images: how many there are; 0 if unknown.
    runs_dir: the folder of the runs, which tell how long a training takes.
    """

    layers_chosen = Signal(object)

    def __init__(
        self,
        recipe: Recipe,
        picture: NDArray[np.uint8],
        classes: int,
        training_images: int,
        runs_dir: Path,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.state = BuilderState(layers_of(recipe.network), picture.shape, classes, self)
        self._estimate = TimeEstimate(recipe, picture.shape, classes, training_images, runs_dir, self)
        self._time: Estimate | None = None
        self._boxes = Boxes(self.state)
        self._side = LayerSide(self.state, picture)
        self._sum = PlainLabel(wordWrap=True)
        self._add, self._remove = QPushButton("&Add"), QPushButton("&Remove")
        self._up, self._down = QPushButton("Move &up"), QPushButton("Move &down")
        self._undo, self._redo = QPushButton("Undo"), QPushButton("Redo")
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self._lay_out()
        self._connect()
        self._show_layers()
        self._show_selection()

    def stop(self) -> None:
        """Close, and wait until nothing runs: the window closes."""
        self.done(QDialog.DialogCode.Rejected)
        self._estimate.stop()

    def _connect(self) -> None:
        state, stack = self.state, self.state.undo_stack
        state.changed.connect(self._show_layers)
        state.selection_changed.connect(self._show_selection)
        self._side.editors_changed.connect(self._order_tabs)
        self._estimate.found.connect(self._show_time)
        self.finished.connect(lambda: self._estimate.stop_then(self.deleteLater))
        self._remove.clicked.connect(state.remove)
        self._up.clicked.connect(lambda: state.move(-1))
        self._down.clicked.connect(lambda: state.move(1))
        self._undo.clicked.connect(stack.undo)
        self._redo.clicked.connect(stack.redo)
        undo, redo = QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo
        QShortcut(QKeySequence(undo), self, stack.undo)
        QShortcut(QKeySequence(redo), self, stack.redo)
        if QKeySequence("Ctrl+Y") != QKeySequence(redo):
            QShortcut(QKeySequence("Ctrl+Y"), self, stack.redo)  # many expect it
        stack.indexChanged.connect(self._show_undo)
        self._buttons.accepted.connect(self._accept)
        self._buttons.rejected.connect(self.reject)
        self._show_undo()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return ends a number that is typed; it closes nothing unless it is meant for a button."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or isinstance(self.focusWidget(), QPushButton):
            super().keyPressEvent(event)

    def reject(self) -> None:
        """Close without using the layers; ask if that loses any change."""
        if self.state.undo_stack.isClean() or questions.may_discard_layers(self):
            super().reject()

    @Slot()
    def _accept(self) -> None:
        if not self.state.plan.problems:
            self.layers_chosen.emit(self.state.layers)
            self.accept()

    @Slot()
    def _show_layers(self) -> None:
        if self.state.plan.problems:
            self._estimate.forget()
        else:
            self._estimate.measure(self.state.layers)
        self._show_sum()
        self._add.setEnabled(self.state.can_add)

    @Slot(object)
    def _show_time(self, time: Estimate | None) -> None:
        self._time = time
        self._show_sum()

    def _show_sum(self) -> None:
        plan = self.state.plan
        ok = self._buttons.button(QDialogButtonBox.StandardButton.Ok)
        ok.setEnabled(not plan.problems)
        if plan.problems:
            numbers = [f"{number:,}" for number, _ in plan.problems]
            layers, say = ("Layer", "it says") if len(numbers) == 1 else ("Layers", "each says")
            self._sum.setText(f"{layers} {some_of(numbers, MOST_NAMED)} cannot work; {say} why.")
            mark(self._sum, role="failure")
            return
        figures = f"{compact(plan.parameters)} weights, {compact(plan.multiplications)} multiplications for each image"
        self._sum.setText(figures + self._time_text())
        mark(self._sum, role="muted")

    def _time_text(self) -> str:
        if self._time is None:
            return ", measuring the time …"
        if self._time.seconds is None:
            return ""
        source = ", as runs of these layers took" if self._time.from_runs else ""
        return f", about {duration(self._time.seconds)} for the whole training on this computer{source}"

    @Slot()
    def _show_selection(self) -> None:
        layer, state = self.state.layer, self.state
        for button in (self._remove, self._up, self._down):
            button.setEnabled(layer is not None)
        if layer is not None:
            self._up.setEnabled(state.selected > 0)
            self._down.setEnabled(state.selected < len(state.layers) - 1)

    @Slot()
    def _order_tabs(self) -> None:
        """Tab goes through what is seen from the top left to the bottom right."""
        tools = (self._add, self._remove, self._up, self._down, self._undo, self._redo)
        for one, next_one in pairwise([*tools, self._boxes, *self._side.fields, *self._buttons.buttons()]):
            QWidget.setTabOrder(one, next_one)

    @Slot()
    def _show_undo(self) -> None:
        stack = self.state.undo_stack
        self._undo.setEnabled(stack.canUndo())
        self._redo.setEnabled(stack.canRedo())
        self._undo.setToolTip(f"Undo: {stack.undoText()}" if stack.canUndo() else "Nothing to undo")
        self._redo.setToolTip(f"Redo: {stack.redoText()}" if stack.canRedo() else "Nothing to redo")

    def _lay_out(self) -> None:
        self.setWindowTitle("Layers")
        menu = QMenu(self)
        for kind, layer in of_recipe.LAYERS.items():
            action = menu.addAction(layer.title)
            action.setToolTip(layer.sentence)
            action.triggered.connect(lambda _checked=False, kind=kind: self.state.add(kind))
        menu.setToolTipsVisible(True)
        self._add.setMenu(menu)
        mark(self._add, kind="menu")
        tools = QHBoxLayout()
        tools.setSpacing(SPACE)
        for button in (self._add, self._remove, self._up, self._down, self._undo, self._redo):
            button.setAutoDefault(False)
            tools.addWidget(button)
        tools.addStretch(1)
        left = QVBoxLayout()
        left.setSpacing(SPACE)
        left.addLayout(tools)
        left.addWidget(self._boxes, 1)
        row = QHBoxLayout()
        row.setSpacing(2 * SPACE)
        row.addLayout(left, 1)
        row.addWidget(self._side)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        column.setSpacing(2 * SPACE)
        column.addLayout(row, 1)
        column.addWidget(self._sum)
        column.addWidget(self._buttons)
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setText("Use these layers")
        mark(self._buttons.button(QDialogButtonBox.StandardButton.Ok), kind="primary")
        self._order_tabs()
        self._boxes.setFocus()
        self.resize(900, 600)
