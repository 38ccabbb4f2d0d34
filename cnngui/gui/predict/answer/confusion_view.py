"""How good the answers to the labelled pictures are: the confusion matrix and the reliability diagram.

The matrix says how many pictures of each class got each answer. Its cells can be clicked.
"""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QPushButton,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.style import SPACE, colors, mark
from cnngui.gui.common.switches import Switches
from cnngui.gui.common.words import percent
from cnngui.gui.predict.answer.confusion_model import ConfusionModel
from cnngui.gui.predict.answer.reliability_view import ReliabilityView
from cnngui.gui.predict.pictures.tally import Tally

TITLES = ("Confusion matrix", "Reliability")
TIPS = ("Which classes are taken for which", "How often answers of a certain confidence are right")
LETTERS = 18  # of a name, at most; a longer one is shortened


class UprightHeader(QHeaderView):
    """A header with upright names, so that many columns fit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)

    def sectionSizeFromContents(self, section: int) -> QSize:
        """High enough for the longest name, within reason."""
        metrics = self.fontMetrics()
        longest = max((metrics.horizontalAdvance(self._name(number)) for number in range(self.count())), default=0)
        return QSize(metrics.height() + SPACE, min(longest, LETTERS * metrics.averageCharWidth()) + 2 * SPACE)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Draw the name from bottom to top."""
        room = rect.height() - SPACE
        text = self.fontMetrics().elidedText(self._name(section), Qt.TextElideMode.ElideMiddle, room)
        painter.save()
        painter.setPen(QColor(colors().muted))
        painter.translate(rect.bottomLeft())
        painter.rotate(-90)
        upright = QRect(SPACE, 0, room, rect.width())
        painter.drawText(upright, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()

    def _name(self, section: int) -> str:
        return str(self.model().headerData(section, Qt.Orientation.Horizontal))


class UprightLabel(PlainLabel):
    """A line of text from bottom to top."""

    def sizeHint(self) -> QSize:
        """That of the text, turned."""
        return super().sizeHint().transposed()

    def minimumSizeHint(self) -> QSize:
        """High enough for the whole text."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the text in the middle."""
        painter = QPainter(self)
        painter.translate(0, self.height())
        painter.rotate(-90)
        painter.drawText(QRect(0, 0, self.height(), self.width()), Qt.AlignmentFlag.AlignCenter, self.text())


class ConfusionView(QFrame):
    """The accuracy, the matrix and the diagram.

    chosen: the true class and the answer of a cell that was clicked; the answer is "" for all of them.
    closed: the user wants to go back to the list.
    """

    chosen = Signal(str, str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, kind="card")
        self.model = ConfusionModel(self)
        self._accuracy, self._hint = PlainLabel(), PlainLabel()
        self._save, self._back = QPushButton("Save"), QPushButton("Back to the list")
        self._pages = QStackedWidget()
        self.tabs = Switches("Pages", TITLES, TIPS)
        self.tabs.chosen.connect(self._pages.setCurrentIndex)
        self.table, self.reliability = QTableView(), ReliabilityView()
        self._matrix_text = ""
        self._lay_out()
        self._pages.currentChanged.connect(self._show_hint)
        self.table.clicked.connect(self._choose)
        self.table.activated.connect(self._choose)
        self._back.clicked.connect(self.closed)

    def use_actions(self, actions: Sequence[QAction]) -> None:
        """Offer these in the menu of the Save button."""
        self._save.menu().addActions(actions)

    def show_tally(self, tally: Tally, classes: Sequence[str]) -> None:
        """Show these counts."""
        share = percent(tally.correct / tally.answered, 1) if tally.answered else "–"
        self._accuracy.setText(f"{share} correct")
        self._matrix_text = (
            f"{tally.correct:,} of {tally.answered:,} labelled pictures. Click a cell to see its pictures. "
            "“None of these” counts as wrong."
        )
        self.model.show(tally.cells, classes)
        self.reliability.show_bins(tally.reliability)
        self._show_hint()

    @Slot()
    def _show_hint(self) -> None:
        shows_matrix = self._pages.currentWidget() is not self.reliability
        self._hint.setText(self._matrix_text if shows_matrix else self.reliability.sentence)

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        if index.data():
            self.chosen.emit(*self.model.cell(index))

    def _lay_out(self) -> None:
        mark(self._accuracy, role="winner")
        mark(self._hint, role="muted")
        self._hint.setWordWrap(True)
        mark(self._save, kind="menu")
        self._save.setMenu(QMenu(self._save))
        self._save.setToolTip("Save the confusion matrix")
        self._back.setToolTip("Show the picture in view and its answer")
        self._lay_out_table()
        answer, true_class = PlainLabel("Answer"), UprightLabel("True class")
        for title in (answer, true_class):
            mark(title, role="strong")
        matrix = QWidget()
        grid = QGridLayout(matrix)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(SPACE // 2)
        grid.addWidget(answer, 0, 1, Qt.AlignmentFlag.AlignHCenter)
        grid.addWidget(true_class, 1, 0)
        grid.addWidget(self.table, 1, 1)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(1, 1)
        top = QHBoxLayout()
        top.setSpacing(SPACE)
        top.addWidget(self._accuracy, 1)
        top.addWidget(self._save)
        top.addWidget(self._back)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * SPACE, 2 * SPACE, 3 * SPACE, 2 * SPACE)
        layout.setSpacing(SPACE)
        layout.addLayout(top)
        for page in (matrix, self.reliability):
            self._pages.addWidget(page)
        layout.addWidget(self.tabs, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._hint)
        layout.addWidget(self._pages, 1)

    def _lay_out_table(self) -> None:
        mark(self.table, kind="matrix")
        self.table.setModel(self.model)
        self.table.setHorizontalHeader(UprightHeader(self.table))
        metrics = self.fontMetrics()
        for header, least in (
            (self.table.horizontalHeader(), metrics.horizontalAdvance("1,000") + SPACE // 2),
            (self.table.verticalHeader(), metrics.height() + SPACE // 2),
        ):
            header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
            header.setMinimumSectionSize(least)
        self.table.verticalHeader().setMaximumWidth(LETTERS * metrics.averageCharWidth() + 2 * SPACE)
        self.table.verticalHeader().setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.table.setCornerButtonEnabled(False)
        self.table.setTabKeyNavigation(False)  # Tab leaves the table; the arrow keys move inside it
        self.table.setAccessibleName("Confusion matrix")
