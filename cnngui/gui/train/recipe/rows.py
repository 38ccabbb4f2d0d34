"""Rows of settings, made from their definitions."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from cnngui.core.recipes.recipe import SETTINGS
from cnngui.core.search.space import searchable
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.common.words import plain
from cnngui.gui.train.recipe.editors import Editor
from cnngui.gui.train.recipe.state import RecipeState
from cnngui.gui.train.recipe.vary import VaryState
from cnngui.gui.train.recipe.vary_cell import VaryCell

MNEMONICS = {
    "network.begin": "Begin &with",
    "optimization.epochs": "&Epochs",
    "optimization.batch_size": "&Batch size",
    "optimization.learning_rate": "&Learning rate",
    "network.dropout": "Dr&opout",
    "augmentation.horizontal_flip": "&Horizontal flip",
}  # of the settings that beginners see: the keys of the others would not be enough
LABELS = tuple(setting.label for setting in SETTINGS.values())  # the editors of all groups are in one line


class SettingRows(QWidget):
    """A row for each of these settings, by their paths: its label, its editor, and a button to reset it.

    What has no effect, as the others are, is hidden. What differs from the chosen recipe is marked. A setting that
    varies in a search shows its range in place of its value.
    """

    def __init__(self, state: RecipeState, paths: Sequence[str], vary: VaryState | None = None) -> None:
        """vary: what varies; None where nothing can."""
        super().__init__()
        self._state = state
        grid = QGridLayout(self)
        self._rows = {path: _Row(self, state, path) for path in paths}
        if vary is not None:
            for number, path in enumerate(paths):
                if path in searchable():
                    self._rows[path].can_vary(vary, grid, number)
            vary.changed.connect(self._show)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(SPACE)
        grid.setHorizontalSpacing(SPACE)
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(0, max(self.fontMetrics().horizontalAdvance(text) for text in LABELS))
        for number, row in enumerate(self._rows.values()):
            grid.addWidget(row.label, number, 0)
            grid.addWidget(row.editor.widget, number, 1)
            grid.addWidget(row.reset, number, 2)
        state.changed.connect(self._show)
        self._show()

    def editor(self, path: str) -> Editor:
        """The editor of a setting."""
        return self._rows[path].editor

    @Slot()
    def _show(self) -> None:
        for row in self._rows.values():
            row.show(self._state)


class _Row:
    def __init__(self, parent: QWidget, state: RecipeState, path: str) -> None:
        self._path, setting = path, SETTINGS[path]
        self._vary: VaryState | None = None
        self._cell: VaryCell | None = None
        self.editor = Editor(setting, parent)
        self.editor.edited.connect(partial(state.set, path))
        self.label = PlainLabel(MNEMONICS.get(path, setting.label), parent)
        self.label.setBuddy(self.editor.widget)
        self.label.setToolTip(self.editor.widget.toolTip())
        self.reset = QPushButton("↺", parent)
        mark(self.reset, kind="small")
        self.reset.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.reset.clicked.connect(partial(self._reset, state))

    def _reset(self, state: RecipeState) -> None:
        if self._vary is not None and self._vary.varies(self._path):
            self._vary.vary(self._path, True)
        else:
            state.reset(self._path)

    def can_vary(self, vary: VaryState, grid: QGridLayout, number: int) -> None:
        """Let the setting of this row of the grid vary."""
        self._vary = vary
        self._cell = VaryCell(vary, self._path, grid, number, self.editor.widget, self.reset)

    def show(self, state: RecipeState) -> None:
        recipe, setting, vary = state.recipe, SETTINGS[self._path], self._vary
        varies = self._cell is not None and self._cell.show()
        has_effect = vary.has_effect(self._path) if vary is not None else recipe.has_effect(self._path)
        is_changed = not vary.is_usual(self._path) if vary is not None and varies else state.is_changed(self._path)
        self.editor.show(recipe.value(self._path))
        policy = self.reset.sizePolicy()
        policy.setRetainSizeWhenHidden(has_effect)  # nothing jumps when a value is changed
        self.reset.setSizePolicy(policy)
        self.label.setVisible(has_effect)
        self.editor.widget.setVisible(has_effect and not varies)
        self.reset.setVisible(has_effect and is_changed)
        state_of = "changed" if is_changed else ""
        if self.label.property("state") != state_of:
            mark(self.label, state=state_of)
        original = f"{setting.label}: {setting.write(state.original.value(self._path))}, as in “{state.name}”"
        self.reset.setToolTip(plain(f"Back to {'the usual values' if varies else original}"))
        self.reset.setAccessibleName(f"Reset {setting.label}")
