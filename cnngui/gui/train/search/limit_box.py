"""Edits how long a search may take."""

from PySide6.QtCore import QLocale, Signal, Slot
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSpinBox, QWidget

from cnngui.gui.common.style import SPACE
from cnngui.gui.train.search.wishes import MOST, Limit, Unit


class LimitBox(QWidget):
    """A number and its unit. changed: the Limit that the user has given."""

    changed = Signal(object)

    def __init__(self, limit: Limit) -> None:
        super().__init__()
        self.number, self.unit = _Number(), QComboBox()
        self._lay_out()
        self.show_limit(limit)
        self.number.valueChanged.connect(self._tell)
        self.unit.currentIndexChanged.connect(self._tell)

    @property
    def limit(self) -> Limit:
        """What is shown."""
        return Limit(self.number.value(), Unit(self.unit.currentData()))

    def show_limit(self, limit: Limit) -> None:
        """Show this one."""
        self.number.setValue(limit.number)
        self.unit.setCurrentIndex(self.unit.findData(limit.unit.value))
        self.number.setVisible(limit.unit != Unit.NONE)

    @Slot()
    def _tell(self) -> None:
        self.number.setVisible(self.limit.unit != Unit.NONE)
        self.changed.emit(self.limit)

    def _lay_out(self) -> None:
        self.number.setLocale(QLocale.c())
        self.number.setRange(1, MOST)
        self.number.setAccessibleName("Budget")
        self.number.setToolTip("How many trainings the search may do, or for how long it may train")
        line = self.number.lineEdit()
        line.setAcceptDrops(False)  # pictures are dropped on the window
        line.setTextMargins(SPACE - 1, 0, 0, 0)  # aligns it with the lists
        for unit in Unit:
            self.unit.addItem(unit.value, unit.value)
        self.unit.setAccessibleName("Unit of the budget")
        self.unit.setToolTip("What the budget is counted in")
        self.setFocusProxy(self.number)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE)
        row.addWidget(self.number, 1)
        row.addWidget(self.unit, 1)


class _Number(QSpinBox):
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Change nothing that happens to lie under the pointer."""
        event.ignore()
