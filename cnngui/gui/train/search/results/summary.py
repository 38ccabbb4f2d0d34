"""In words, above the pages: which trial is the best."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from cnngui.gui.common.labels.elided_label import ElidedLabel
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.train.search.results import words
from cnngui.gui.train.search.results.state import ResultsState


class Summary(QWidget):
    """The best trial, what it differs in, and how many trials there are. button: for its recipe."""

    def __init__(self, state: ResultsState) -> None:
        super().__init__()
        self._state = state
        self.button = QPushButton()
        self._heading, self._text, self._numbers = ElidedLabel(), PlainLabel(), ElidedLabel()
        mark(self.button, kind="primary")
        mark(self._heading, role="heading")
        mark(self._numbers, role="muted")
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(2 * SPACE)
        grid.setVerticalSpacing(SPACE // 2)
        grid.addWidget(self._heading, 0, 0)
        grid.addWidget(self.button, 0, 1, 2, 1, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._text, 1, 0)
        grid.addWidget(self._numbers, 2, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        state.changed.connect(self._show)

    @Slot()
    def _show(self) -> None:
        standing = self._state.standing
        self._heading.setText(words.heading(standing) if standing is not None else "")
        self._text.setText(words.text(standing) if standing is not None else "")
        self._text.setVisible(bool(self._text.text()))
        self._numbers.setText(words.numbers(standing) if standing is not None else "")
