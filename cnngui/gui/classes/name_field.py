"""A line for the name of a class."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit

from cnngui.gui.common.style import mark


class NameField(QLineEdit):
    """As long as it is empty, the window gets the keys that would edit its text: undo, delete, paste of a picture."""

    def __init__(self, placeholder: str, name: str) -> None:
        super().__init__()
        mark(self, kind="search")
        self.setAcceptDrops(False)  # files are dropped on the window
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(name)

    def event(self, event: QEvent) -> bool:
        """Do not claim keys from the window's shortcuts that would do nothing here."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and not self._is_edited(event):
            event.ignore()
            return True
        return super().event(event)

    def _is_edited(self, event: QKeyEvent) -> bool:
        if self.text():
            return True
        if event.matches(QKeySequence.StandardKey.Paste):
            return QGuiApplication.clipboard().mimeData().hasText() and not _holds_files()
        keys = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        is_typed = keys != Qt.KeyboardModifier.ControlModifier  # both together are AltGr on some systems
        return is_typed and bool(event.text()) and event.text().isprintable()


def _holds_files() -> bool:
    mime = QGuiApplication.clipboard().mimeData()
    return mime.hasUrls() or mime.hasImage()
