"""A bar for each class."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QProgressBar, QScrollArea, QWidget

from cnngui.core.answers.classifier import Classification
from cnngui.gui.common.labels.elided_label import ElidedLabel
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.common.words import percent, plain

MOST = 50  # bars: a thousand take half a second to make, and nobody reads them
CALM = 10  # classes that are in view together, so that each is best found in its own place
STEPS = 1000  # of a full bar
LINES = 2.5  # the height of a row in lines of text, at most
SHORTEST_BAR = 40  # pixels of a full bar: a shorter one would say nothing
LEAST_LETTERS = 8  # of a name that are shown in any case
WIDEST_NAME = 0.5  # of the width of all; a longer name is shortened

Look = Literal["winner", "plain", "faint", "wrong", "true"]
_TEXT_ROLES: dict[Look, str] = {
    "winner": "strong",
    "plain": "plain",
    "faint": "muted",
    "wrong": "strong",
    "true": "true",
}


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
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:  # which must not scroll
            self.focused.emit()


@dataclass
class _Row:
    name: ElidedLabel
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
    """The classes, each with its bar and its percentage.

    The most likely class stands out and is scrolled into view; for "none of these" no class does, and all are faint.
    All bars are one stop of the Tab key: the arrow keys move between them. Long names are shortened.

    likeliest_first: whether the most likely class is at the top, and not the model's first; None leaves it to the
    number of classes. Of more than 50 classes, it always shows the 50 most likely ones, the most likely first.
    clicked: the index of the class whose bar was clicked.
    """

    clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.likeliest_first: bool | None = None
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._rows: list[_Row] = []
        self._shown: Sequence[int] = ()  # the index of each row's class
        self._winner: _Row | None = None
        self._grid = QGridLayout()
        self._showing = QTimer(self, singleShot=True, interval=0)  # once the rows have their places
        self._showing.timeout.connect(self._settle)
        self.verticalScrollBar().rangeChanged.connect(self._showing.start)

    def sorts(self, classes: int) -> bool:
        """Whether the most likely of so many classes is at the top."""
        return classes > MOST or (classes > CALM if self.likeliest_first is None else self.likeliest_first)

    def show_answer(self, answer: Classification, missed: str | None = None) -> None:
        """Show this answer's probabilities.

        missed: the true class, if the answer is wrong. Its bar is marked.
        """
        self._shown = range(len(answer.classes))
        if self.sorts(len(answer.classes)):
            self._shown = sorted(self._shown, key=lambda index: -answer.probabilities[index])[:MOST]
        if len(self._shown) != len(self._rows):
            self._make_rows(len(self._shown))
        winner = answer.classes.index(answer.label)
        self._winner = None
        for index, row in zip(self._shown, self._rows, strict=True):
            name, probability = answer.classes[index], percent(answer.probabilities[index])
            row.name.setText(f"✓ {name}" if name == missed else name)
            row.bar.setValue(round(STEPS * answer.probabilities[index]))
            row.bar.setAccessibleName(f"{name} {probability}" + (", the true class" if name == missed else ""))
            row.bar.setToolTip(plain(f"Show which parts speak for “{name}”"))
            row.number.setText(probability)
            row.restyle(_look(name, answer, missed))
            if index == winner:
                self._winner = row
        self._divide()
        self._showing.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Divide the width anew, and keep the winner in view."""
        super().resizeEvent(event)
        self._showing.start()

    def changeEvent(self, event: QEvent) -> None:
        """Divide the width anew for another font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._divide()

    def _divide(self) -> None:
        """Give the names what they need, but at most their share; all have the width of the longest."""
        content = self.widget()
        if content is None:
            return
        bold = self._rows[0].name.font()
        bold.setBold(True)
        metrics = QFontMetrics(bold)  # so that nothing moves when another class wins
        longest = max(metrics.horizontalAdvance(row.name.text()) for row in self._rows)
        number, room = metrics.horizontalAdvance("> 99 % "), self.viewport().width()
        others = number + SHORTEST_BAR + 2 * self._grid.horizontalSpacing() + SPACE // 2
        rest = room - others
        self.setMinimumWidth(min(longest, LEAST_LETTERS * metrics.averageCharWidth()) + others + 2 * SPACE)
        self._grid.setColumnMinimumWidth(0, max(0, min(longest + 2, round(WIDEST_NAME * room), rest)))
        self._grid.setColumnMinimumWidth(2, number)
        content.setMaximumHeight(round(LINES * metrics.height() * len(self._rows)))

    @Slot()
    def _settle(self) -> None:
        self._divide()
        if self._winner is not None:
            self.ensureWidgetVisible(self._winner.bar, 0, self._winner.bar.height())

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
        self._grid = grid = QGridLayout(content)
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
        label, bar, number = ElidedLabel(), _Bar(), PlainLabel()
        bar.setRange(0, STEPS)
        bar.setTextVisible(False)
        bar.setMinimumWidth(SHORTEST_BAR)
        bar.setCursor(Qt.CursorShape.PointingHandCursor)
        mark(bar, kind="bar")
        number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return _Row(label, bar, number)


def _look(name: str, answer: Classification, missed: str | None) -> Look:
    if name == missed:
        return "true"
    if not answer.known:
        return "faint"
    if name == answer.label:
        return "winner" if missed is None else "wrong"
    return "plain"
