"""The confusion matrix: how many pictures with each label got each answer. Its cells can be clicked."""

from collections.abc import Mapping, Sequence

import numpy as np
from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QFrame, QHeaderView, QLabel, QTableView, QVBoxLayout, QWidget

from cnngui.gui.common.style import SPACE, colors, mark
from cnngui.gui.common.words import NONE_OF_THESE, percent, plain
from cnngui.gui.predict.pictures.tally import MatrixCell, Tally

Index = QModelIndex | QPersistentModelIndex
STRONGEST = 0.6  # opacity of a colour: the numbers on it stay legible
LONGEST_NAME = 140  # pixels


class ConfusionModel(QAbstractTableModel):
    """A row for each label and a column for each answer that occurs, in the order of the classes."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.labels: list[str] = []
        self.answers: list[str] = []
        self._counts = np.zeros((0, 0), np.int64)
        self._totals = np.zeros(0, np.int64)

    def show(self, cells: Mapping[MatrixCell, int], classes: Sequence[str]) -> None:
        """Show these counts."""
        met = {cell: count for cell, count in cells.items() if count}
        labels = [name for name in classes if any(truth == name for truth, _ in met)]
        named = {answer for _, answer in met} | set(labels)
        answers = [name for name in (*classes, NONE_OF_THESE) if name in named]
        is_new = (labels, answers) != (self.labels, self.answers)
        if is_new:
            self.beginResetModel()
        self.labels, self.answers = labels, answers
        self._counts = np.array([[met.get((label, answer), 0) for answer in answers] for label in labels])
        self._counts = self._counts.reshape(len(labels), len(answers))
        self._totals = self._counts.sum(1)
        if is_new:
            self.endResetModel()
        elif labels:
            self.dataChanged.emit(self.index(0, 0), self.index(len(labels) - 1, len(answers) - 1))

    def rowCount(self, parent: Index | None = None) -> int:
        """How many labels occur."""
        return 0 if parent is not None and parent.isValid() else len(self.labels)

    def columnCount(self, parent: Index | None = None) -> int:
        """How many answers occur."""
        return 0 if parent is not None and parent.isValid() else len(self.answers)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The count, what it means, and a colour whose opacity grows with the square root of its share of the row."""
        if not index.isValid():
            return None
        label, answer = self.labels[index.row()], self.answers[index.column()]
        count, total = int(self._counts[index.row(), index.column()]), int(self._totals[index.row()])
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return f"{count:,}" if count else ""
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{count:,} of {total:,} pictures labelled “{label}” are classified as “{answer}”"
            case Qt.ItemDataRole.ToolTipRole:
                return plain(str(self.data(index, Qt.ItemDataRole.AccessibleTextRole)))
            case Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignCenter
            case Qt.ItemDataRole.BackgroundRole:
                color = QColor(colors().good if label == answer else colors().error)
                color.setAlphaF(STRONGEST * (count / total) ** 0.5 if total else 0.0)
                return color
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The label or the answer."""
        name = (self.answers if orientation == Qt.Orientation.Horizontal else self.labels)[section]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return name
            case Qt.ItemDataRole.ToolTipRole:
                return plain(name)
        return None


class UprightHeader(QHeaderView):
    """A header with upright names, so that many columns fit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)

    def sectionSizeFromContents(self, section: int) -> QSize:
        """High enough for the longest name, within reason."""
        names = [self._name(number) for number in range(self.count())]
        longest = max((self.fontMetrics().horizontalAdvance(name) for name in names), default=0)
        return QSize(self.fontMetrics().height() + SPACE, min(longest, LONGEST_NAME) + 2 * SPACE)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Draw the name from bottom to top."""
        room = rect.height() - SPACE
        text = self.fontMetrics().elidedText(self._name(section), Qt.TextElideMode.ElideRight, room)
        painter.save()
        painter.setPen(QColor(colors().muted))
        painter.translate(rect.bottomLeft())
        painter.rotate(-90)
        upright = QRect(SPACE, 0, room, rect.width())
        painter.drawText(upright, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()

    def _name(self, section: int) -> str:
        return str(self.model().headerData(section, Qt.Orientation.Horizontal))


class ConfusionView(QFrame):
    """The accuracy and the matrix. chosen: the label and the answer of a cell that was clicked."""

    chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, kind="card")
        self.model = ConfusionModel(self)
        self._accuracy, self._hint = QLabel(), QLabel()
        self.table = QTableView()
        self._lay_out()
        self.table.clicked.connect(self._choose)
        self.table.activated.connect(self._choose)

    def show_tally(self, tally: Tally, classes: Sequence[str]) -> None:
        """Show these counts."""
        share = percent(tally.correct / tally.answered, 1) if tally.answered else "–"
        self._accuracy.setText(f"{share} correct")
        self._hint.setText(
            f"{tally.correct:,} of {tally.answered:,} labelled pictures. "
            "Rows are labels, columns are answers. Click a cell to see its pictures. "
            "“None of these” counts as wrong."
        )
        self.model.show(tally.cells, classes)

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        if index.data():
            self.chosen.emit(self.model.labels[index.row()], self.model.answers[index.column()])

    def _lay_out(self) -> None:
        mark(self._accuracy, role="winner")
        mark(self._hint, role="muted")
        self._hint.setWordWrap(True)
        mark(self.table, kind="matrix")
        self.table.setModel(self.model)
        self.table.setHorizontalHeader(UprightHeader(self.table))
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.horizontalHeader().setMinimumSectionSize(34)
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.verticalHeader().setMinimumSectionSize(22)
        self.table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.table.setCornerButtonEnabled(False)
        self.table.setTabKeyNavigation(False)  # Tab leaves the table; the arrow keys move inside it
        self.table.setAccessibleName("Confusion matrix")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * SPACE, 2 * SPACE, 3 * SPACE, 2 * SPACE)
        layout.setSpacing(SPACE)
        layout.addWidget(self._accuracy)
        layout.addWidget(self._hint)
        layout.addWidget(self.table, 1)
