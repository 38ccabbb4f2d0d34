"""Shows the pinned pictures with the network's answers, and its first filters as they form."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from cnngui.gui.common.style import SPACE, colors, mark
from cnngui.gui.common.words import percent
from cnngui.gui.train.pinned.pinned_state import MOST, PinnedState

SIDE = 72  # pixels of a picture on the screen
COLUMNS = 4
TILE = 150  # pixels, at most: the width of a picture with its answers
FILTER = 30  # pixels of a filter on the screen
HINT = "These pictures are answered after each epoch. Drop your own here."


class PinnedView(QWidget):
    """A grid of the pictures; what is dropped on it is pinned."""

    def __init__(self, state: PinnedState) -> None:
        super().__init__()
        self._state = state
        self._tiles = [_Tile() for _ in range(MOST)]
        self._hint, self._filters_title, self._filters = QLabel(HINT, wordWrap=True), QLabel(), Filters()
        mark(self._hint, role="muted")
        mark(self._filters_title, role="muted")
        self.setAcceptDrops(True)
        grid = QGridLayout()
        grid.setSpacing(SPACE)
        for number, tile in enumerate(self._tiles):
            grid.addWidget(tile, number // COLUMNS, number % COLUMNS)
        for column_number in range(COLUMNS):
            grid.setColumnStretch(column_number, 2)
        grid.setColumnStretch(COLUMNS, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addWidget(self._hint)
        column.addLayout(grid)
        column.addWidget(self._filters_title)
        column.addWidget(self._filters)
        column.addStretch(1)
        state.pictures_changed.connect(self._show)
        state.answered.connect(self._show)
        state.problem.connect(self._tell)
        self._show()

    @Slot()
    def _show(self) -> None:
        state = self._state
        for number, tile in enumerate(self._tiles):
            picture = state.pictures[number] if number < len(state.pictures) else None
            answers = state.answers(number)
            text, is_right = "", None
            if picture is not None and answers:
                text = "\n".join(f"{name} {percent(share)}" for name, share in answers)
                if picture.label is not None:
                    is_right = answers[0][0] == state.classes[picture.label]
            tile.show_picture(None if picture is None else picture.pixels, text, is_right)
            tile.setToolTip("" if picture is None else _tip(state, number))
        glimpse = state.glimpse
        has_filters = glimpse is not None and len(glimpse.filters) > 0
        self._filters.setVisible(has_filters)
        self._filters_title.setVisible(has_filters)
        if glimpse is not None and has_filters:
            self._filters.show_filters(glimpse.filters)
            self._filters_title.setText(f"The first layer’s filters after epoch {glimpse.epoch:,}")

    @Slot(str)
    def _tell(self, problem: str) -> None:
        self._hint.setText(problem or HINT)
        mark(self._hint, role="failure" if problem else "muted")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Pin the files."""
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self._state.use_files(files)


def _tip(state: PinnedState, number: int) -> str:
    picture = state.pictures[number]
    title = picture.name or (state.classes[picture.label] if picture.label is not None else "")
    return "\n".join([title, *(f"{name} {percent(share, 1)}" for name, share in state.answers(number, 5))])


class _Tile(QWidget):
    """A picture with the answers below it."""

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._is_right: bool | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SIDE + 2, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._text)
        self._text.setMinimumHeight(2 * self.fontMetrics().height())
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # the tooltip has it whole
        self.setMinimumWidth(SIDE)
        self.setMaximumWidth(TILE)

    def show_picture(self, pixels: NDArray[np.uint8] | None, text: str, is_right: bool | None) -> None:
        self._image = QImage() if pixels is None else as_image(pixels)
        self._is_right = is_right
        self._text.setText(text)
        state = {True: "true", False: "failure", None: ""}[is_right]
        if self._text.property("role") != state:
            mark(self._text, role=state)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._image.isNull():
            painter = QPainter(self)
            painter.drawImage(QRectF(0, 0, SIDE, SIDE), self._image)
            painter.setPen(QColor(colors().border))
            painter.drawRect(QRectF(0.5, 0.5, SIDE - 1, SIDE - 1))


class Filters(QWidget):
    """Filters side by side, each as a small picture."""

    def __init__(self) -> None:
        super().__init__()
        self._images: list[QImage] = []
        self.setMinimumHeight(FILTER)
        self.setAccessibleName("Filters of the first layer")

    def show_filters(self, filters: NDArray[np.uint8]) -> None:
        """Show these, uint8 (n, side, side, 3)."""
        self._images = [as_image(each) for each in filters]
        self.setMinimumHeight(self._rows * (FILTER + 2))
        self.update()

    @property
    def _in_a_row(self) -> int:
        return max(1, self.width() // (FILTER + 2))

    @property
    def _rows(self) -> int:
        return -(-len(self._images) // self._in_a_row)

    def sizeHint(self) -> QSize:
        """As high as all rows."""
        return QSize(16 * (FILTER + 2), self._rows * (FILTER + 2))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw them, row after row; single pixels are seen."""
        painter = QPainter(self)
        for number, image in enumerate(self._images):
            row, column = divmod(number, self._in_a_row)
            painter.drawImage(QRectF(column * (FILTER + 2), row * (FILTER + 2), FILTER, FILTER), image)


def as_image(pixels: NDArray[np.uint8]) -> QImage:
    """An image for Qt; uint8 (height, width, 3)."""
    height, width = pixels.shape[:2]
    data = np.ascontiguousarray(pixels)
    return QImage(data.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
