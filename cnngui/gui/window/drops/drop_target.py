"""Takes what is dragged over the window and dropped on it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from cnngui.core.sentences import counted
from cnngui.gui.common.mime import accept_copy
from cnngui.gui.common.offers import Offer
from cnngui.gui.common.words import shortened
from cnngui.gui.window.drops.drop_overlay import DropOverlay
from cnngui.gui.window.drops.dropped_folder import FolderContent


class DropTarget(QObject):
    """Covers the window with what a drop will do, and passes the drop on.

    offer: says what a drop would do. take: gets what was dropped; whether there was anything to take.
    """

    def __init__(self, window: QWidget, offer: Callable[[QMimeData], Offer], take: Callable[[QMimeData], bool]) -> None:
        super().__init__(window)
        self._offer, self._take = offer, take
        self._overlay = DropOverlay(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Handle the window's drag events."""
        match event:
            case QDragEnterEvent():  # a QDragMoveEvent too, hence before it
                self._enter(event)
            case QDragMoveEvent():
                accept_copy(event)
                event.setAccepted(self._overlay.is_welcoming)  # the cursor shows the same as the overlay
            case QDropEvent():
                self._drop(event)
            case _ if event.type() == QEvent.Type.DragLeave:
                self._overlay.hide()
            case _:
                return super().eventFilter(watched, event)
        return True

    def describe(self, folder: Path, content: FolderContent) -> None:
        """Say what a drop of the folder that is over the window will do, now that it has been looked into."""
        if not self._overlay.isVisible():
            return
        name = shortened(folder.name)
        if content.is_run:
            text = f"Drop to open the run “{name}”"
        elif content.is_search:
            text = f"Drop to continue the search “{name}”"
        elif content.model is not None:
            text = f"Drop to open the model “{shortened(content.model.name)}”"
        elif content.classes:
            text = f"Drop to train on “{name}”: {counted(content.classes, 'class', 'classes')}"
        else:
            text = f"Drop to classify all pictures in “{name}”"
        self._overlay.offer(text, True)

    def _enter(self, event: QDragEnterEvent) -> None:
        if event.source() is not None:
            event.ignore()  # it comes from the list itself
            return
        offer = self._offer(event.mimeData())
        self._overlay.offer(offer.text, offer.welcome)
        accept_copy(event)  # else Qt does not tell when the drag leaves

    def _drop(self, event: QDropEvent) -> None:
        self._overlay.hide()
        if self._take(event.mimeData()):
            accept_copy(event)
