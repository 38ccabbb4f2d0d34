"""A bar for every class."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QProgressBar, QScrollArea, QWidget

from cnngui.core.classifier import Classification
from cnngui.gui.style import SPACE, mark
from cnngui.gui.words import percent

STEPS = 1000  # of a bar's full length
ROW_HEIGHT = 32  # pixels, at most


class ProbabilityBars(QScrollArea):
    """The classes, always in the model's order, each with its bar and its percentage; the likeliest stands out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._rows: list[tuple[QLabel, QProgressBar, QLabel]] = []
        self._classes: tuple[str, ...] = ()
        self._winner: int | None = None

    def show_answer(self, answer: Classification) -> None:
        """Show this answer's probabilities."""
        if answer.classes != self._classes:
            self._classes = answer.classes
            self._make_rows()
        for name, probability, row in zip(answer.classes, answer.probabilities, self._rows, strict=True):
            _, bar, number = row
            bar.setValue(round(STEPS * probability))
            bar.setAccessibleName(f"{name} {percent(probability)}")
            number.setText(percent(probability))
        self._emphasize(answer.classes.index(answer.label))

    def _emphasize(self, winner: int) -> None:
        """Let one row stand out. Only two rows are restyled, which takes time."""
        if self._winner == winner:
            return
        for position, is_winner in ((self._winner, False), (winner, True)):
            if position is None:
                continue
            label, bar, number = self._rows[position]
            mark(bar, winner="true" if is_winner else "false")
            for text in (label, number):
                mark(text, role="strong" if is_winner else "plain")
        self._winner = winner

    def _make_rows(self) -> None:
        content = QWidget()
        content.setMaximumHeight(ROW_HEIGHT * len(self._classes))
        grid = QGridLayout(content)
        grid.setContentsMargins(0, 0, SPACE // 2, 0)
        grid.setVerticalSpacing(SPACE // 2)
        grid.setHorizontalSpacing(SPACE + 4)
        grid.setColumnStretch(1, 1)
        self._winner = None
        self._rows = [self._make_row(name) for name in self._classes]
        for position, (label, bar, number) in enumerate(self._rows):
            grid.addWidget(label, position, 0)
            grid.addWidget(bar, position, 1)
            grid.addWidget(number, position, 2)
            grid.setRowStretch(position, 1)
        self.setWidget(content)

    @staticmethod
    def _make_row(name: str) -> tuple[QLabel, QProgressBar, QLabel]:
        label, bar, number = QLabel(name, textFormat=Qt.TextFormat.PlainText), QProgressBar(), QLabel()
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        bar.setRange(0, STEPS)
        bar.setTextVisible(False)
        mark(bar, kind="bar")
        number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        number.setFixedWidth(number.fontMetrics().horizontalAdvance("> 99 %  "))
        return label, bar, number
