"""A field for the path of a file."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget

from cnngui.gui.common.style import SPACE, mark

FILES = "Models and weights (*.keras *.h5);;All files (*)"


class FileBox(QWidget):
    """The path, which can be typed, and a button to choose it. edited: the user has given another."""

    edited = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.line, self.button = QLineEdit(), QPushButton("…")
        self.line.setAcceptDrops(False)  # pictures are dropped on the window
        self.line.setPlaceholderText("none")
        self.line.editingFinished.connect(self.edited)
        mark(self.button, kind="small")
        self.button.setToolTip("Choose a file")
        self.button.setAccessibleName("Choose a file")
        self.button.clicked.connect(self._choose)
        self.setFocusProxy(self.line)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE // 2)
        row.addWidget(self.line, 1)
        row.addWidget(self.button)

    @property
    def text(self) -> str:
        """The path."""
        return self.line.text().strip()

    def show_text(self, text: str) -> None:
        """Show this path, from its beginning on."""
        if text != self.text:
            self.line.setText(text)
            self.line.setCursorPosition(0)

    @Slot()
    def _choose(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Choose a model", self.text, FILES)
        if name:
            self.show_text(name)
            self.edited.emit()
