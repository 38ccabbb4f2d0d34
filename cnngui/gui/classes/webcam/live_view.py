"""What the camera shows, as in a mirror."""

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from cnngui.gui.common.style import SPACE, colors

SIZE = QSize(480, 360)  # pixels, at first
FLASH_MS = 120
BORDER = 6  # pixels, of the frame that says that a picture was taken


class LiveView(QWidget):
    """Shows an image as large as it fits, left and right exchanged, or a sentence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._message = ""
        self._flash = QTimer(self, singleShot=True, interval=FLASH_MS)
        self._flash.timeout.connect(self._repaint)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(SIZE / 2)
        self.setAccessibleName("What the camera shows")

    @property
    def message(self) -> str:
        """Why there is nothing to see; "" if there is."""
        return self._message

    def sizeHint(self) -> QSize:
        """Of the usual proportions of a camera."""
        return SIZE

    @Slot(QImage)
    def show_image(self, image: QImage) -> None:
        """Show this."""
        self._image = image
        self.update()

    def show_message(self, text: str) -> None:
        """Say why there is nothing to see; "" if there is."""
        self._message = text
        self.setAccessibleDescription(text)
        if text:
            self._image = QImage()
        self.update()

    @Slot()
    def flash(self) -> None:
        """Show for a moment that a picture was taken."""
        self._flash.start()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the image in the middle."""
        painter, chosen = QPainter(self), colors()
        painter.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing)
        if self._image.isNull():
            painter.setPen(QColor(chosen.border))
            painter.setBrush(QColor(chosen.raised))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
            painter.setPen(QColor(chosen.text))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(4 * SPACE, 0, -4 * SPACE, 0), int(flags), self._message)
            return
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRectF((self.width() - size.width()) / 2, (self.height() - size.height()) / 2, *size.toTuple())
        painter.save()
        painter.translate(self.width(), 0)
        painter.scale(-1, 1)
        painter.drawImage(target, self._image)
        painter.restore()
        if self._flash.isActive():
            painter.setPen(QPen(QColor(chosen.accent), BORDER))
            half = BORDER / 2
            painter.drawRect(target.adjusted(half, half, -half, -half))

    @Slot()
    def _repaint(self) -> None:
        self.update()
