"""The classes of the data with their numbers of images, and a few images of each."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from cnngui.core.data.summary import SAMPLES, Summary
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.common.words import plain

SIDE = 40  # pixels of an image, at 1×
GAP = 4

HEADERS = ("Class", "Images", "Examples, as the network sees them")
_Index = QModelIndex | QPersistentModelIndex
NO_PARENT = QModelIndex()


class ClassTable(QTableView):
    """One row for each class."""

    def __init__(self) -> None:
        super().__init__()
        mark(self, kind="list")
        self._rows = _Rows(self)
        self.setModel(self._rows)
        self.setAccessibleName("Classes")
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setIconSize(QSize(SAMPLES * (SIDE + GAP), SIDE))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(SIDE + SPACE)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def show_summary(self, summary: Summary | None) -> None:
        """Show the classes of this data; none for None."""
        self._rows.show_summary(summary)


class _Rows(QAbstractTableModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._summary: Summary | None = None

    def show_summary(self, summary: Summary | None) -> None:
        self.beginResetModel()
        self._summary = summary
        self.endResetModel()

    def rowCount(self, parent: _Index = NO_PARENT) -> int:
        return 0 if parent.isValid() or self._summary is None else len(self._summary.classes)

    def columnCount(self, parent: _Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(HEADERS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        is_title = orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return HEADERS[section] if is_title else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self._summary is None:
            return None
        row = index.row()
        match index.column(), Qt.ItemDataRole(role):
            case 0, Qt.ItemDataRole.DisplayRole:
                return self._summary.classes[row]
            case 0, Qt.ItemDataRole.ToolTipRole:
                return plain(self._summary.classes[row])
            case 1, Qt.ItemDataRole.DisplayRole:
                return f"{self._summary.counts[row]:,}"
            case 1, Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case 2, Qt.ItemDataRole.DecorationRole:
                return _strip(self._summary.samples[row])
        return None


def _strip(images: NDArray[np.uint8]) -> QPixmap:
    """The images, uint8 (n, side, side, 3), beside one another with gaps that show what is behind."""
    height, width = images.shape[1:3]
    scale = width / SIDE
    gap = round(GAP * scale)
    strip = np.zeros((height, SAMPLES * (width + gap), 4), np.uint8)
    for number, image in enumerate(images):
        left = number * (width + gap)
        strip[:, left : left + width, :3] = image
        strip[:, left : left + width, 3] = 255
    picture = QImage(strip.data, strip.shape[1], height, strip.strides[0], QImage.Format.Format_RGBA8888)
    size = QSize(SAMPLES * (SIDE + GAP), SIDE)
    return QPixmap.fromImage(
        picture.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
    )
