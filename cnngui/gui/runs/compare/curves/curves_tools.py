"""The row above the graphs: what is shown, and on which axes."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QPushButton, QWidget

from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.common.switches import Switches
from cnngui.gui.runs.compare.curves.axes import Axes, unit
from cnngui.gui.runs.compare.curves.series import Quantity

SHOWN = (tuple(Quantity), (Quantity.LOSS,), (Quantity.ACCURACY,), (Quantity.RATE,))
TITLES = ("All", "Loss", "Accuracy", "Learning rate")


class CurvesTools(QWidget):
    """Switches for the graphs and their axes. changed: one of them. reset_asked: all points are to be shown again."""

    changed = Signal()
    reset_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._graphs, self._along = (
            Switches("Graphs", TITLES, [f"Show {title.lower()}" for title in TITLES]),
            QComboBox(),
        )
        self._log_x, self._log_y = QCheckBox("Log x"), QCheckBox("Log y")
        self._reading, self._all_button = PlainLabel(), QPushButton("Show all")
        self._lay_out()
        self._connect()

    def axes(self, seconds: float) -> Axes:
        """What is chosen. seconds: the longest time that is shown."""
        by_time = self._along.currentIndex() == 1
        return Axes(
            SHOWN[self._graphs.current],
            unit(seconds) if by_time else None,
            self._log_x.isChecked(),
            self._log_y.isChecked(),
        )

    def show_zoomed(self, is_zoomed: bool) -> None:
        """Offer to show all points again, or not."""
        self._all_button.setVisible(is_zoomed)

    def show_place(self, text: str) -> None:
        """Say where the mouse is."""
        self._reading.setText(text)

    @Slot()
    def _change(self) -> None:
        self._log_y.setEnabled(SHOWN[self._graphs.current] != (Quantity.ACCURACY,))
        self.changed.emit()

    def _connect(self) -> None:
        self._graphs.chosen.connect(self._change)
        self._along.currentIndexChanged.connect(self._change)
        self._log_x.toggled.connect(self._change)
        self._log_y.toggled.connect(self._change)
        self._all_button.clicked.connect(self.reset_asked)

    def _lay_out(self) -> None:
        self._along.addItems(["By epoch", "By time"])
        self._along.setAccessibleName("Horizontal axis")
        self._along.setToolTip("What the curves run along: epochs, or the time of training without pauses")
        self._log_x.setToolTip("Show the epochs or the time on a logarithmic axis")
        self._log_y.setToolTip("Show loss and learning rate on logarithmic axes")
        self._all_button.setToolTip("Show the whole curves again, as a double click does")
        self._all_button.hide()
        mark(self._reading, role="muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE)
        row.addWidget(self._graphs)
        row.addSpacing(SPACE)
        for widget in (self._along, self._log_x, self._log_y):
            row.addWidget(widget)
        row.addStretch()
        row.addWidget(self._reading)
        row.addWidget(self._all_button)
