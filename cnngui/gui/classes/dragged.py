"""What is dragged onto a class, or pasted into it."""

from PySide6.QtCore import QMimeData

from cnngui.gui.common.mime import BITMAPS, things_of

SELECTED = "application/x-cnngui-pictures"
"""The format that marks a drag of the selected pictures of the grid."""


def is_selected(mime: QMimeData) -> bool:
    """Whether it is the selected pictures of the grid."""
    return mime.hasFormat(SELECTED)


def is_welcome(mime: QMimeData) -> bool:
    """Whether a class may take it: pictures of the grid, files, folders, web addresses, an image."""
    return (
        is_selected(mime) or bool(things_of(mime)) or mime.hasImage() or any(mime.hasFormat(kind) for kind in BITMAPS)
    )
