"""The names of the compared runs beside their colours, with a line for each that says more."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QScrollArea, QVBoxLayout, QWidget

from cnngui.gui.common.labels.elided_label import ElidedLabel
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.runs.compare.looks import Look


@dataclass(frozen=True)
class Entry:
    """A run in the legend. text: a line below its name. tooltip: the whole of both, and more."""

    name: str
    look: Look
    text: str
    tooltip: str


class Legend(QScrollArea):
    """An entry for each run."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Legend")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._rows: list[_Row] = []
        self._content = QWidget()
        self._column = QVBoxLayout(self._content)
        self._column.setContentsMargins(0, 0, SPACE, 0)
        self._column.setSpacing(SPACE // 2)
        self._column.addStretch()
        self.setWidget(self._content)

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show exactly these."""
        while len(self._rows) < len(entries):
            self._rows.append(_Row())
            self._column.insertWidget(self._column.count() - 1, self._rows[-1])
        while len(self._rows) > len(entries):
            row = self._rows.pop()
            self._column.removeWidget(row)
            row.deleteLater()
        for row, entry in zip(self._rows, entries, strict=True):
            row.show_entry(entry)

    @property
    def texts(self) -> list[tuple[str, str]]:
        """What is shown: each name and the line below it."""
        return [row.texts for row in self._rows]

    def minimumSizeHint(self) -> QSize:
        """Of one entry."""
        return QSize(8 * SPACE, 2 * self.fontMetrics().height() + SPACE)

    def sizeHint(self) -> QSize:
        """As high as its entries, if there is room."""
        return self._content.sizeHint()


class _Row(QWidget):
    """A line as in the graphs, the name, and the text below it."""

    def __init__(self) -> None:
        super().__init__()
        self._swatch, self._name, self._text = _Swatch(), ElidedLabel(), ElidedLabel()
        mark(self._text, role="muted")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE)
        grid.setVerticalSpacing(0)
        grid.addWidget(self._swatch, 0, 0)
        grid.addWidget(self._name, 0, 1)
        grid.addWidget(self._text, 1, 1)
        grid.setColumnStretch(1, 1)

    def show_entry(self, entry: Entry) -> None:
        self._swatch.show_look(entry.look)
        mark_role = "strong" if entry.look.is_baseline else ""
        if self._name.property("role") != mark_role:
            mark(self._name, role=mark_role)
        if self.texts != (entry.name, entry.text):
            self._name.setText(entry.name)
            self._text.setText(entry.text)
        self.setToolTip(entry.tooltip)
        for label in (self._name, self._text):
            label.setToolTip(entry.tooltip)

    @property
    def texts(self) -> tuple[str, str]:
        return self._name.text(), self._text.text()


class _Swatch(QWidget):
    """A piece of a run's line."""

    def __init__(self) -> None:
        super().__init__()
        self._look: Look | None = None
        self.setFixedSize(3 * SPACE, 2 * SPACE)

    def show_look(self, look: Look) -> None:
        if look != self._look:
            self._look = look
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._look is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(self._look.color), self._look.width + 1, self._look.dash)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        middle = self.height() / 2
        painter.drawLine(QPointF(0, middle), QPointF(self.width(), middle))
