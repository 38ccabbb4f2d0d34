"""The card beside the form: the data, the curves or the pinned pictures, and the progress of a training below."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from cnngui.gui.common.page_tabs import PageTabs
from cnngui.gui.common.scroll_column import ScrollColumn
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.train.overview import Overview
from cnngui.gui.train.pinned.pinned_state import PinnedState
from cnngui.gui.train.pinned.pinned_view import PinnedView
from cnngui.gui.train.plot.advice import Advice
from cnngui.gui.train.plot.live_plot import LivePlot
from cnngui.gui.train.progress_box import ProgressBox

PINNED_WIDTH = 330  # pixels, at least


class TrainPages(QFrame):
    """Shows one of the three, and buttons to change between them once there are curves.

    progress: of the training. advice: what the curves say.
    """

    def __init__(self, overview: Overview, plot: LivePlot, pinned: PinnedState) -> None:
        super().__init__()
        mark(self, kind="card")
        self._overview, self._plot, self._pinned = overview, plot, ScrollColumn(PinnedView(pinned), PINNED_WIDTH)
        self._pages = QStackedWidget()
        self._tabs = PageTabs(self._pages)
        self.progress, self.advice = ProgressBox(), Advice()
        self._lay_out()
        plot.epochs_changed.connect(self._advise)

    @Slot()
    def show_data(self) -> None:
        """Show what the chosen data holds."""
        self._show(self._overview)

    @Slot()
    def show_plot(self) -> None:
        """Show the curves."""
        self._show(self._curves)

    @Slot()
    def _advise(self) -> None:
        plot, caption = self._plot, self._plot.caption
        if caption is not None:
            self.advice.show_history(
                plot.epochs, caption.recipe, caption.images, caption.classes, has_ended=not plot.shows_running
            )

    def _show(self, page: QWidget) -> None:
        self._pages.setCurrentWidget(page)
        self._tabs.setVisible(self._plot.has_curves)

    def _lay_out(self) -> None:
        self._curves = QWidget()
        beside = QVBoxLayout(self._curves)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(SPACE)
        beside.addWidget(self._plot, 1)
        beside.addWidget(self.advice)
        pinned_tip = "Show what the network makes of twelve pictures after each epoch"
        self._tabs.add("Data", "Show what the chosen data holds", self._overview)
        self._tabs.add("Curves", "Show the loss and the accuracy", self._curves)
        self._tabs.add("Pictures", pinned_tip, self._pinned)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        column.setSpacing(SPACE + 4)
        column.addWidget(self._tabs)
        column.addWidget(self._pages, 1)
        column.addWidget(self.progress)
