"""The dialogs that ask for pictures and folders. Each begins where the last one ended."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from cnngui.core.pictures.formats import SUFFIXES
from cnngui.gui.common.settings import Settings


def ask_for_pictures(parent: QWidget, settings: Settings) -> list[Path]:
    """The picture files that the user chooses; empty if the dialog was cancelled."""
    pattern = " ".join(f"*{suffix}" for suffix in SUFFIXES)
    names, _ = QFileDialog.getOpenFileNames(
        parent, "Open pictures", str(settings.open_folder), f"Pictures ({pattern});;All files (*)"
    )
    if names:
        settings.open_folder = Path(names[0]).parent
    return [Path(name) for name in names]


def ask_for_folder(parent: QWidget, settings: Settings) -> list[Path]:
    """The folder that the user chooses; empty if the dialog was cancelled."""
    name = QFileDialog.getExistingDirectory(parent, "Open a folder of pictures", str(settings.open_folder))
    if not name:
        return []
    settings.open_folder = Path(name)
    return [settings.open_folder]
