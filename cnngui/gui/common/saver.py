"""Asks where to save a file, and writes it beside the window."""

import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from cnngui.core.errors import UserError
from cnngui.gui.common.settings import Settings
from cnngui.gui.common.worker import Task


class Saver(QObject):
    """Writes one file at a time. notice: a sentence that says how it went."""

    notice = Signal(str)

    def __init__(self, settings: Settings, window: QWidget) -> None:
        super().__init__(window)
        self._settings = settings
        self._window = window
        self._task = Task(self)

    @property
    def is_running(self) -> bool:
        """Whether a file is being written."""
        return self._task.is_running

    def save(
        self,
        title: str,
        name: str,
        kind: str,
        write: Callable[[Path], None],
        saved: Callable[[Path], None] | None = None,
    ) -> None:
        """Ask for a path and call ``write`` with it, in a worker; ``write`` may raise OSError.

        name: the suggested file name. kind: the filters of Qt's file dialog, such as "PNG (*.png);;SVG (*.svg)". A name
            without a suffix gets that of the chosen filter.
        saved: is called with the path once the file is written; by default, a notice tells it.
        """
        if self._task.is_running:
            self.notice.emit("Another file is being saved. Try again in a moment.")
            return
        path = self._ask(title, name, kind)
        if path is None:
            return

        def work(_report: object, _should_stop: object) -> Path:
            try:
                write(path)
            except OSError as error:
                raise UserError(
                    f"{path} could not be written ({error.strerror or error}). Choose another place."
                ) from error
            return path

        self._task.start(work, succeeded=saved or self._tell_success, failed=self._tell_failure)

    def stop(self) -> None:
        """Wait until the file is written."""
        self._task.wait()

    def _ask(self, title: str, name: str, kind: str) -> Path | None:
        chosen, filter_chosen = QFileDialog.getSaveFileName(
            self._window, title, str(self._settings.open_folder / name), kind
        )
        if not chosen:
            return None
        path = Path(chosen)
        if path.suffix:
            return path
        suffix = re.search(r"\*(\.\w+)", filter_chosen)
        path = path.with_suffix(suffix[1] if suffix else Path(name).suffix)
        if path.exists():  # the dialog only asked about the name without its suffix
            self.notice.emit(f"{path} already exists. To replace it, choose it with its suffix.")
            return None
        return path

    def _tell_success(self, path: Path) -> None:
        self.notice.emit(f"Saved as {path}")

    def _tell_failure(self, error: Exception) -> None:
        self.notice.emit(str(error))
