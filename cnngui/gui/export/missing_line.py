"""What a format lacks, and the line that installs it."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from cnngui.core.export.formats import Format
from cnngui.core.sentences import some_of
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.style import SPACE, mark


class MissingLine(QWidget):
    """Hidden while nothing is missing."""

    def __init__(self) -> None:
        super().__init__()
        self._text, self.line, self.copy = PlainLabel(), QLineEdit(), QPushButton("&Copy")
        mark(self._text, role="warning")
        mark(self.line, kind="search")
        self.line.setReadOnly(True)
        self.line.setAccessibleName("The line that installs it")
        self.copy.setToolTip("Copy the line, to be run in a terminal; afterwards come back here")
        self.copy.setAccessibleName("Copy the line that installs it")
        self.copy.setAutoDefault(False)
        self.copy.clicked.connect(self._copy)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE)
        row.addWidget(self._text)
        row.addWidget(self.line, 1)
        row.addWidget(self.copy)
        self.hide()

    def show_missing(self, chosen: Format, missing: tuple[str, ...]) -> None:
        """Show what is missing for this format, if anything is."""
        self._text.setText(f"It needs {some_of(missing, 3)}:")
        self.line.setText(chosen.install)
        self.line.setCursorPosition(0)
        self.setVisible(bool(missing))

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.line.text())
