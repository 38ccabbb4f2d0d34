"""Shows the pinned pictures with the network's answers, and its first filters as they form."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.local_files import local_files
from cnngui.gui.common.mime import accept_copy
from cnngui.gui.common.pictures.image_view import pixels_image
from cnngui.gui.common.style import SPACE, colors, mark
from cnngui.gui.common.words import percent, plain
from cnngui.gui.train.pinned.pinned_state import MOST, PinnedState

SIDE = 72  # pixels of a picture on the screen
COLUMNS = 4
TILE = 150  # pixels, at most: the width of a picture with its answers
ANSWERS = 2  # below each picture; the tooltip has more
FILTER = 30  # pixels of a filter on the screen
HINT = "These pictures are answered after each epoch. Drop your own here; they are squeezed to the network’s size."


class PinnedView(QWidget):
    """A grid of the pictures; what is dropped on it is pinned."""

    def __init__(self, state: PinnedState) -> None:
        super().__init__()
        self._state = state
        self._tiles = [_Tile() for _ in range(MOST)]
        self._hint, self._filters_title, self._filters = PlainLabel(HINT, wordWrap=True), PlainLabel(), Filters()
        self._back = QPushButton("Show the data’s pictures again")
        self._back.setToolTip("Take your own pictures away; their files stay")
        self._back.clicked.connect(state.forget_own)
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
        column.addWidget(self._back, 0, Qt.AlignmentFlag.AlignLeft)
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
            pixels = None if picture is None else picture.pixels
            tile.show_picture(pixels, state.answers(number, ANSWERS), state.is_right(number))
            tile.setToolTip("" if picture is None else plain(_tip(state, number)))
        self._back.setVisible(state.has_own)
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
        if local_files(event.mimeData()):
            accept_copy(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Pin the files."""
        files = local_files(event.mimeData())
        if files:
            accept_copy(event)
            self._state.use_files(files)


def _tip(state: PinnedState, number: int) -> str:
    picture = state.pictures[number]
    title = picture.name or (state.classes[picture.label] if picture.label is not None else "")
    return "\n".join([title, *(f"{name} {percent(share, 1)}" for name, share in state.answers(number, 5))])


class _Tile(QWidget):
    """A picture with the answers below it. answers: the likeliest classes with their probabilities, from the top."""

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self.answers: list[tuple[str, float]] = []
        self._is_right: bool | None = None
        self.setMinimumWidth(SIDE)
        self.setMaximumWidth(TILE)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @property
    def color(self) -> str:
        """Of the likeliest class: whether it is right, or neither if that is not known."""
        return {True: colors().good, False: colors().error, None: colors().text}[self._is_right]

    def sizeHint(self) -> QSize:
        """The picture, and a line for each answer."""
        return QSize(TILE, SIDE + 2 + ANSWERS * self.fontMetrics().height())

    def show_picture(
        self, pixels: NDArray[np.uint8] | None, answers: list[tuple[str, float]], is_right: bool | None
    ) -> None:
        self._image = QImage() if pixels is None else pixels_image(pixels)
        self.answers, self._is_right = answers, is_right
        self.setAccessibleName(", ".join(f"{name} {percent(share)}" for name, share in answers))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image.isNull():
            return
        painter, metrics = QPainter(self), self.fontMetrics()
        painter.drawImage(QRectF(0, 0, SIDE, SIDE), self._image)
        painter.setPen(QColor(colors().border))
        painter.drawRect(QRectF(0.5, 0.5, SIDE - 1, SIDE - 1))
        for number, (name, share) in enumerate(self.answers):
            painter.setPen(QColor(colors().muted if number else self.color))
            figure = f" {percent(share)}"
            room = self.width() - metrics.horizontalAdvance(figure)  # a number is never cut
            text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room) + figure
            painter.drawText(0, SIDE + 2 + metrics.ascent() + number * metrics.height(), text)


class Filters(QWidget):
    """Filters side by side, each as a small picture."""

    def __init__(self) -> None:
        super().__init__()
        self._images: list[QImage] = []
        self.setMinimumHeight(FILTER)
        self.setAccessibleName("Filters of the first layer")

    def show_filters(self, filters: NDArray[np.uint8]) -> None:
        """Show these, uint8 (n, side, side, 3)."""
        self._images = [pixels_image(each) for each in filters]
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
