"""Covers the window while something is dragged over it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.style import mark


class DropOverlay(QFrame):
    """Says what a drop will do. While visible, it covers its parent."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.is_welcoming = False
        mark(self, kind="drop")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._text = PlainLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._text.setWordWrap(True)
        mark(self._text, role="title")
        layout = QVBoxLayout(self)
        layout.addStretch(1)
        layout.addWidget(self._text)  # above the middle, where the dragged icon would cover it
        layout.addStretch(2)
        self.hide()

    def offer(self, text: str, welcoming: bool) -> None:
        """Cover the parent with this text. welcoming: whether a drop will have an effect."""
        self.is_welcoming = welcoming
        mark(self, kind="drop" if welcoming else "no drop")
        self._text.setText(text)
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())
        self.raise_()
        self.show()
