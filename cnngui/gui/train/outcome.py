"""How something ended: well, stopped or failed, each with its own look and what can be done next."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cnngui.gui.common.style import SPACE, mark


class Outcome(QFrame):
    """A strip with a heading, a sentence and buttons. It is hidden until there is something to show."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heading, self._text = QLabel(), QLabel()
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
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * SPACE, SPACE + 4, 2 * SPACE, SPACE + 4)
        layout.setSpacing(2 * SPACE)
        layout.addLayout(texts, 1)
        layout.addLayout(self._buttons)
        self.hide()

    def tell(self, kind: str, heading: str, text: str, buttons: Sequence[tuple[str, Callable[[], object]]]) -> None:
        """Show how it ended. kind: "good", "stopped" or "failed". The first button is the one that most will want."""
        mark(self, kind=kind)
        self._heading.setText(heading)
        self._text.setText(text)
        mark(self._heading, role="heading")  # its colour follows the kind
        while (item := self._buttons.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for position, (name, action) in enumerate(buttons):
            button = QPushButton(name)
            if position == 0:
                mark(button, kind="primary")
            button.clicked.connect(action)
            self._buttons.addWidget(button)
        self.show()
