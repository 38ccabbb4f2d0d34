"""A line of text that is shortened in the middle if it does not fit."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.words import plain


class ElidedLabel(PlainLabel):
    """A label for one line of plain text, such as a name, that takes whatever width is left.

    While it is shortened, its tooltip is the whole text, unless it has another.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    @property
    def is_elided(self) -> bool:
        """Whether the text does not fit."""
        return self._fitting() != self.text()

    def event(self, event: QEvent) -> bool:
        """Show the whole text as a tooltip while it does not fit."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and not self.toolTip():
            QToolTip.showText(event.globalPos(), plain(self.text()) if self.is_elided else "", self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the beginning and the end of the text, as much as fits."""
        painter = QPainter(self)
        self.style().drawItemText(
            painter,
            self.contentsRect(),
            int(self.alignment()),
            self.palette(),
            self.isEnabled(),
            self._fitting(),
            self.foregroundRole(),
        )

    def _fitting(self) -> str:
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, self.contentsRect().width())
