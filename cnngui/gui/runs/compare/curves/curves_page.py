"""The curves of the compared runs, with their legend; of one run alone also its settings and its result."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QTimer, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from cnngui.gui.common.style import SPACE, colors
from cnngui.gui.common.words import plain
from cnngui.gui.runs.compare.comparison import Comparison
from cnngui.gui.runs.compare.curves.axes import Axes
from cnngui.gui.runs.compare.curves.curves_tools import CurvesTools
from cnngui.gui.runs.compare.curves.follower import CurveFollower
from cnngui.gui.runs.compare.curves.legend import Entry, Legend
from cnngui.gui.runs.compare.curves.readings import Place, place_text, state_text, value_text
from cnngui.gui.runs.compare.settings_table import SettingsTable

if TYPE_CHECKING:
    from cnngui.gui.runs.compare.curves.graphs import CompareGraphs

SIDE_SHARE, DETAILS_SHARE = 0.24, 0.4  # of the width: the legend, and a single run's table


class CurvesPage(QWidget):
    """The graphs, with tools above and the legend beside them."""

    def __init__(self) -> None:
        super().__init__()
        self._comparison = Comparison()
        self._graphs: CompareGraphs | None = None
        self._place: Place | None = None
        self._follower = CurveFollower(self)
        self._tools = CurvesTools()
        self._legend, self._details, self._side = Legend(), SettingsTable(), QWidget()
        self._canvas = QWidget()  # where the graphs will be
        self._room = QVBoxLayout(self._canvas)
        self._rest = QTimer(self, singleShot=True, interval=0)
        self._rest.timeout.connect(self._draw)
        self._lay_out()
        self._tools.changed.connect(self._draw)
        self._tools.reset_asked.connect(self._reset_zoom)
        self._follower.changed.connect(self._draw)
        self._follower.told.connect(self._describe)

    @property
    def graphs(self) -> "CompareGraphs":
        """The graphs, made when there are curves: by then, their reader has imported pyqtgraph, which takes time."""
        from cnngui.gui.runs.compare.curves.graphs import CompareGraphs

        if self._graphs is None:
            self._graphs = CompareGraphs()
            self._graphs.recolor(colors())
            self._graphs.set_font(self.font())
            self._graphs.pointed.connect(self._read_off)
            self._graphs.zoomed.connect(self._show_zoomed)
            self._room.addWidget(self._graphs)
        return self._graphs

    @property
    def legend(self) -> Legend:
        """The names of the runs."""
        return self._legend

    def show_runs(self, comparison: Comparison) -> None:
        """Compare these runs."""
        self._comparison = comparison
        is_single = len(comparison.runs) == 1
        self._details.setVisible(is_single)
        policy = QSizePolicy.Policy.Fixed if is_single else QSizePolicy.Policy.Expanding
        self._legend.setSizePolicy(QSizePolicy.Policy.Preferred, policy)
        self._fit()
        if is_single:
            self._details.show_runs(comparison)
        self._follower.follow(comparison.runs)
        self._draw()

    def stop(self) -> None:
        """Wait until nothing is being read."""
        self._follower.stop()

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the runs that are being trained."""
        super().showEvent(event)
        self._follower.set_awake(True)
        self._draw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width."""
        super().resizeEvent(event)
        self._fit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Read nothing while nobody sees it."""
        super().hideEvent(event)
        self._follower.set_awake(False)

    def leaveEvent(self, event: QEvent) -> None:
        """Hide the reading when the mouse leaves the page."""
        self._read_off(None)
        super().leaveEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change between light and dark, and of the text's size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self._graphs is not None:
            self._graphs.set_font(self.font())
        if event.type() == QEvent.Type.PaletteChange and self._graphs is not None:
            self._graphs.recolor(colors())
            self._draw()

    @property
    def _axes(self) -> Axes:
        curves = [self._follower.curves(run.path) for run in self._comparison.runs]
        return self._tools.axes(max((each.seconds for each in curves if each), default=0.0))

    @Slot()
    def _draw(self) -> None:
        if not self.isVisible() or not self._comparison.runs:
            return
        looks = self._comparison.looks(colors())
        curves = [self._follower.curves(run.path) for run in self._comparison.runs]
        known = [(each, look) for each, look in zip(curves, looks, strict=True) if each is not None]
        if (known or self._graphs is not None) and not self.graphs.draw(known, self._axes):
            self._rest.start()
        self._describe()

    @Slot(object)
    def _read_off(self, place: Place | None) -> None:
        self._place = place
        if self._graphs is not None:
            self._graphs.mark(place[1] if place else None)
        self._describe()

    @Slot()
    def _show_zoomed(self) -> None:
        self._tools.show_zoomed(self._graphs is not None and self._graphs.is_zoomed)

    @Slot()
    def _reset_zoom(self) -> None:
        if self._graphs is not None:
            self._graphs.reset_zoom()

    @Slot()
    def _describe(self) -> None:
        """Say what is under the mouse, or else what is to be said of each run."""
        axes, looks = self._axes, self._comparison.looks(colors())
        self._tools.show_place(place_text(self._place, axes))
        entries = []
        for run, name, look in zip(self._comparison.runs, self._comparison.names, looks, strict=True):
            curves, trouble = self._follower.curves(run.path), self._follower.trouble(run.path)
            text = value_text(curves, self._place, axes) if self._place else trouble or state_text(run, curves)
            role = "baseline\n" if look.is_baseline else ""
            entries.append(Entry(name, look, text, plain(f"{run.name}\n{role}{trouble or state_text(run, curves)}")))
        self._legend.show_entries(entries)

    def _fit(self) -> None:
        share = DETAILS_SHARE if len(self._comparison.runs) == 1 else SIDE_SHARE
        self._side.setFixedWidth(round(share * self.width()))

    def _lay_out(self) -> None:
        self._side_column = QVBoxLayout(self._side)
        self._side_column.setContentsMargins(0, 0, 0, 0)
        self._side_column.setSpacing(SPACE)
        self._side_column.addWidget(self._legend, 1)
        self._side_column.addWidget(self._details, 4)
        self._room.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addWidget(self._canvas, 1)
        row.addWidget(self._side)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addWidget(self._tools)
        column.addLayout(row, 1)
