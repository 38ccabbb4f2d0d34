"""Plain words beside the curves, each with buttons that change the next training."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cnngui.core.progress import EpochResult
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.runs.diagnosis import Finding, Remedy, best_text, findings
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.style import SPACE, mark


class Advice(QWidget):
    """What the curves in view say; hidden before there is anything.

    remedy_chosen: a Remedy, and the Recipe that it is to change.
    """

    remedy_chosen = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self._best = PlainLabel(wordWrap=True)
        mark(self._best, role="muted")
        self._shown: tuple[tuple[Finding, ...], Recipe | None] = (), None
        self._lines = QVBoxLayout()
        self._lines.setSpacing(SPACE // 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE // 2)
        column.addWidget(self._best)
        column.addLayout(self._lines)
        self.hide()

    def show_history(
        self,
        history: Sequence[EpochResult],
        recipe: Recipe,
        images: dict[str, int],
        classes: int,
        *,
        has_ended: bool,
    ) -> None:
        """Say what these epochs come to. images: of the parts "validation" and "test", as far as they are known."""
        self.setVisible(bool(history))
        self._best.setText(best_text(history))
        found = findings(
            history,
            recipe,
            classes=classes,
            validation_images=images.get("validation", 0),
            test_images=images.get("test", 0),
            has_ended=has_ended,
        )
        self._show(found, recipe)

    def _show(self, found: tuple[Finding, ...], recipe: Recipe) -> None:
        if (found, recipe) == self._shown:
            return  # a button that is made anew under the pointer takes no click
        self._shown = found, recipe
        while (item := self._lines.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for finding in found:
            self._lines.addWidget(self._line(finding, recipe))

    def _line(self, finding: Finding, recipe: Recipe) -> QWidget:
        line, label = QWidget(), PlainLabel(finding.sentence, wordWrap=True)
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label, 1)
        for remedy in finding.remedies:
            row.addWidget(self._button(remedy, recipe))
        return line

    def _button(self, remedy: Remedy, recipe: Recipe) -> QPushButton:
        button = QPushButton(remedy.text)
        button.setToolTip("Change the form for the next training")
        button.clicked.connect(partial(self.remedy_chosen.emit, remedy, recipe))
        return button
