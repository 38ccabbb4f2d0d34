"""Saving the curves as a picture or as a table."""

import csv
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from cnngui.core.errors import UserError
from cnngui.core.files import replacing
from cnngui.gui.live_plot import LivePlot, Points
from cnngui.gui.settings import Settings
from cnngui.gui.worker import Worker


def write_png(image: QImage, path: Path) -> None:
    """Write the picture, whole or not at all. Raises OSError."""
    with replacing(path) as new:
        if not image.save(str(new), "PNG"):  # type: ignore[call-overload]
            raise OSError(f"{path.parent} takes no more")


def write_csv(points: Points, path: Path) -> None:
    """Write a row for every point, whole or not at all. Raises OSError.

    The columns are part ("training" or "validation"), epoch (with the fraction of it), loss, accuracy (0–1).
    """
    with replacing(path) as new, new.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["part", "epoch", "loss", "accuracy"])
        rows.writerows(["training", f"{p.epochs_done:.4f}", p.loss, p.accuracy] for p in points.batches)
        rows.writerows(["validation", p.epoch, p.val_loss, p.val_accuracy] for p in points.epochs)


class PlotFiles(QObject):
    """Asks where to and writes the plot's files, beside the window. notice: how it went."""

    notice = Signal(str)

    def __init__(self, plot: LivePlot, settings: Settings, window: QWidget) -> None:
        super().__init__(window)
        self._plot = plot
        self._settings = settings
        self._window = window
        self._worker: Worker | None = None

    @Slot()
    def save_png(self) -> None:
        """Save the plot as it is now."""
        path = self._ask("Save the plot", "curves.png", "PNG (*.png)")
        if path is not None:
            image = self._plot.image()
            self._write(lambda: write_png(image, path), path)

    @Slot()
    def save_csv(self) -> None:
        """Save all points of the curves."""
        path = self._ask("Save the curves", "curves.csv", "CSV (*.csv)")
        if path is not None:
            points = self._plot.points
            self._write(lambda: write_csv(points, path), path)

    def stop(self) -> None:
        """Wait until what is being written is there."""
        if self._worker is not None:
            self._worker.wait()

    def _ask(self, title: str, name: str, kind: str) -> Path | None:
        if self._worker is not None:
            return None
        if not self._plot.has_curves:
            self.notice.emit("There are no curves yet. Start a training first.")
            return None
        chosen, _ = QFileDialog.getSaveFileName(self._window, title, str(self._settings.open_folder / name), kind)
        if not chosen:
            return None
        path = Path(chosen)
        if path.suffix:
            return path
        path = path.with_suffix(Path(name).suffix)
        if path.exists():  # the dialog has asked about the name without its ending only
            self.notice.emit(f"{path} is there already. Choose it with its ending to replace it.")
            return None
        return path

    def _write(self, write: Callable[[], None], path: Path) -> None:
        def work(_report: object, _should_stop: object) -> str:
            try:
                write()
            except OSError as error:
                raise UserError(f"{path} could not be written ({error.strerror or error}).") from error
            return f"Saved as {path}"

        self._worker = Worker(work, self)
        self._worker.succeeded.connect(self._tell_success)
        self._worker.failed.connect(self._tell_failure)
        self._worker.finished.connect(self._finished)
        self._worker.start()

    @Slot(object)
    def _tell_success(self, sentence: str) -> None:
        self.notice.emit(sentence)

    @Slot(object)
    def _tell_failure(self, error: Exception) -> None:
        self.notice.emit(f"{error} Choose another place.")

    @Slot()
    def _finished(self) -> None:
        if self._worker is not None:
            self._worker.deleteLater()
            self._worker = None
