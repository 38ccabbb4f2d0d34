"""A column of widgets that scrolls up and down."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget


class ScrollColumn(QScrollArea):
    """Scrolls its widget. It is as wide as the widget needs, also for larger text, but at least ``width`` pixels."""

    def __init__(self, widget: QWidget, width: int) -> None:
        super().__init__()
        self._column, self._width = widget, width
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it scrolls to what has the focus
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(widget)
        self.setWidgetResizable(True)

    def sizeHint(self) -> QSize:
        """As wide as the widget and the scroll bar, and as high as the widget."""
        needed = self._column.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
        return QSize(max(self._width, needed), self._column.sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """As wide, but of any height."""
        return QSize(self.sizeHint().width(), 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow what the widget needs."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)
