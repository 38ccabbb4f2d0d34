"""Shows a bug at the bottom of the window, with its details to copy."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from cnngui.gui.common import bugs
from cnngui.gui.common.bugs import Bug
from cnngui.gui.common.strips.result_strip import Choice
from cnngui.gui.window.strips.padded_strip import PaddedStrip


class BugStrip(PaddedStrip):
    """Hidden until :mod:`cnngui.gui.common.bugs` reports a bug."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        bugs.reporter.reported.connect(self._show_bug)

    @Slot(object)
    def _show_bug(self, bug: Bug) -> None:
        def copy() -> None:
            QGuiApplication.clipboard().setText(bug.details)

        text = f"{bug.summary}\nPlease report it with its details. They are also in the log (Help)."
        choices = [Choice("Copy details", copy), Choice("Close", self.hide)]
        self.show_result("failed", "Something went wrong in cnngui", text, choices)
