"""The curves of a training as they grow, with their title, their legend and the values under the mouse."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from cnngui.core.progress import BatchProgress, Earlier, EpochResult
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.runs.diagnosis import best_epoch
from cnngui.gui.common.actions import Actions, follow
from cnngui.gui.common.labels.elided_label import ElidedLabel
from cnngui.gui.common.style import SPACE, colors, mark
from cnngui.gui.common.words import percent, plain
from cnngui.gui.train.plot.series import Caption, Point, Points, Series

if TYPE_CHECKING:
    from cnngui.gui.train.plot.curves import Curves

REDRAW_MS = 500  # a redraw takes 2 to 6 ms of a core; it must not slow a training by more than a hundredth
POINTS = 1000  # a curve is drawn with at most twice as many: more cannot be told apart, and cost time
HINT = "wheel: zoom  ·  drag: move  ·  double click: show all"


class LivePlot(QWidget):
    """Shows the curves of the running training, or those of another one, while the running one's still grow.

    The x axis counts epochs: 1.5 is the middle of the second epoch. A validation point is at the end of its epoch.
    changed: has_curves or is_zoomed may have changed. epochs_changed: the epochs in view, or whether they have ended.
    """

    changed = Signal()
    epochs_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: Series | None = None
        self._running: Series | None = None
        self._holds_accuracy = False
        self._curves: Curves | None = None
        self._title, self._text, self._hint = ElidedLabel(), ElidedLabel(), ElidedLabel()
        self._legend = QLabel(textFormat=Qt.TextFormat.RichText)
        self._back_button, self._all_button = QPushButton("Back to the current training"), QPushButton("Show all")
        self._accuracy_button, self._save_button = QPushButton("0–100 %"), QPushButton("Save …")
        self._redraw_timer = QTimer(self, singleShot=True, interval=REDRAW_MS)
        self._redraw_timer.timeout.connect(self.redraw)
        self._lay_out()
        self._describe()

    def use_actions(self, actions: Actions) -> None:
        """Let the buttons follow the actions of the window."""
        follow(self._all_button, actions["reset zoom"])
        follow(self._accuracy_button, actions["hold accuracy"])
        menu = QMenu(self)
        menu.addActions([actions["save plot"], actions["save curves"]])
        self._save_button.setMenu(menu)

    @property
    def curves(self) -> "Curves":
        """The graphs, made when they are first needed, since importing pyqtgraph takes time."""
        from cnngui.gui.train.plot.curves import Curves

        if self._curves is None:
            self._curves = Curves()
            self._curves.recolor(colors())
            self._curves.set_font(self.font())
            self._curves.hold_accuracy(self._holds_accuracy)
            self._curves.pointed.connect(self._read_off)
            self._curves.zoomed.connect(self._zoomed)
            self._column.addWidget(self._curves, 1)
        return self._curves

    @property
    def has_curves(self) -> bool:
        """Whether curves are shown."""
        return self._shown is not None

    @property
    def is_running(self) -> bool:
        """Whether points of a running training are to come."""
        return self._running is not None

    @property
    def epochs(self) -> Sequence[EpochResult]:
        """The complete epochs of the curves in view."""
        return self._shown.epochs if self._shown else ()

    @property
    def shows_running(self) -> bool:
        """Whether the curves in view are those of the running training."""
        return self._shown is not None and self._shown is self._running

    @property
    def points(self) -> Points:
        """All points that are shown."""
        return self._shown.points if self._shown else Points()

    @property
    def caption(self) -> Caption | None:
        """What the curves are of; None without curves."""
        return self._shown.caption if self._shown else None

    @property
    def training_title(self) -> str:
        """What the training's curve is; "" without curves."""
        return self._shown.training_title if self._shown else ""

    def begin(self, caption: Caption, *, is_shown: bool = True) -> None:
        """A new training begins. is_shown: show its curves, in place of those in view."""
        self._running = Series(caption, by_batches=True)
        if is_shown:
            self._show(self._running)
        else:
            self._describe()

    def add(self, value: BatchProgress | EpochResult | Earlier) -> None:
        """Add a point to the running training's curves; it is drawn within half a second."""
        if self._running is None:
            return
        self._running.add(value)
        if self._shown is not self._running:
            return
        if not self._redraw_timer.isActive():
            self._redraw_timer.start()
        if not isinstance(value, BatchProgress):
            self.epochs_changed.emit()

    def replan(self, recipe: Recipe) -> None:
        """The running training has this recipe now."""
        if self._running is not None:
            self._running.caption = replace(self._running.caption, recipe=recipe)
            self._describe()

    def end(self) -> None:
        """The running training has ended. Its curves stay, if they are shown."""
        self._running = None
        self._describe()
        self.epochs_changed.emit()

    def show_finished(self, caption: Caption, history: Sequence[EpochResult]) -> None:
        """Show the curves of a training that has ended."""
        self._show(Series(caption, by_batches=False, epochs=list(history)))

    @Slot()
    def show_running(self) -> None:
        """Show the running training's curves again."""
        if self._running is not None:
            self._show(self._running)

    def rename(self, old: Path, new: Path) -> None:
        """The model at ``old`` is at ``new``; a new name is that of the folder."""
        for series in (self._shown, self._running):
            if series is not None and series.caption.path == old:
                name = series.caption.name if new.parent.name == old.parent.name else new.parent.name
                series.caption = replace(series.caption, path=new, name=name)
        self._describe()

    def hold_accuracy(self, is_held: bool) -> None:
        """Whether the axis of the accuracy always shows 0–100 %."""
        self._holds_accuracy = is_held
        if self._curves is not None:
            self._curves.hold_accuracy(is_held)

    @Slot()
    def reset_zoom(self) -> None:
        """Show the whole curves again."""
        if self._curves is not None:
            self._curves.reset_zoom()

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change between light and dark, and of the text's size."""
        if event.type() == QEvent.Type.FontChange and self._curves is not None:
            self._curves.set_font(self.font())
        if event.type() == QEvent.Type.PaletteChange:
            if self._curves is not None:
                self._curves.recolor(colors())
            self._describe()
        super().changeEvent(event)

    @Slot()
    def redraw(self) -> None:
        """Draw all points so far."""
        points = self.points
        self.curves.draw(Points(_thinned(points.training), points.validation))
        best = best_epoch(self.epochs) if len(self.epochs) > 1 else None
        self.curves.mark_best(best.epoch if best else None)

    def leaveEvent(self, event: QEvent) -> None:
        """Hide the reading when the mouse leaves the plot."""
        self._read_off(None)
        super().leaveEvent(event)

    def _show(self, series: Series) -> None:
        self._shown = series
        self.curves.draw(Points())  # the axes of other curves do not stay
        self.reset_zoom()
        self.redraw()
        self._read_off(None)
        self._describe()
        self.changed.emit()
        self.epochs_changed.emit()

    @Slot()
    def _zoomed(self) -> None:
        self._describe()
        self.changed.emit()

    @Slot(object)
    def _read_off(self, epoch: float | None) -> None:
        points = self.points
        reading = None if epoch is None else _nearest(_thinned(points.training) or points.validation, epoch)
        if self._curves is not None:
            self._curves.mark(reading.epoch if reading else None)
        self._hint.setText("" if reading else HINT)
        if reading is None:
            self._legend.setText(_legend(self.training_title, "validation"))
            return
        training = f"loss {reading.loss:.3f}, {percent(reading.accuracy, 1)}"
        done = [point for point in points.validation if point.epoch <= reading.epoch + 1e-6]
        validation = f"validation {done[-1].loss:.3f}, {percent(done[-1].accuracy, 1)}" if done else ""
        self._legend.setText(f"epoch {reading.epoch:.2f} &nbsp;&nbsp; {_legend(training, validation)}")

    def _describe(self) -> None:
        caption = self.caption
        self._title.setText(caption.name if caption else "")
        self._text.setText(caption.text if caption else "")
        for label in (self._title, self._text):
            label.setToolTip(plain(label.text()))
        self._legend.setText(_legend(self.training_title, "validation"))
        self._back_button.setVisible(self._running is not None and self._shown is not self._running)
        self._all_button.setVisible(self._curves is not None and self._curves.is_zoomed)

    def _lay_out(self) -> None:
        mark(self._title, role="heading")
        mark(self._text, role="muted")
        mark(self._hint, role="muted")
        mark(self._save_button, kind="menu")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._legend.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._save_button.setToolTip("Save the plot as PNG or SVG, or the curves as CSV")
        self._back_button.setToolTip("Show the curves that are growing now")
        self._back_button.clicked.connect(self.show_running)
        titles = QVBoxLayout()
        titles.setSpacing(2)
        titles.addWidget(self._title)
        titles.addWidget(self._text)
        top = QHBoxLayout()
        top.addLayout(titles, 1)
        for button in (self._back_button, self._all_button, self._accuracy_button, self._save_button):
            top.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        below = QHBoxLayout()
        below.addWidget(self._legend)
        below.addWidget(self._hint, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE)
        self._column.addLayout(top)
        self._column.addLayout(below)


def _thinned(points: Sequence[Point]) -> Sequence[Point]:
    """At most about twice POINTS of them, with the last."""
    drawn = points[:: len(points) // POINTS + 1]
    return drawn if not points or drawn[-1] is points[-1] else [*drawn, points[-1]]


def _nearest(points: Sequence[Point], epoch: float) -> Point | None:
    return min(points, key=lambda point: abs(point.epoch - epoch), default=None)


def _legend(training: str, validation: str) -> str:
    """The marks of both curves with these words, as HTML; "" for what is not there."""
    chosen = colors()
    marks = (training, chosen.training, "━━"), (validation, chosen.validation, "●")
    return " &nbsp;&nbsp; ".join(
        f'<span style="color:{color}">{sign}</span> {text}' for text, color, sign in marks if text
    )
