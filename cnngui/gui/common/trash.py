"""The system's trash."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QFile


def to_trash(paths: Iterable[Path]) -> None:
    """Move files and folders there. Where there is no trash they stay: nothing is deleted for good."""
    for path in paths:
        QFile(path).moveToTrash()
