"""The confusion matrix as Qt's tables see it."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from cnngui.core.answers.answer_files import Matrix
from cnngui.gui.common.style import Colors, colors
from cnngui.gui.common.words import NONE_OF_THESE, percent, plain
from cnngui.gui.predict.pictures.tally import MatrixCell

Index = QModelIndex | QPersistentModelIndex
STRONGEST = 0.6  # opacity of a colour: the numbers on it stay legible
CORRECT = "correct"  # the title of the last column


class ConfusionModel(QAbstractTableModel):
    """A row for each true class and a column for each answer that occurs, in the order of the classes.

    The last column is the accuracy of the row's pictures.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.matrix = Matrix((), (), ())

    @property
    def labels(self) -> tuple[str, ...]:
        """The true classes: the rows."""
        return self.matrix.labels

    @property
    def answers(self) -> tuple[str, ...]:
        """The answers: the columns, except the last."""
        return self.matrix.answers

    def show(self, cells: Mapping[MatrixCell, int], classes: Sequence[str]) -> None:
        """Show these counts."""
        matrix = matrix_of(cells, classes)
        is_new = (matrix.labels, matrix.answers) != (self.labels, self.answers)
        if is_new:
            self.beginResetModel()
        self.matrix = matrix
        if is_new:
            self.endResetModel()
        elif self.labels:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.labels) - 1, len(self.answers)))

    def cell(self, index: Index) -> MatrixCell:
        """The true class, and the answer, or "" in the last column."""
        return self.labels[index.row()], "" if self._is_last(index) else self.answers[index.column()]

    def rowCount(self, parent: Index | None = None) -> int:
        """How many true classes occur."""
        return 0 if parent is not None and parent.isValid() else len(self.labels)

    def columnCount(self, parent: Index | None = None) -> int:
        """How many answers occur, and one."""
        return 0 if (parent is not None and parent.isValid()) or not self.answers else len(self.answers) + 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The count or the accuracy, what it means, and the colour of a count."""
        if not index.isValid():
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return (
                    self._accuracy(index)
                    if self._is_last(index)
                    else f"{count:,}"
                    if (count := self._count(index))
                    else ""
                )
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._sentence(index)
            case Qt.ItemDataRole.ToolTipRole:
                return plain(self._sentence(index))
            case Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignCenter
            case Qt.ItemDataRole.BackgroundRole:
                return None if self._is_last(index) else shade(self.matrix, index.row(), index.column(), colors())
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The true class, the answer, or the last column's title."""
        name = (*self.answers, CORRECT)[section] if orientation == Qt.Orientation.Horizontal else self.labels[section]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return name
            case Qt.ItemDataRole.ToolTipRole:
                return plain(name)
        return None

    def _is_last(self, index: Index) -> bool:
        return index.column() == len(self.answers)

    def _count(self, index: Index) -> int:
        return self.matrix.counts[index.row()][index.column()]

    def _accuracy(self, index: Index) -> str:
        return percent(self.matrix.correct(index.row()))

    def _sentence(self, index: Index) -> str:
        label, answer = self.cell(index)
        total = sum(self.matrix.counts[index.row()])
        if not answer:
            return f"{self._accuracy(index)} of {total:,} pictures of “{label}” are classified correctly"
        return f"{self._count(index):,} of {total:,} pictures of “{label}” are classified as “{answer}”"


def matrix_of(cells: Mapping[MatrixCell, int], classes: Sequence[str]) -> Matrix:
    """The matrix of these counts, with the classes that occur."""
    met = {cell: count for cell, count in cells.items() if count}
    true = {truth for truth, _ in met}
    named = {answer for _, answer in met} | true
    labels = tuple(name for name in classes if name in true)
    answers = tuple(name for name in (*classes, NONE_OF_THESE) if name in named)
    return Matrix(labels, answers, tuple(tuple(met.get((label, name), 0) for name in answers) for label in labels))


def shade(matrix: Matrix, row: int, column: int, chosen: Colors) -> QColor:
    """A cell's colour, whose opacity grows with the square root of its share of the row."""
    is_right = matrix.labels[row] == matrix.answers[column]
    color = QColor(chosen.good if is_right else chosen.error)
    color.setAlphaF(STRONGEST * (matrix.counts[row][column] / sum(matrix.counts[row])) ** 0.5)
    return color
