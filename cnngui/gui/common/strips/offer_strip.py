"""What can be done about what has just happened."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from cnngui.gui.common.labels.elided_label import ElidedLabel
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.common.words import plain


@dataclass(frozen=True)
class Suggestion:
    """A sentence that says what has happened, and a button for what to do about it, with its tooltip."""

    text: str
    button: str
    tip: str
    run: Callable[[], object]


class OfferStrip(QFrame):
    """Shows the latest suggestion until it is taken, dismissed or out of date."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, kind="offer")
        self._suggestion: Suggestion | None = None
        self._text, self._button, self._close = ElidedLabel(), QPushButton("Undo"), QPushButton("✕")
        self._button.setToolTip("Undo it")
        mark(self._close, kind="flat")
        self._close.setToolTip("Dismiss")
        self._close.setAccessibleName("Dismiss")
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * SPACE, SPACE // 2, SPACE // 2, SPACE // 2)
        row.setSpacing(SPACE)
        row.addWidget(self._text, 1)
        row.addWidget(self._button)
        row.addWidget(self._close)
        self._button.clicked.connect(self._take)
        self._close.clicked.connect(self.hide)
        self.hide()

    @Slot(object)
    def show_suggestion(self, suggestion: Suggestion) -> None:
        """Show this one."""
        self._suggestion = suggestion
        self._text.setText(suggestion.text)
        self._button.setText(suggestion.button)
        self._button.setToolTip(plain(suggestion.tip))
        self.show()

    def withdraw(self, suggestion: Suggestion | None) -> None:
        """This one is out of date: hide it if it is shown."""
        if suggestion is not None and suggestion is self._suggestion:
            self.hide()

    @Slot()
    def _take(self) -> None:
        self.hide()
        if self._suggestion is not None:
            self._suggestion.run()
