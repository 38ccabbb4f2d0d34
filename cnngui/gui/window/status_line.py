"""The left of the status bar: the counts of pictures, and in their place, for a while, a message in passing."""

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from cnngui.gui.common.labels.elided_label import ElidedLabel

NOTICE_MS = 8000


class StatusLine(QStackedWidget):
    """Shows ``counts`` unless there is a message. A QStatusBar's own messages begin elsewhere and are cut off."""

    def __init__(self, counts: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._message = ElidedLabel()
        self._timer = QTimer(self, singleShot=True, interval=NOTICE_MS)
        self._timer.timeout.connect(self.clear)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.addWidget(counts)
        self.addWidget(self._message)

    @property
    def message(self) -> str:
        """The message that is shown; "" for none."""
        return self._message.text() if self.currentWidget() is self._message else ""

    def tell(self, text: str) -> None:
        """Show a message, and the counts again after eight seconds."""
        self._message.setText(text)
        self.setCurrentWidget(self._message)
        self._timer.start()

    @Slot()
    def clear(self) -> None:
        """Show the counts again."""
        self._timer.stop()
        self.setCurrentIndex(0)
