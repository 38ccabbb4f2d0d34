"""Below the pages: the chosen trial in words, and what can be done with it."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from cnngui.gui.common.actions import Actions, follow
from cnngui.gui.common.labels.elided_label import ElidedLabel
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.train.search.results import words
from cnngui.gui.train.search.results.state import ResultsState

CHOOSE = "Click a trial to choose it."
THE_SAME = "The recipe that the search began with"


class Chosen(QWidget):
    """How the chosen trial went, what it differs in, and a button for its recipe and one for its run."""

    def __init__(self, state: ResultsState) -> None:
        super().__init__()
        self._state = state
        self._about, self._difference = ElidedLabel(), ElidedLabel()
        self._use, self._run = QPushButton(), QPushButton()
        mark(self._difference, role="muted")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE)
        grid.setVerticalSpacing(SPACE // 2)
        grid.setColumnStretch(0, 1)
        for column, part in enumerate((self._about, self._use, self._run)):
            grid.addWidget(part, 0, column)
        grid.addWidget(self._difference, 1, 0, 1, 3)
        state.changed.connect(self._show)
        state.chosen.connect(self._show)
        self._show()

    def use_actions(self, actions: Actions) -> None:
        """Let the buttons follow their actions."""
        follow(self._use, actions["use"], text=True)
        follow(self._run, actions["show run"], text=True)

    @Slot()
    def _show(self) -> None:
        standing, trial = self._state.standing, self._state.trial
        for button in (self._use, self._run):
            button.setVisible(trial is not None)
        if standing is None or trial is None:
            self._about.setText("")
            self._difference.setText(CHOOSE if standing is not None and standing.trials else "")
        else:
            self._about.setText(words.about(trial))
            self._difference.setText(words.difference(standing, trial) or THE_SAME)
