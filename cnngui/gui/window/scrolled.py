"""Lets what is too small to hold its contents scroll."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget


class Scrolled(QScrollArea):
    """Shows a widget in all its room, and scrolls once that is less than the widget's minimum.

    Unlike widgetResizable, which asks for the preferred height of every page that holds a label with several lines.
    """

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it scrolls to what has the focus
        self.setWidget(widget)

    def minimumSizeHint(self) -> QSize:
        """Any size will do."""
        return QSize(0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fill the new room."""
        super().resizeEvent(event)
        self._fill()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the widget's minimum."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._fill()
        return super().eventFilter(watched, event)

    def _fill(self) -> None:
        widget = self.widget()
        if widget is None:
            return
        room, bars = self.maximumViewportSize(), self.verticalScrollBar().sizeHint().width()
        least = self._least(widget, room.width())
        if least.height() > room.height():  # the vertical bar takes some of the width
            room.setWidth(room.width() - bars)
            least = self._least(widget, room.width())
        if least.width() > room.width():
            room.setHeight(room.height() - bars)
        widget.resize(room.expandedTo(least))

    @staticmethod
    def _least(widget: QWidget, width: int) -> QSize:
        """The widget's minimum size if it gets this width, or its own minimum width if that is more."""
        least, layout = widget.minimumSizeHint().expandedTo(widget.minimumSize()), widget.layout()
        if layout is not None and layout.hasHeightForWidth():
            height = layout.totalMinimumHeightForWidth(max(width, least.width()))
            least.setHeight(max(height, widget.minimumHeight()))
        return least
