"""What is dragged onto a class, or pasted into it."""

from PySide6.QtCore import QMimeData

from cnngui.gui.common.mime import has_bitmap, things_of
from cnngui.gui.common.offers import refusal

SELECTED = "application/x-cnngui-pictures"
"""The format that marks a drag of the selected pictures of the grid."""


def is_selected(mime: QMimeData) -> bool:
    """Whether it is the selected pictures of the grid."""
    return mime.hasFormat(SELECTED)


def is_welcome(mime: QMimeData) -> bool:
    """Whether a class may take it: pictures of the grid, files, folders, web addresses, an image."""
    if is_selected(mime):
        return True
    things = things_of(mime)
    return refusal(things, mime) is None and (bool(things) or has_bitmap(mime))
