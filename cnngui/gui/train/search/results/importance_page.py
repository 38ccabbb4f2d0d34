"""How much each setting matters, as bars."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from cnngui.core.recipes.recipe import SETTINGS
from cnngui.core.search.importance import LEAST_TRIALS
from cnngui.core.sentences import counted
from cnngui.gui.common.labels.elided_label import ElidedLabel
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.scroll_column import ScrollColumn
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.common.words import percent
from cnngui.gui.train.search.results.page import Page
from cnngui.gui.train.search.results.state import ResultsState

WIDTH = 240  # pixels, at least
PARTS = 1000  # of a bar
MEANING = "The share of each setting in the differences of accuracy between the trials."
ALIKE = "The trials differ too little to tell which setting matters."


class ImportancePage(Page):
    """A bar for each setting that varies, the most important one above."""

    def __init__(self, state: ResultsState) -> None:
        super().__init__(state)
        self._meaning, self._bars = PlainLabel(), QWidget()
        self._rows: list[tuple[ElidedLabel, QProgressBar, PlainLabel]] = []
        mark(self._meaning, role="muted")
        self._meaning.setWordWrap(True)
        self._grid = QGridLayout(self._bars)
        self._grid.setContentsMargins(0, 0, SPACE, 0)
        self._grid.setHorizontalSpacing(2 * SPACE)
        self._grid.setVerticalSpacing(SPACE)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 3)
        inside = QWidget()
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self._bars)
        rows.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE, 0, 0)
        column.setSpacing(2 * SPACE)
        column.addWidget(self._meaning)
        scrolled = ScrollColumn(inside, WIDTH)
        scrolled.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        column.addWidget(scrolled, 1)

    def _update(self) -> None:
        shares = list(self._state.importances.items())
        self._meaning.setText(MEANING if shares else self._missing())
        while len(self._rows) < len(shares):
            self._rows.append(self._add_row(len(self._rows)))
        for at, (label, bar, figure) in enumerate(self._rows):
            for part in (label, bar, figure):
                part.setVisible(at < len(shares))
            if at < len(shares):
                path, share = shares[at]
                label.setText(SETTINGS[path].label)
                bar.setValue(round(PARTS * share))
                bar.setAccessibleName(f"{SETTINGS[path].label}: {percent(share)}")
                figure.setText(percent(share))

    def _missing(self) -> str:
        finished = len(self._state.standing.finished) if self._state.standing is not None else 0
        if finished >= LEAST_TRIALS:
            return ALIKE
        left = counted(LEAST_TRIALS - finished, "more trial")
        return f"Of fewer than {LEAST_TRIALS} finished trials, chance would decide which setting matters. {left} to go."

    def _add_row(self, at: int) -> tuple[ElidedLabel, QProgressBar, PlainLabel]:
        label, bar, figure = ElidedLabel(), QProgressBar(), PlainLabel()
        bar.setProperty("kind", "bar")  # styled once, when it is shown
        bar.setProperty("look", "winner" if at == 0 else "")
        bar.setRange(0, PARTS)
        bar.setTextVisible(False)
        figure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for column, part in enumerate((label, bar, figure)):
            self._grid.addWidget(part, at, column)
        return label, bar, figure
