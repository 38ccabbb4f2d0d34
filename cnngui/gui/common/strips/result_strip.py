"""How something ended, in a strip: success, doubt, stop and failure each look their own, and offer what to do next."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.style import SPACE, mark

MOST_BESIDE = 2  # buttons; more would leave the text no room in a narrow window, and go below it

Kind = Literal["good", "doubtful", "stopped", "failed"]


@dataclass(frozen=True)
class Choice:
    """A button: its text, and what a click does."""

    text: str
    run: Callable[[], object]


class ResultStrip(QFrame):
    """A heading, a sentence and buttons. Hidden until there is something to show."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heading, self._text = PlainLabel(), PlainLabel()
        mark(self._heading, role="heading")
        for label in (self._heading, self._text):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        texts = QVBoxLayout()
        texts.setSpacing(SPACE // 2)
        texts.addWidget(self._heading)
        texts.addWidget(self._text)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(SPACE)
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(2 * SPACE, SPACE + 4, 2 * SPACE, SPACE + 4)
        self._layout.setSpacing(2 * SPACE)
        self._layout.addLayout(texts, 1)
        self._layout.addLayout(self._buttons)
        self.hide()

    def show_result(self, kind: Kind, heading: str, text: str, choices: Sequence[Choice] = ()) -> None:
        """Show how it ended. The first choice is the one that most people want."""
        mark(self, kind=kind)
        self._heading.setText(heading)
        self._text.setText(text)
        mark(self._heading, role="heading")  # its colour follows the kind
        while (item := self._buttons.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for position, choice in enumerate(choices):
            button = QPushButton(choice.text)
            if position == 0:
                mark(button, kind="primary")
            button.clicked.connect(choice.run)
            self._buttons.addWidget(button)
            button.show()  # at once: the layout would show it with the next event
        is_wide = len(choices) > MOST_BESIDE
        if is_wide:
            self._buttons.addStretch(1)
        direction = QBoxLayout.Direction.TopToBottom if is_wide else QBoxLayout.Direction.LeftToRight
        self._layout.setDirection(direction)
        self._layout.setSpacing(SPACE if is_wide else 2 * SPACE)
        self.show()
