"""The best so far against time, or the front of two aims."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtWidgets import QStackedLayout

from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.style import colors, mark
from cnngui.gui.train.search.results.dots import dots
from cnngui.gui.train.search.results.page import Page
from cnngui.gui.train.search.results.state import ResultsState

if TYPE_CHECKING:
    from cnngui.gui.train.search.results.plot import TrialPlot

EMPTY = "The first trial that finishes appears here."


class PlotPage(Page):
    """The plot, once a trial has finished. asked: the chosen trial's run is to be shown."""

    asked = Signal()

    def __init__(self, state: ResultsState) -> None:
        super().__init__(state)
        self._plot: TrialPlot | None = None
        self._empty = PlainLabel(EMPTY)
        mark(self._empty, role="muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._layout = QStackedLayout(self)
        self._layout.addWidget(self._empty)
        state.chosen.connect(self._mark)

    @property
    def plot(self) -> "TrialPlot":
        """The plot, made when it is first needed, since importing pyqtgraph takes time."""
        from cnngui.gui.train.search.results.plot import TrialPlot

        if self._plot is None:
            self._plot = TrialPlot()
            self._plot.recolor(colors())
            self._plot.set_font(self.font())
            self._plot.chosen.connect(self._state.choose)
            self._plot.asked.connect(self.asked)
            self._layout.addWidget(self._plot)
        return self._plot

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change between light and dark, and of the text's size."""
        super().changeEvent(event)
        if self._plot is not None and event.type() == QEvent.Type.FontChange:
            self._plot.set_font(self.font())
        if self._plot is not None and event.type() == QEvent.Type.PaletteChange:
            self._plot.recolor(colors())

    def _update(self) -> None:
        found = dots(self._state.standing) if self._state.standing is not None else None
        if found is not None:
            self.plot.show_dots(found, self._state.number)
        self._layout.setCurrentWidget(self._empty if found is None else self.plot)

    @Slot()
    def _mark(self) -> None:
        if self._plot is not None:
            self._plot.mark(self._state.number)
