"""Finds a learning rate: the curve of a range test, a suggestion, and a click that takes a rate."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cnngui.core.data import datasets
from cnngui.core.data.datasets import Dataset, RawData
from cnngui.core.errors import UserError
from cnngui.core.progress import ShouldStop
from cnngui.core.recipes.recipe import SETTINGS, Recipe
from cnngui.core.training.trial import RANGES, RangePoint, range_test, suggested_rate
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.common.worker import COMPUTING_SECONDS, Deliver, Task
from cnngui.gui.train.recipe.editors import Editor

if TYPE_CHECKING:
    from cnngui.gui.train.recipe.rate_plot import RatePlot

REDRAW_MS = 100

ReadData = Callable[[ShouldStop], RawData]
"""Gives the chosen data, in a worker."""


@dataclass(frozen=True)
class Ready:
    """The plot can be made."""


class RateFinder(QDialog):
    """Runs a range test of the recipe. rate_chosen: the rate that the user takes."""

    rate_chosen = Signal(float)

    def __init__(self, recipe: Recipe, read: ReadData, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recipe, self._read = recipe, read
        self._points: list[RangePoint] = []
        self._rate: float | None = None
        self._text = PlainLabel("Reading the data …", wordWrap=True)
        self._plot: RatePlot | None = None  # until its worker has imported pyqtgraph, which takes long
        self._take = QPushButton("&Use this rate")
        self._editor = Editor(SETTINGS["optimization.learning_rate"], self)
        self._task = Task(self)
        self._redraw = QTimer(self, singleShot=True, interval=REDRAW_MS)
        self._redraw.timeout.connect(self._draw)
        self._place, self._buttons = QVBoxLayout(), QHBoxLayout()
        self._lay_out()
        self.finished.connect(self._end)
        self._begin()

    @property
    def is_running(self) -> bool:
        """Whether the test is going on."""
        return self._task.is_running

    def choose(self, rate: float) -> None:
        """Mark this rate as the one to take."""
        setting = SETTINGS["optimization.learning_rate"]
        self._rate = min(setting.maximum, max(setting.minimum, rate))
        self._editor.show(self._rate)
        if self._plot is not None:
            self._plot.mark(self._rate)
        self._take.setEnabled(True)

    def _begin(self) -> None:
        recipe, read = self._recipe, self._read

        def work(report: Deliver, should_stop: ShouldStop) -> tuple[RangePoint, ...]:
            import cnngui.gui.train.recipe.rate_plot  # noqa: F401

            report(Ready())
            raw = read(should_stop)
            dataset: Dataset = datasets.divide(raw, validation_fraction=recipe.validation.fraction, seed=recipe.seed)
            report("Preparing the network …")
            return range_test(dataset, recipe, found=report, should_stop=should_stop)

        self._task.start(work, progressed=self._show, succeeded=self._suggest, failed=self._fail, broken=self.reject)

    def _show(self, value: object) -> None:
        if isinstance(value, Ready):
            self._show_plot()
        elif isinstance(value, RangePoint):
            self._points.append(value)
            if not self._redraw.isActive():
                self._redraw.start()
            self._text.setText(f"Training with a rate that grows with each step: {value.rate:.2g} …")
        else:
            self._text.setText(str(value))

    @Slot()
    def _draw(self) -> None:
        if self._plot is not None:
            self._plot.show_points(self._points)

    def _suggest(self, points: tuple[RangePoint, ...]) -> None:
        suggested = suggested_rate(points)
        if suggested is None:
            self._text.setText(
                "The loss never falls clearly, so nothing is suggested. Click a rate on the curve, or type one."
            )
            return
        self._text.setText(
            f"The loss falls fastest at about {suggested:g}. Click another rate on the curve, or type one."
        )
        if self._rate is None:  # the user has not chosen one meanwhile
            self.choose(suggested)

    def _fail(self, error: UserError) -> None:
        self._text.setText(str(error))

    def stop(self) -> None:
        """Close, and wait until nothing runs or it hangs: the window closes."""
        self.done(QDialog.DialogCode.Rejected)
        self._task.leave(COMPUTING_SECONDS)

    @Slot()
    def _end(self) -> None:
        self._task.abandon_then(self.deleteLater)

    @Slot()
    def _accept(self) -> None:
        if self._rate is not None:
            self.rate_chosen.emit(self._rate)
        self.accept()

    @Slot(float)
    def _take_click(self, rate: float) -> None:
        if self._points:
            self.choose(rate)

    def _show_plot(self) -> None:
        from cnngui.gui.train.recipe.rate_plot import RatePlot

        self._plot = RatePlot(*RANGES[self._recipe.optimization.optimizer])
        self._plot.clicked.connect(self._take_click)
        self._place.addWidget(self._plot)
        if self._rate is not None:
            self._plot.mark(self._rate)

    def _lay_out(self) -> None:
        self.setWindowTitle("Find a learning rate")
        mark(self._take, kind="primary")
        self._take.setEnabled(False)
        self._editor.show(self._recipe.optimization.learning_rate)
        self._editor.edited.connect(self.choose)
        label = PlainLabel("&Learning rate")
        label.setBuddy(self._editor.widget)
        for widget in (label, self._editor.widget):
            self._buttons.addWidget(widget)
        self._buttons.addStretch(1)
        self._take.clicked.connect(self._accept)
        cancel = QPushButton("Cancel")
        cancel.clicked.connect(self.reject)
        for button in (self._take, cancel):
            self._buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        column.setSpacing(SPACE)
        column.addWidget(self._text)
        column.addLayout(self._place, 1)
        column.addLayout(self._buttons)
        self.resize(620, 440)
