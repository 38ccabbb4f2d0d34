"""The curves of a training as they grow, with what is said about them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cnngui.core.progress import BatchProgress, EpochResult
from cnngui.gui.common.style import SPACE, colors, mark
from cnngui.gui.common.words import percent

if TYPE_CHECKING:
    from cnngui.gui.train.curves import Curves

REDRAW_MS = 500  # drawing takes 2 to 6 ms, and a core with it; a training shall lose no more than a hundredth by it
POINTS = 1000  # a curve is drawn with at most twice as many: more cannot be told apart and cost time


@dataclass(frozen=True)
class Points:
    """What the curves are made of."""

    batches: tuple[BatchProgress, ...]
    epochs: tuple[EpochResult, ...]


class LivePlot(QWidget):
    """Grows while a training reports.

    Epochs stand on the x axis: 1.5 is the middle of the second epoch. A validation point stands at its epoch's end.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._batches: list[BatchProgress] = []
        self._epochs: list[EpochResult] = []
        self._curves: Curves | None = None
        self._legend, self._reading = QLabel(textFormat=Qt.TextFormat.RichText), QLabel()
        self.save_button = QPushButton("Save …")
        self._redraw_timer = QTimer(self, singleShot=True, interval=REDRAW_MS)
        self._redraw_timer.timeout.connect(self.redraw)
        self._lay_out()
        self._recolor()

    @property
    def curves(self) -> "Curves":
        """The graphs, made when they are needed: the program starts sooner without pyqtgraph."""
        from cnngui.gui.train.curves import Curves

        if self._curves is None:
            self._curves = Curves()
            self._curves.recolor(colors())
            self._curves.pointed.connect(self._read_off)
            self._column.addWidget(self._curves, 1)
        return self._curves

    @property
    def has_curves(self) -> bool:
        """Whether there is anything to see or to save."""
        return bool(self._batches or self._epochs)

    def clear(self) -> None:
        """Start anew."""
        self._batches.clear()
        self._epochs.clear()
        self._hide_reading()
        self.reset_zoom()
        if self._curves is not None:
            self.redraw()

    def add(self, value: BatchProgress | EpochResult) -> None:
        """Add a point; it is drawn within half a second."""
        if isinstance(value, BatchProgress):
            self._batches.append(value)
        else:
            self._epochs.append(value)
        if not self._redraw_timer.isActive():
            self._redraw_timer.start()

    @Slot()
    def reset_zoom(self) -> None:
        """Show the curves whole again."""
        if self._curves is not None:
            self._curves.reset_zoom()

    @property
    def points(self) -> Points:
        """All points so far."""
        return Points(tuple(self._batches), tuple(self._epochs))

    def image(self) -> QImage:
        """The plot as it is now, at twice its size on the screen."""
        legend, curves = self._legend.sizeHint(), self.curves.rect()
        image = QImage(QSize(curves.width(), curves.height() + legend.height()) * 2, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(2)
        image.fill(colors().surface)
        painter = QPainter(image)
        self._legend.render(painter, QPoint(SPACE, 0))
        # Without a target it would fill the image's pixels, of which the painter makes four each.
        self.curves.render(painter, QRectF(curves.translated(0, legend.height())), curves)
        painter.end()
        return image

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change between light and dark."""
        if event.type() == QEvent.Type.PaletteChange:
            self._recolor()
        super().changeEvent(event)

    @Slot()
    def redraw(self) -> None:
        """Draw all points so far."""
        drawn = self._batches[:: len(self._batches) // POINTS + 1]
        if self._batches and drawn[-1] is not self._batches[-1]:
            drawn = [*drawn, self._batches[-1]]
        self.curves.draw(drawn, self._epochs)

    @Slot(object)
    def _read_off(self, epoch: float | None) -> None:
        if epoch is None or not self._batches:
            self._hide_reading()
            return
        point = min(self._batches[:: len(self._batches) // POINTS + 1], key=lambda p: abs(p.epochs_done - epoch))
        text = f"epoch {point.epochs_done:.2f}   ·   loss {point.loss:.3f}, {percent(point.accuracy, 1)}"
        done = [result for result in self._epochs if result.epoch <= point.epochs_done + 1e-6]
        if done:
            text += f"   ·   validation {done[-1].val_loss:.3f}, {percent(done[-1].val_accuracy, 1)}"
        self._reading.setText(text)
        self.curves.mark(point.epochs_done)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is read off without a mouse over the plot."""
        self._hide_reading()
        super().leaveEvent(event)

    def _hide_reading(self) -> None:
        self._reading.clear()
        if self._curves is not None:
            self._curves.mark(None)

    def _recolor(self) -> None:
        chosen = colors()
        if self._curves is not None:
            self._curves.recolor(chosen)
        self._legend.setText(
            f'<span style="color:{chosen.training}">━━</span> training (smoothed) &nbsp;&nbsp; '
            f'<span style="color:{chosen.validation}">●</span> validation'
        )

    def _lay_out(self) -> None:
        mark(self._reading, role="muted")
        mark(self.save_button, kind="menu")
        self.save_button.setToolTip("Save the plot as PNG (Ctrl+S) or the curves as CSV (Ctrl+Shift+S)")
        top = QHBoxLayout()
        top.addWidget(self._legend)
        top.addStretch(1)
        top.addWidget(self.save_button)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE)
        self._column.addLayout(top)
        self._column.addWidget(self._reading)
