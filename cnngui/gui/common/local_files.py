"""The files in what is dragged, dropped or pasted."""

from pathlib import Path

from PySide6.QtCore import QMimeData


def local_files(mime: QMimeData) -> list[Path]:
    """The files and folders of this computer, in their order."""
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
