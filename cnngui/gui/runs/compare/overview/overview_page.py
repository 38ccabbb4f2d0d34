"""What the settings do to the accuracy, over all runs."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from cnngui.core.runs.library import ListedRun
from cnngui.core.sentences import counted
from cnngui.gui.common.labels.elided_label import ElidedLabel
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.parallel.axes import Overview
from cnngui.gui.common.parallel.plot import ParallelPlot
from cnngui.gui.common.style import SPACE, colors, mark
from cnngui.gui.common.words import percent
from cnngui.gui.runs.compare.overview.places import LEAST, Measure, make_overview

if TYPE_CHECKING:
    from cnngui.gui.runs.compare.overview.scatter import Scatter

HINT = "Click a run to select it."


class OverviewPage(QWidget):
    """Parallel coordinates of all settings that differ, and a scatter of one of them.

    run_asked: the path of the run that the user clicks.
    """

    run_asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._runs: Sequence[ListedRun] = ()
        self._selected: Sequence[Path] = ()
        self._overview = Overview()
        self._measure, self._setting = QComboBox(), QComboBox()
        self._named, self._missing, self._plots, self._pages = ElidedLabel(), PlainLabel(), QWidget(), QStackedWidget()
        self.parallel = ParallelPlot("run")
        self._scatter: Scatter | None = None
        self._canvas = QWidget()  # where the scatter will be
        self._room = QVBoxLayout(self._canvas)
        self._rest = QTimer(self, singleShot=True, interval=0)
        self._rest.timeout.connect(self._show_setting)
        self._lay_out()
        self._connect()

    @property
    def scatter(self) -> "Scatter":
        """The scatter, made when it is first needed, since importing pyqtgraph takes time."""
        from cnngui.gui.runs.compare.overview.scatter import Scatter

        if self._scatter is None:
            self._scatter = Scatter()
            self._scatter.recolor(colors())
            self._scatter.set_font(self.font())
            self._scatter.run_asked.connect(self.run_asked)
            self._scatter.pointed.connect(self._name)
            self._room.addWidget(self._scatter)
        return self._scatter

    def show_runs(self, runs: Sequence[ListedRun], selected: Sequence[Path]) -> None:
        """Show all runs; the selected ones stand out."""
        self._runs, self._selected = runs, selected
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what has changed since the page was last seen."""
        super().showEvent(event)
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change between light and dark, and of the text's size."""
        super().changeEvent(event)
        if self._scatter is not None and event.type() == QEvent.Type.FontChange:
            self._scatter.set_font(self.font())
        if self._scatter is not None and event.type() == QEvent.Type.PaletteChange:
            self._scatter.recolor(colors())

    @Slot()
    def _show(self) -> None:
        if not self.isVisible():
            return
        measure = Measure(self._measure.currentText())
        self._overview = make_overview(self._runs, measure)
        self._missing.setText(_missing(self._overview, measure))
        is_ready = not self._missing.text()
        self._pages.setCurrentWidget(self._plots if is_ready else self._missing)
        self._setting.setEnabled(is_ready)
        self._named.setText(HINT if is_ready else "")
        if is_ready:
            self.parallel.show_overview(self._overview, self._selected)
            self._offer_settings()
            if self._scatter is None:
                self._rest.start()  # the first time, both plots at once would take too long
            else:
                self._show_setting()

    def _offer_settings(self) -> None:
        titles, current = [axis.title for axis in self._overview.axes], self._setting.currentText()
        if titles == [self._setting.itemText(number) for number in range(self._setting.count())]:
            return
        self._setting.blockSignals(True)
        self._setting.clear()
        self._setting.addItems(titles)
        self._setting.setCurrentIndex(max(0, self._setting.findText(current)))
        self._setting.blockSignals(False)

    @Slot()
    def _show_setting(self) -> None:
        number = self._setting.currentIndex()
        if 0 <= number < len(self._overview.axes):
            self.scatter.show_overview(self._overview, self._overview.axes[number], self._selected)

    @Slot(object)
    def _name(self, number: int | None) -> None:
        """Name the run that is pointed at, and let it stand out in both plots."""
        self.parallel.point_at(number)
        if self._scatter is not None:
            self._scatter.point_at(number)
        overview = self._overview
        self._named.setText(
            HINT if number is None else f"{overview.names[number]}  ·  {percent(overview.accuracies[number], 1)}"
        )

    def _connect(self) -> None:
        self._measure.currentIndexChanged.connect(self._show)
        self._setting.currentIndexChanged.connect(self._show_setting)
        self.parallel.asked.connect(self.run_asked)
        self.parallel.pointed.connect(self._name)

    def _lay_out(self) -> None:
        self._measure.addItems(list(Measure))
        self._measure.setAccessibleName("Accuracy")
        self._setting.setAccessibleName("Setting of the scatter plot")
        self._setting.setToolTip("The setting in the plot at the right")
        self._setting.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._named.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        mark(self._named, role="muted")
        mark(self._missing, role="muted")
        self._missing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._missing.setWordWrap(True)
        tools = QHBoxLayout()
        tools.setSpacing(2 * SPACE)
        tools.addWidget(self._measure)
        tools.addWidget(self._named, 1)
        tools.addWidget(self._setting)
        self._room.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout(self._plots)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * SPACE)
        row.addWidget(self.parallel, 3)
        row.addWidget(self._canvas, 2)
        self._pages.addWidget(self._missing)
        self._pages.addWidget(self._plots)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addLayout(tools)
        column.addWidget(self._pages, 1)


def _missing(overview: Overview, measure: Measure) -> str:
    """Why there is nothing to see; "" if there is."""
    left = LEAST - len(overview.keys)
    if left > 0:
        what = "a validation accuracy" if measure == Measure.VALIDATION else "a test accuracy"
        return f"The overview needs {LEAST} runs with a recipe and {what}. {counted(left, 'more run')} to go."
    return "" if overview.axes else "All runs have the same settings. Change one to see what it does."
