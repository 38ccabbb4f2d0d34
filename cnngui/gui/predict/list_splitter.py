"""The list of pictures beside the answer, with a handle between them."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from cnngui.gui.common.settings import Settings
from cnngui.gui.common.style import SPACE

WIDTH = 240  # pixels of the list, until the user chooses another


class ListSplitter(QSplitter):
    """Gives the list the width that the user chose last, and what is beside it the rest."""

    def __init__(self, left: QWidget, right: QWidget, settings: Settings) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._settings = settings
        self._width = settings.list_width or WIDTH
        self.setHandleWidth(2 * SPACE)
        self.setChildrenCollapsible(False)
        self.addWidget(left)
        self.addWidget(right)
        self.handle(1).setToolTip("Drag to make the list wider or narrower")
        self.splitterMoved.connect(self._remember)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the list's width."""
        super().resizeEvent(event)
        self.setSizes([self._width, max(1, self.width() - self._width - self.handleWidth())])

    @Slot()
    def _remember(self) -> None:
        self._width = self._settings.list_width = self.sizes()[0]
