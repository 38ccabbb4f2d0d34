"""Shows a bug at the bottom of the window, with its details to copy."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnngui.gui.common import bugs
from cnngui.gui.common.bugs import Bug
from cnngui.gui.common.strips.result_strip import Choice, ResultStrip
from cnngui.gui.common.style import SPACE


class BugStrip(QWidget):
    """Hidden until :mod:`cnngui.gui.common.bugs` reports a bug."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strip = ResultStrip()
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 0, 2 * SPACE, 2 * SPACE)
        column.addWidget(self._strip)
        self.hide()
        bugs.reporter.reported.connect(self._show_bug)

    @Slot(object)
    def _show_bug(self, bug: Bug) -> None:
        def copy() -> None:
            QGuiApplication.clipboard().setText(bug.details)

        text = f"{bug.summary}\nPlease report it with its details. They are also in the log (Help)."
        choices = [Choice("Copy details", copy), Choice("Close", self.hide)]
        self._strip.show_result("failed", "Something went wrong in cnngui", text, choices)
        self.show()
