"""A label that keeps its height when its text changes."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent

from cnngui.gui.common.labels.plain_label import PlainLabel


class SteadyLabel(PlainLabel):
    """Wraps its text, and has room for the longest of the texts that it may show, so that nothing below it moves."""

    def __init__(self) -> None:
        super().__init__()
        self._texts: tuple[str, ...] = ()
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def reserve(self, texts: Iterable[str]) -> None:
        """Keep room for each of these texts."""
        self._texts = tuple(texts)
        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make room in the new width."""
        super().resizeEvent(event)
        self._make_room()

    def changeEvent(self, event: QEvent) -> None:
        """Make room for the new font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._make_room()

    def _make_room(self) -> None:
        width, metrics = self.contentsRect().width(), self.fontMetrics()
        if width > 0:
            wrap = int(Qt.TextFlag.TextWordWrap)
            heights = (metrics.boundingRect(0, 0, width, 10_000, wrap, text).height() for text in self._texts)
            self.setMinimumHeight(max(heights, default=0))
