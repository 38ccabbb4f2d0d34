"""Puts text and files on the clipboard."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from cnngui.gui.common.local_files import urls_of

OURS = "application/x-cnngui"  # a format that marks what this program has put there


def copy(text: str, files: Sequence[Path]) -> None:
    """Put a text on the clipboard, and files for file managers. Call :func:`keep_text_only` before the program ends."""
    mime = QMimeData()
    mime.setText(text)
    mime.setUrls(urls_of(files))
    mime.setData(OURS, b"1")
    QGuiApplication.clipboard().setMimeData(mime)


def keep_text_only() -> None:
    """Replace what this program has put on the clipboard with its text.

    Qt deletes the clipboard's object after Python has ended, and crashes if it was made in Python. It makes the one for
    a text itself.
    """
    clipboard = QGuiApplication.clipboard()
    mime: QMimeData | None = clipboard.mimeData()  # None if nothing was ever copied
    if mime is not None and mime.hasFormat(OURS):
        clipboard.setText(mime.text())
