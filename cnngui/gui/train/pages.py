"""The card beside the form: the data, the curves, the pinned pictures or the search, and the progress below."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from cnngui.gui.common.scroll_column import ScrollColumn
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.common.switches import Switches
from cnngui.gui.train.overview import Overview
from cnngui.gui.train.pinned.pinned_state import PinnedState
from cnngui.gui.train.pinned.pinned_view import PinnedView
from cnngui.gui.train.plot.advice import Advice
from cnngui.gui.train.plot.live_plot import LivePlot
from cnngui.gui.train.progress_box import ProgressBox

PINNED_WIDTH = 330  # pixels, at least
DATA, CURVES, PICTURES, SEARCH = range(4)
TITLES = ("Data", "Curves", "Pictures", "Search")
TIPS = (
    "Show what the chosen data holds",
    "Show the loss and the accuracy",
    "Show what the network makes of twelve pictures after each epoch",
    "Show what has come of the search",
)


class TrainPages(QFrame):
    """Shows one of the four, and buttons to change between those that have something to show.

    progress: of the training. advice: what the curves say.
    """

    def __init__(self, overview: Overview, plot: LivePlot, pinned: PinnedState, search: QWidget) -> None:
        super().__init__()
        mark(self, kind="card")
        self._search, self._has_search = search, False
        self._overview, self._plot, self._pinned = overview, plot, ScrollColumn(PinnedView(pinned), PINNED_WIDTH)
        self._pages = QStackedWidget()
        self._tabs = Switches("Pages", TITLES, TIPS)
        self._tabs.chosen.connect(self._pages.setCurrentIndex)
        self.progress, self.advice = ProgressBox(), Advice()
        self._lay_out()
        plot.epochs_changed.connect(self._advise)

    @Slot()
    def show_data(self) -> None:
        """Show what the chosen data holds."""
        self._show(DATA)

    @Slot()
    def show_plot(self) -> None:
        """Show the curves."""
        self._show(CURVES)

    @Slot()
    def show_search(self) -> None:
        """Show what has come of the search, from now on beside the curves."""
        self._has_search = True
        self._show(SEARCH)

    @Slot()
    def _advise(self) -> None:
        plot, caption = self._plot, self._plot.caption
        if caption is not None:
            self.advice.show_history(
                plot.epochs, caption.recipe, caption.images, caption.classes, has_ended=not plot.shows_running
            )

    def _show(self, page: int) -> None:
        self._tabs.choose(page)
        has_curves = self._plot.has_curves
        for number in (CURVES, PICTURES):
            self._tabs.button(number).setVisible(has_curves)
        self._tabs.button(SEARCH).setVisible(self._has_search)
        self._tabs.setVisible(has_curves or self._has_search)

    def _lay_out(self) -> None:
        curves = QWidget()
        beside = QVBoxLayout(curves)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(SPACE)
        beside.addWidget(self._plot, 1)
        beside.addWidget(self.advice)
        for page in (self._overview, curves, self._pinned, self._search):
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        column.setSpacing(SPACE + 4)
        column.addWidget(self._tabs, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._pages, 1)
        column.addWidget(self.progress)
