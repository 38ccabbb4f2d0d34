"""A field to search with."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from cnngui.gui.common.style import mark


class SearchField(QLineEdit):
    """Esc clears it, and goes no further: in the window, it cancels what waits. escaped: it was pressed."""

    escaped = Signal()

    def __init__(self) -> None:
        super().__init__()
        mark(self, kind="search")
        self.setAcceptDrops(False)  # files are dropped on the window
        self.setClearButtonEnabled(True)

    def event(self, event: QEvent) -> bool:
        """Take Esc before the window's shortcuts do."""
        if event.type() == QEvent.Type.ShortcutOverride and _is_escape(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Clear the text with Esc."""
        if _is_escape(event):
            self.clear()
            self.escaped.emit()
        else:
            super().keyPressEvent(event)


def _is_escape(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape


def text_field(name: str, tip: str) -> QLineEdit:
    """A field for a line of text that takes no drops. name: for screen readers."""
    line = QLineEdit()
    line.setAccessibleName(name)
    line.setToolTip(tip)
    mark(line, kind="search")
    line.setAcceptDrops(False)  # pictures are dropped on the window
    return line
