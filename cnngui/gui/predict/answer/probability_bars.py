"""A bar for each class."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QProgressBar, QScrollArea, QWidget

from cnngui.core.answers.classifier import Classification
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.common.words import percent, plain

MOST = 50  # bars: a thousand take half a second to make, and nobody reads them
STEPS = 1000  # of a full bar
ROW_HEIGHT = 40  # pixels, at most
SHORTEST_BAR = 40  # pixels of a full bar: a shorter one would say nothing

Look = Literal["winner", "plain", "faint"]
_TEXT_ROLES: dict[Look, str] = {"winner": "strong", "plain": "plain", "faint": "muted"}


class _Bar(QProgressBar):
    """A bar that can be clicked, with the mouse or with Space or Enter. moved: Up (-1) or Down (1) was pressed."""

    clicked = Signal()
    moved = Signal(int)
    focused = Signal()
    KEYS = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in self.KEYS:
            self.clicked.emit()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()


@dataclass
class _Row:
    name: QLabel
    bar: _Bar
    number: QLabel
    look: Look = "plain"

    def restyle(self, look: Look) -> None:
        """Change the look, if it is another: restyling takes time."""
        if look != self.look:
            self.look = look
            mark(self.bar, look=look)
            for text in (self.name, self.number):
                mark(text, role=_TEXT_ROLES[look])


class ProbabilityBars(QScrollArea):
    """The classes in the model's order, each with its bar and its percentage.

    With more than 50 classes, it shows the 50 most likely ones, the most likely first. The most likely class stands
    out; for "none of these" no class does, and all are faint. All bars are one stop of the Tab key: the arrow keys move
    between them.

    clicked: the index of the class whose bar was clicked.
    """

    clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._rows: list[_Row] = []
        self._shown: Sequence[int] = ()  # the index of each row's class

    def show_answer(self, answer: Classification) -> None:
        """Show this answer's probabilities."""
        self._shown = _shown(answer)
        if len(self._shown) != len(self._rows):
            self._make_rows(len(self._shown))
        winner = answer.label if answer.known else None
        for index, row in zip(self._shown, self._rows, strict=True):
            name, probability = answer.classes[index], percent(answer.probabilities[index])
            row.name.setText(name)
            row.bar.setValue(round(STEPS * answer.probabilities[index]))
            row.bar.setAccessibleName(f"{name} {probability}")
            row.bar.setToolTip(plain(f"Show which parts speak for “{name}”"))
            row.number.setText(probability)
            row.restyle("faint" if not answer.known else "winner" if name == winner else "plain")

    def _click(self, row: int) -> None:
        self.clicked.emit(self._shown[row])

    def _move(self, row: int, by: int) -> None:
        if 0 <= row + by < len(self._rows):
            self._rows[row + by].bar.setFocus()

    def _stop_at(self, row: int) -> None:
        """Let Tab come to this bar alone."""
        for number, each in enumerate(self._rows):
            policy = Qt.FocusPolicy.StrongFocus if number == row else Qt.FocusPolicy.ClickFocus
            each.bar.setFocusPolicy(policy)
        self.ensureWidgetVisible(self._rows[row].bar, 0, 0)

    def _make_rows(self, count: int) -> None:
        content = QWidget()
        content.setMaximumHeight(ROW_HEIGHT * count)
        grid = QGridLayout(content)
        grid.setContentsMargins(0, 0, SPACE // 2, 0)
        grid.setVerticalSpacing(SPACE // 2)
        grid.setHorizontalSpacing(SPACE + 4)
        grid.setColumnStretch(1, 1)
        self._rows = [self._make_row() for _ in range(count)]
        for position, row in enumerate(self._rows):
            row.bar.clicked.connect(partial(self._click, position))
            row.bar.moved.connect(partial(self._move, position))
            row.bar.focused.connect(partial(self._stop_at, position))
            grid.addWidget(row.name, position, 0)
            grid.addWidget(row.bar, position, 1)
            grid.addWidget(row.number, position, 2)
            grid.setRowStretch(position, 1)
        self.setWidget(content)
        self._stop_at(0)

    @staticmethod
    def _make_row() -> _Row:
        label, bar, number = QLabel(textFormat=Qt.TextFormat.PlainText), _Bar(), QLabel()
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        bar.setRange(0, STEPS)
        bar.setTextVisible(False)
        bar.setMinimumWidth(SHORTEST_BAR)
        bar.setCursor(Qt.CursorShape.PointingHandCursor)
        mark(bar, kind="bar")
        number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        number.setFixedWidth(number.fontMetrics().horizontalAdvance("> 99 %  "))
        return _Row(label, bar, number)


def _shown(answer: Classification) -> Sequence[int]:
    """The indices of the classes to show, in order."""
    indices = range(len(answer.classes))
    if len(indices) <= MOST:
        return indices
    return sorted(indices, key=lambda index: -answer.probabilities[index])[:MOST]
