"""The label for all text of the window."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget


class PlainLabel(QLabel):
    """A label whose text is shown as it is: Qt would take a name such as “<b>.png” for HTML."""

    def __init__(self, text: str = "", parent: QWidget | None = None, **properties: Any) -> None:
        super().__init__(text, parent, textFormat=Qt.TextFormat.PlainText, **properties)
