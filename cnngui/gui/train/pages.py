"""The card beside the form: the data or the curves, and the progress of a training below."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.train.live_plot import LivePlot
from cnngui.gui.train.overview import Overview
from cnngui.gui.train.progress_box import ProgressBox


class TrainPages(QFrame):
    """Shows one of the two, and buttons to change between them once there are curves. progress: of the training."""

    def __init__(self, overview: Overview, plot: LivePlot) -> None:
        super().__init__()
        mark(self, kind="card")
        self._overview, self._plot = overview, plot
        self._pages, self._tabs = QStackedWidget(), QWidget()
        self._data_tab, self._plot_tab = QPushButton("Data"), QPushButton("Curves")
        self.progress = ProgressBox()
        self._lay_out()

    @Slot()
    def show_data(self) -> None:
        """Show what the chosen data holds."""
        self._show(self._overview)

    @Slot()
    def show_plot(self) -> None:
        """Show the curves."""
        self._show(self._plot)

    def _show(self, page: QWidget) -> None:
        self._pages.setCurrentWidget(page)
        self._tabs.setVisible(self._plot.has_curves)
        self._data_tab.setChecked(page is self._overview)
        self._plot_tab.setChecked(page is self._plot)

    def _lay_out(self) -> None:
        self._pages.addWidget(self._overview)
        self._pages.addWidget(self._plot)
        self._data_tab.setToolTip("Show what the chosen data holds")
        self._plot_tab.setToolTip("Show the loss and the accuracy")
        tabs = QHBoxLayout(self._tabs)
        tabs.setContentsMargins(0, 0, 0, 0)
        for tab, show in ((self._data_tab, self.show_data), (self._plot_tab, self.show_plot)):
            tab.setCheckable(True)
            tab.setFlat(True)
            tab.clicked.connect(show)
            tabs.addWidget(tab)
        tabs.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        column.setSpacing(SPACE + 4)
        column.addWidget(self._tabs)
        column.addWidget(self._pages, 1)
        column.addWidget(self.progress)
