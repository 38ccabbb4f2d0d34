"""What the Help menu shows."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtGui import QAction, QDesktopServices
from PySide6.QtWidgets import QWidget

from cnngui import paths
from cnngui.gui.common.actions import Action
from cnngui.gui.window.about import AboutWindow
from cnngui.gui.window.help import HelpWindow, ReportWindow, keys_window, readme_window


class Information(QObject):
    """Opens its windows beside the main one. notice: a message in passing."""

    notice = Signal(str)

    def __init__(self, window: QWidget, runs_dir: Path, actions: Callable[[], list[tuple[Action, QAction]]]) -> None:
        """actions: all that have a key, once they are asked for."""
        super().__init__(window)
        self._window, self._runs_dir, self._actions = window, runs_dir, actions

    @Slot()
    def show_log(self) -> None:
        """Open the log in the program that shows such files."""
        log = paths.log_file()
        if log.is_file() and log.stat().st_size:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(log)))
        else:
            self.notice.emit(f"Nothing is logged yet. The log will be {log}.")

    @Slot()
    def show_about(self) -> None:
        """Show what the program is."""
        AboutWindow(self._runs_dir, self._window).show()

    @Slot()
    def show_keys(self) -> None:
        """Show all keys."""
        keys_window(self._actions(), self._window).show()

    @Slot()
    def show_readme(self) -> None:
        """Show the manual."""
        readme_window(self._window).show()

    @Slot()
    def show_report(self) -> None:
        """Show what to copy into a report of a problem."""
        ReportWindow(self._window).show()

    def close(self) -> None:
        """Close them all: the main window closes."""
        for each in self._window.findChildren(HelpWindow):
            each.close()
