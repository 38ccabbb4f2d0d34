"""The curves of a training as they grow, with their legend and the values under the mouse."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cnngui.core.progress import BatchProgress, EpochResult
from cnngui.gui.common.style import SPACE, colors, mark
from cnngui.gui.common.words import percent

if TYPE_CHECKING:
    from cnngui.gui.train.curves import Curves

REDRAW_MS = 500  # a redraw takes 2 to 6 ms of a core; it must not slow a training by more than a hundredth
POINTS = 1000  # a curve is drawn with at most twice as many: more cannot be told apart, and cost time


@dataclass(frozen=True)
class Points:
    """The points of the curves."""

    batches: tuple[BatchProgress, ...]
    epochs: tuple[EpochResult, ...]


class LivePlot(QWidget):
    """Grows while a training reports.

    The x axis counts epochs: 1.5 is the middle of the second epoch. A validation point is at the end of its epoch.
    changed: has_curves has changed.
    """

    changed = Signal()

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
        """The graphs, made when they are first needed, since importing pyqtgraph takes time."""
        from cnngui.gui.train.curves import Curves

        if self._curves is None:
            self._curves = Curves()
            self._curves.recolor(colors())
            self._curves.pointed.connect(self._read_off)
            self._column.addWidget(self._curves, 1)
        return self._curves

    @property
    def has_curves(self) -> bool:
        """Whether there are any points."""
        return bool(self._batches or self._epochs)

    def clear(self) -> None:
        """Remove all points."""
        self._batches.clear()
        self._epochs.clear()
        self.changed.emit()
        self._hide_reading()
        self.reset_zoom()
        if self._curves is not None:
            self.redraw()

    def add(self, value: BatchProgress | EpochResult) -> None:
        """Add a point; it is drawn within half a second."""
        is_first = not self.has_curves
        if isinstance(value, BatchProgress):
            self._batches.append(value)
        else:
            self._epochs.append(value)
        if is_first:
            self.changed.emit()
        if not self._redraw_timer.isActive():
            self._redraw_timer.start()

    @Slot()
    def reset_zoom(self) -> None:
        """Show the whole curves again."""
        if self._curves is not None:
            self._curves.reset_zoom()

    @property
    def points(self) -> Points:
        """All points so far."""
        return Points(tuple(self._batches), tuple(self._epochs))

    def image(self) -> QImage:
        """The plot as it is shown now, at twice its size."""
        legend, curves = self._legend.sizeHint(), self.curves.rect()
        image = QImage(QSize(curves.width(), curves.height() + legend.height()) * 2, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(2)
        image.fill(colors().surface)
        painter = QPainter(image)
        self._legend.render(painter, QPoint(SPACE, 0))
        # Without a target, it would fill the image's device pixels, of which each logical one has four.
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
        """Hide the reading when the mouse leaves the plot."""
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
        self.save_button.setToolTip("Save the plot as PNG or the curves as CSV")
        top = QHBoxLayout()
        top.addWidget(self._legend)
        top.addStretch(1)
        top.addWidget(self.save_button)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE)
        self._column.addLayout(top)
        self._column.addWidget(self._reading)
