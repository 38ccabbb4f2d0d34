"""Buttons with sample pictures for the model in use."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from cnngui import paths
from cnngui.core.data.test_part import TestImage
from cnngui.core.progress import ShouldStop
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.pictures.image_view import preview
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.common.words import plain
from cnngui.gui.common.worker import Deliver, LatestTask

SIDE = 84  # pixels
COLUMNS = 5


@dataclass(frozen=True, eq=False)
class Sample:
    """A file, or a test image; its name; and its preview."""

    source: Path | TestImage
    name: str
    icon: QImage | None


def shipped_samples() -> list[Path]:
    """The sample pictures that come with the program, sorted by name."""
    return sorted((paths.resources_dir() / "samples").glob("*.png"))


class Samples(QWidget):
    """A grid of buttons. chosen: the path or TestImage of the sample that was clicked."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reading = LatestTask(self)
        self._buttons: list[QPushButton] = []
        caption = PlainLabel("or try a sample")
        mark(caption, role="muted")
        caption.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._grid = QGridLayout()
        self._grid.setSpacing(SPACE // 2)
        for row in range(2):
            self._grid.setRowMinimumHeight(row, SIDE + 12)  # so that nothing moves once they have been read
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addWidget(caption)
        column.addLayout(self._grid)
        self.show_shipped()

    def show_shipped(self) -> None:
        """Show the sample pictures that come with the program."""
        self._read(lambda _should_stop: shipped_samples())

    def show_test_images(self, find: Callable[[ShouldStop], list[TestImage]]) -> None:
        """Show what this finds."""
        self._read(find)

    def show_none(self) -> None:
        """Show no samples."""
        self._reading.abandon()
        self._show([])

    @property
    def is_reading(self) -> bool:
        """Whether samples are being read."""
        return self._reading.is_running

    def stop(self) -> None:
        """Read no more, and block until no sample is being read. A model may still be opened after it."""
        self._reading.stop()

    def _read(self, find: Callable[[ShouldStop], list[Path] | list[TestImage]]) -> None:
        def work(_report: Deliver, should_stop: ShouldStop) -> list[Sample]:
            return [_sample(source) for source in find(should_stop) if not should_stop()]

        self._reading.do(work, self._show)

    def _show(self, samples: list[Sample]) -> None:
        for button in self._buttons:
            button.hide()
            button.deleteLater()
        self._buttons = [self._button(sample) for sample in samples]
        for position, button in enumerate(self._buttons):
            self._grid.addWidget(button, position // COLUMNS, position % COLUMNS)
        self.setVisible(bool(samples))

    def _button(self, sample: Sample) -> QPushButton:
        button = QPushButton()
        button.setIconSize(QSize(SIDE, SIDE))
        button.setFixedSize(SIDE + 12, SIDE + 12)
        button.setToolTip(plain(f"Classify the sample “{sample.name}”"))
        button.setAccessibleName(f"Sample picture {sample.name}")
        if sample.icon is not None:
            pixmap = QPixmap.fromImage(sample.icon)
            button.setIcon(QIcon(pixmap.scaled(QSize(2 * SIDE, 2 * SIDE))))  # as large as the button, also if small
        mark(button, kind="sample")
        button.clicked.connect(lambda: self.chosen.emit(sample.source))
        return button


def _sample(source: Path | TestImage) -> Sample:
    if isinstance(source, Path):
        return _shipped_sample(source)
    return Sample(source, source.label, preview(source.source, 2 * SIDE))


@cache  # shown anew whenever the model or the data changes, but never different
def _shipped_sample(path: Path) -> Sample:
    return Sample(path, path.stem, preview(path, 2 * SIDE))
