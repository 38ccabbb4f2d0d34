"""The curves of a training: loss above, accuracy below."""

from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cnngui.core.progress import BatchProgress, EpochResult
from cnngui.gui.style import SPACE, Colors, colors, mark
from cnngui.gui.words import percent

REDRAW_MS = 100
POINTS = 1000  # a curve is drawn with at most twice as many: more cannot be told apart and cost time


@dataclass(frozen=True)
class Points:
    """What the curves are made of."""

    batches: tuple[BatchProgress, ...]
    epochs: tuple[EpochResult, ...]


class LivePlot(QWidget):
    """Grows while a training reports. The wheel and the mouse zoom and move it, a double click shows all again.

    Epochs stand on the x axis: 1.5 is the middle of the second epoch. A validation point stands at its epoch's end.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._batches: list[BatchProgress] = []
        self._epochs: list[EpochResult] = []
        self._canvas = pg.GraphicsLayoutWidget()
        self._canvas.viewport().setAcceptDrops(False)  # pictures are dropped on the window
        self._loss = _Curves(self._canvas, 0, "loss")
        self._accuracy = _Curves(self._canvas, 1, "accuracy")
        self._accuracy.plot.setXLink(self._loss.plot)
        self._accuracy.plot.setLabel("bottom", "epoch")
        self._reading = QLabel()
        self.save_button = QPushButton("Save …")
        self._redraw_timer = QTimer(self, singleShot=True, interval=REDRAW_MS)
        self._redraw_timer.timeout.connect(self.redraw)
        self._canvas.scene().sigMouseMoved.connect(self._read_off)
        self._canvas.scene().sigMouseClicked.connect(self._clicked)
        self._lay_out()
        self._recolor()

    @property
    def has_curves(self) -> bool:
        """Whether there is anything to see or to save."""
        return bool(self._batches or self._epochs)

    def clear(self) -> None:
        """Start anew."""
        self._batches.clear()
        self._epochs.clear()
        self._reading.clear()
        self.redraw()
        self.reset_zoom()

    def add(self, value: BatchProgress | EpochResult) -> None:
        """Add a point; it is drawn within a tenth of a second."""
        if isinstance(value, BatchProgress):
            self._batches.append(value)
        else:
            self._epochs.append(value)
        if not self._redraw_timer.isActive():
            self._redraw_timer.start()

    @Slot()
    def reset_zoom(self) -> None:
        """Show the curves whole again."""
        for curves in (self._loss, self._accuracy):
            curves.plot.enableAutoRange()

    @property
    def plots(self) -> list[pg.PlotItem]:
        """pyqtgraph's own plots, of the loss and of the accuracy."""
        return [self._loss.plot, self._accuracy.plot]

    @property
    def points(self) -> Points:
        """All points so far."""
        return Points(tuple(self._batches), tuple(self._epochs))

    def image(self) -> QImage:
        """The plot as it is now, at twice its size on the screen."""
        legend, curves = self._legend.sizeHint(), self._canvas.rect()
        image = QImage(QSize(curves.width(), curves.height() + legend.height()) * 2, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(2)
        image.fill(colors().surface)
        painter = QPainter(image)
        self._legend.render(painter, QPoint(SPACE, 0))
        # Without a target it would fill the image's pixels, of which the painter makes four each.
        self._canvas.render(painter, QRectF(curves.translated(0, legend.height())), curves)
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
        x, validation_x = [point.epochs_done for point in drawn], [float(point.epoch) for point in self._epochs]
        self._loss.set_points(x, [p.loss for p in drawn], validation_x, [p.val_loss for p in self._epochs])
        self._accuracy.set_points(
            x, [100 * p.accuracy for p in drawn], validation_x, [100 * p.val_accuracy for p in self._epochs]
        )

    @Slot(object)
    def _read_off(self, position: QPointF) -> None:
        curves = next((c for c in (self._loss, self._accuracy) if c.plot.sceneBoundingRect().contains(position)), None)
        if curves is None or not self._batches:
            self._hide_reading()
            return
        epoch = curves.plot.vb.mapSceneToView(position).x()
        point = min(self._batches[:: len(self._batches) // POINTS + 1], key=lambda p: abs(p.epochs_done - epoch))
        text = f"epoch {point.epochs_done:.2f}   ·   loss {point.loss:.3f}, {percent(point.accuracy, 1)}"
        done = [result for result in self._epochs if result.epoch <= point.epochs_done + 1e-6]
        if done:
            text += f"   ·   validation {done[-1].val_loss:.3f}, {percent(done[-1].val_accuracy, 1)}"
        self._reading.setText(text)
        for each in (self._loss, self._accuracy):
            each.line.setPos(point.epochs_done)
            each.line.show()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is read off without a mouse over the plot."""
        self._hide_reading()
        super().leaveEvent(event)

    def _hide_reading(self) -> None:
        self._reading.clear()
        for each in (self._loss, self._accuracy):
            each.line.hide()

    @Slot(object)
    def _clicked(self, event: object) -> None:
        if event.double():  # type: ignore[attr-defined]
            self.reset_zoom()

    def _recolor(self) -> None:
        chosen = colors()
        self._canvas.setBackground(chosen.surface)
        for curves in (self._loss, self._accuracy):
            curves.recolor(chosen)
        self._legend.setText(
            f'<span style="color:{chosen.training}">━━</span> training (smoothed) &nbsp;&nbsp; '
            f'<span style="color:{chosen.validation}">●</span> validation'
        )

    def _lay_out(self) -> None:
        self._legend = QLabel(textFormat=Qt.TextFormat.RichText)
        mark(self._reading, role="muted")
        mark(self.save_button, kind="menu")
        self.save_button.setToolTip("Save the plot as PNG (Ctrl+S) or the curves as CSV (Ctrl+Shift+S)")
        top = QHBoxLayout()
        top.addWidget(self._legend)
        top.addStretch(1)
        top.addWidget(self.save_button)
        self._canvas.setToolTip("Wheel: zoom · drag: move · double click: show all")
        self._canvas.ci.setContentsMargins(0, 0, SPACE, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        layout.addLayout(top)
        layout.addWidget(self._reading)
        layout.addWidget(self._canvas, 1)


class _Curves:
    """One of the two plots: a line for the training, points joined by a dashed line for the validation."""

    def __init__(self, canvas: pg.GraphicsLayoutWidget, row: int, name: str) -> None:
        self.plot = canvas.addPlot(row=row, col=0)
        self.plot.setLabel("left", f"{name} (%)" if name == "accuracy" else name)
        self.plot.getAxis("left").setWidth(56)  # both plots begin at one line, whatever their numbers
        for side in ("left", "bottom"):
            self.plot.getAxis(side).enableAutoSIPrefix(False)  # "epoch (x0.001)" is for physicists
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        # No grid: pyqtgraph's takes 20 ms to draw, six times as long as all the rest (benchmarks/plot.py).
        self._training = self.plot.plot(antialias=True)
        self._validation = self.plot.plot(symbol="o", symbolSize=8, antialias=True)
        self.line = pg.InfiniteLine(angle=90, movable=False)
        self.line.hide()
        self.plot.addItem(self.line, ignoreBounds=True)

    def set_points(self, x: list[float], y: list[float], validation_x: list[float], validation_y: list[float]) -> None:
        self._training.setData(x, y)
        self._validation.setData(validation_x, validation_y)

    def recolor(self, chosen: Colors) -> None:
        self._training.setPen(pg.mkPen(chosen.training, width=2))
        self._validation.setPen(pg.mkPen(chosen.validation, width=1, style=Qt.PenStyle.DashLine))
        self._validation.setSymbolBrush(chosen.validation)
        self._validation.setSymbolPen(chosen.surface)
        self.line.setPen(pg.mkPen(chosen.muted, width=1))
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.setPen(chosen.border)
            axis.setTextPen(chosen.muted)
