"""Opens the dialog that exports a model: one at a time, beside the window."""

from collections.abc import Callable
from pathlib import Path

import shiboken6
from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from cnngui.core.runs.library import model_name
from cnngui.gui.common.settings import Settings
from cnngui.gui.export.dialog import ExportDialog


class Exporter(QObject):
    """An export that goes on is shown instead of another dialog. data_dir: where CIFAR-10 is."""

    def __init__(self, window: QWidget, settings: Settings, data_dir: Callable[[], Path | None]) -> None:
        super().__init__(window)
        self._window, self._settings, self._data_dir = window, settings, data_dir
        self._dialog: ExportDialog | None = None

    @Slot(object)
    def export(self, model: Path) -> None:
        """Let the user export the model at this path."""
        dialog = self._dialog if self._dialog is not None and shiboken6.isValid(self._dialog) else None
        if dialog is None or not dialog.state.is_busy:
            if dialog is not None:
                dialog.close()
            dialog = ExportDialog(model, model_name(model), self._settings, self._data_dir, self._window)
            self._dialog = dialog
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def stop(self) -> None:
        """Stop an export, and wait until nothing of it is left: the window closes."""
        if self._dialog is not None and shiboken6.isValid(self._dialog):
            self._dialog.stop()
