"""The switch that lets a setting vary in a search, and what stands in place of its value then."""

from functools import partial
from itertools import pairwise

from PySide6.QtWidgets import QCheckBox, QGridLayout, QVBoxLayout, QWidget

from cnngui.core.recipes.recipe import SETTINGS
from cnngui.core.search.space import Domain
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.train.recipe.domain_editor import ChoiceEditor, RangeEditor
from cnngui.gui.train.recipe.vary import VaryState

VALUES, SWITCHES = 1, 3  # columns of the grid
TIP = "Let the search try other values of this setting"


class VaryCell:
    """The switch and the editor of a setting in a row of a grid. Each is made when it is needed first.

    value, reset: what stands in the row; Tab comes to the editor after the one, and to the switch after the other.
    """

    def __init__(self, vary: VaryState, path: str, grid: QGridLayout, row: int, value: QWidget, reset: QWidget) -> None:
        self._vary, self._path, self._grid, self._row = vary, path, grid, row
        self._value, self._reset, self._parent = value, reset, value.parentWidget()
        self._switch: QCheckBox | None = None
        self._cell: QWidget | None = None
        self._problem: PlainLabel | None = None
        self._editor: RangeEditor | ChoiceEditor | None = None

    def show(self) -> bool:
        """Show what the state says; whether the setting varies."""
        has_effect, varies = self._vary.has_effect(self._path), self._vary.varies(self._path)
        if self._vary.is_on and self._switch is None:
            self._switch = self._made_switch()
        if self._switch is not None:
            self._switch.setVisible(self._vary.is_on and has_effect)
            self._switch.setChecked(varies)
        if varies and self._cell is None:
            self._cell = self._made()
        if self._cell is not None:
            self._cell.setVisible(varies and has_effect)
        if varies:
            self._show_domain(self._vary.domain(self._path), self._vary.problem(self._path))
        return varies

    def _show_domain(self, domain: Domain, problem: str) -> None:
        assert self._editor is not None  # it varies
        assert self._problem is not None
        if not problem:  # else what the user has typed stays
            self._editor.show_domain(domain)
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))

    def _made(self) -> QWidget:
        setting, cell = SETTINGS[self._path], QWidget(self._parent)
        if setting.kind in (int, float):
            self._editor = RangeEditor(self._path, cell)
            self._editor.given.connect(partial(self._vary.give, self._path))
        else:
            self._editor = ChoiceEditor(self._path, cell)
            self._editor.chosen.connect(partial(self._vary.choose, self._path))
        self._problem = PlainLabel(wordWrap=True)
        mark(self._problem, role="failure")
        column = QVBoxLayout(cell)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE // 2)
        column.addWidget(self._editor)
        column.addWidget(self._problem)
        self._grid.addWidget(cell, self._row, VALUES)
        for before, after in pairwise((self._value, *self._editor.stops)):
            QWidget.setTabOrder(before, after)
        return cell

    def _made_switch(self) -> QCheckBox:
        switch = QCheckBox("vary", self._parent)
        switch.setToolTip(TIP)
        switch.setAccessibleName(f"Vary {SETTINGS[self._path].label}")
        switch.clicked.connect(lambda is_on: self._vary.vary(self._path, is_on))
        self._grid.addWidget(switch, self._row, SWITCHES)
        QWidget.setTabOrder(self._reset, switch)
        return switch
