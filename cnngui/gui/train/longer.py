"""Asks for how many epochs a training goes on, and shows the learning rate that results."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from cnngui.core.recipes.recipe import SETTINGS, Recipe
from cnngui.core.recipes.schedule import learning_rates
from cnngui.core.sentences import counted
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.style import SPACE, colors, mark
from cnngui.gui.common.words import duration

POINTS = 400  # of each curve


class LongerDialog(QDialog):
    """Calls ``take`` with the number of epochs in all, once it is accepted.

    recipe: of the run, with the epochs planned so far. done: complete epochs. seconds_per_epoch: 0 if unknown.
    """

    def __init__(
        self,
        recipe: Recipe,
        done: int,
        seconds_per_epoch: float,
        take: Callable[[int], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        import pyqtgraph as pg

        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._recipe, self._done, self._seconds, self._take = recipe, done, seconds_per_epoch, take
        self.epochs_box = QSpinBox()
        self._text = PlainLabel(wordWrap=True)
        self._plot = pg.PlotWidget(background=colors().surface)
        self._lay_out()
        self.epochs_box.valueChanged.connect(self._describe)
        self.accepted.connect(lambda: self._take(self.epochs_box.value()))
        self._describe()

    @Slot()
    def _describe(self) -> None:
        epochs = self.epochs_box.value()
        more = epochs - self._recipe.optimization.epochs
        time = f", about {duration(more * self._seconds)} more" if self._seconds else ""
        if self._recipe.optimization.schedule == "constant":
            schedule = "The learning rate stays as it is."
        else:
            begins = f"From epoch {self._done + 1:,} on" if self._done else "From the beginning on"
            schedule = f"{begins}, the learning rate follows the schedule of {counted(epochs, 'epoch')}."
        self._text.setText(f"{counted(more, 'epoch')} more than planned{time}. {schedule}")
        self._draw(epochs)

    def _draw(self, epochs: int) -> None:
        import pyqtgraph as pg

        chosen = colors()
        self._plot.clear()
        before, after = self._rates(self._recipe), self._rates(self._recipe.changed({"optimization.epochs": epochs}))
        done = before[0] <= self._done
        ahead = after[0] >= self._done
        dashed = pg.mkPen(chosen.muted, width=1, style=Qt.PenStyle.DashLine)
        self._plot.plot(*(part[~done] for part in before), pen=dashed, name="as planned")
        self._plot.plot(*(part[done] for part in before), pen=pg.mkPen(chosen.muted, width=2), name="so far")
        self._plot.plot(*(part[ahead] for part in after), pen=pg.mkPen(chosen.accent, width=2), name="new")

    def _rates(self, recipe: Recipe) -> tuple[np.ndarray, np.ndarray]:
        """Epochs, and the learning rate there."""
        epochs = np.linspace(0, recipe.optimization.epochs, POINTS)
        return epochs, learning_rates(recipe, epochs * 100, recipe.optimization.epochs * 100)

    def _lay_out(self) -> None:
        self.setWindowTitle("Train longer")
        mark(self._text, role="muted")
        planned, most = self._recipe.optimization.epochs, int(SETTINGS["optimization.epochs"].maximum)
        self.epochs_box.setRange(min(planned + 1, most), most)
        self.epochs_box.setValue(min(planned + max(1, planned // 2), most))
        self.epochs_box.setAccessibleName("Epochs in all")
        row = QHBoxLayout()
        row.addWidget(PlainLabel("Epochs in all"))
        row.addWidget(self.epochs_box)
        row.addStretch(1)
        self._plot.setMouseEnabled(False, False)
        self._plot.setMenuEnabled(False)
        self._plot.hideButtons()
        self._plot.setLabel("bottom", "epoch")
        self._plot.setLabel("left", "learning rate")
        self._plot.addLegend(offset=(-SPACE, SPACE), labelTextColor=colors().text)
        self._plot.setAccessibleName("The learning rate so far, as planned, and with so many epochs")
        for side in ("left", "bottom"):
            self._plot.getAxis(side).setPen(colors().border)
            self._plot.getAxis(side).setTextPen(colors().muted)
            self._plot.getAxis(side).enableAutoSIPrefix(False)
        buttons = QDialogButtonBox()
        accept = buttons.addButton("Train longer", QDialogButtonBox.ButtonRole.AcceptRole)
        mark(accept, kind="primary")
        buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        column.setSpacing(SPACE)
        for part in (row, self._text, self._plot, buttons):
            column.addLayout(part) if isinstance(part, QHBoxLayout) else column.addWidget(part)
        self.resize(520, 400)
