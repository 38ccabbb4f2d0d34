"""Above the list of pictures: which of them it shows, and in which order."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QComboBox, QPushButton, QVBoxLayout, QWidget

from cnngui.gui.common.search_field import SearchField
from cnngui.gui.common.style import SPACE
from cnngui.gui.common.words import NONE_OF_THESE
from cnngui.gui.predict.pictures.picture import ORDERS, WRONG_FIRST, Arrangement

ALL = "All pictures"
UNREADABLE = "Unreadable"
WRONG = "Misclassified"
MOST_ENTRIES = 20  # of an open box before it scrolls


class ListTools(QWidget):
    """A search field, a filter and an order. changed: the Arrangement that is chosen."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._classes: tuple[str, ...] = ()
        self._labelled = False
        self._cell: Arrangement | None = None  # of the confusion matrix, chosen by a click
        self._order_was_chosen = False  # by the user
        self._name, self._which, self._order = SearchField(), QComboBox(), QComboBox()
        self._all = QPushButton()
        self._lay_out()
        self._fill()
        self._name.textChanged.connect(self._emit)
        self._which.currentIndexChanged.connect(self._emit)
        self._order.currentIndexChanged.connect(self._emit)
        self._order.activated.connect(self._choose_order)
        self._all.clicked.connect(self.show_all)

    @property
    def arrangement(self) -> Arrangement:
        """What is chosen."""
        which: Arrangement = self._which.currentData()
        return replace(which, order=self._order.currentData(), text=self._name.text())

    def offer(self, classes: Sequence[str], *, labelled: bool) -> None:
        """Offer these classes and, if any picture is labelled, what needs labels. Keeps the choice where possible."""
        if (tuple(classes), labelled) != (self._classes, self._labelled):
            cell = self._cell
            if cell is not None and not {cell.truth, cell.label} <= {"", *classes, NONE_OF_THESE}:
                self._cell = None
            self._classes, self._labelled = tuple(classes), labelled
            self._fill()
            self._emit()

    def show_total(self, total: int) -> None:
        """Offer to show all pictures, of which there are so many, while a filter or a search is set."""
        self._all.setText(f"Show all {total:,}")
        self._all.setVisible(self.hides_some)

    @property
    def hides_some(self) -> bool:
        """Whether a filter or a search is set."""
        return not self.arrangement.shows_all

    def choose_unreadable(self) -> None:
        """Show only the unreadable pictures."""
        self._name.clear()
        self._which.setCurrentIndex(_place(self._which, Arrangement(unreadable=True)))

    def choose_cell(self, truth: str, label: str) -> None:
        """Show only the pictures with this label that got this answer, or any if it is ""."""
        self._name.clear()
        self._cell = Arrangement(truth=truth, label=label)
        self._fill()
        self._which.setCurrentIndex(_place(self._which, self._cell))
        self._emit()

    @property
    def order_is_free(self) -> bool:
        """Whether neither the user nor :meth:`show_wrong_first` has chosen an order."""
        return not self._order_was_chosen and self._order.currentIndex() == 0

    def show_wrong_first(self) -> None:
        """Sort misclassified pictures first."""
        self._order.setCurrentIndex(_place(self._order, WRONG_FIRST))

    @Slot()
    def show_all(self) -> None:
        """Clear the filter and the search."""
        self._name.clear()
        self._which.setCurrentIndex(0)

    def reset(self) -> None:
        """Clear the filter, the search and the order."""
        self._cell = None
        self.show_all()
        self._order.setCurrentIndex(0)
        self._order_was_chosen = False

    @Slot()
    def focus_name(self) -> None:
        """Move the focus to the search field."""
        self._name.setFocus()
        self._name.selectAll()

    @Slot()
    def _choose_order(self) -> None:
        self._order_was_chosen = True

    @Slot()
    def _emit(self) -> None:
        self.changed.emit(self.arrangement)

    def _fill(self) -> None:
        which, order = self._which.currentData(), self._order.currentData()
        with QSignalBlocker(self._which), QSignalBlocker(self._order):
            self._which.clear()
            self._which.addItem(ALL, Arrangement())
            for name in (*self._classes, NONE_OF_THESE):
                self._which.addItem(
                    f"Classified as {name}" if name != NONE_OF_THESE else "None of these", Arrangement(label=name)
                )
            self._which.addItem(UNREADABLE, Arrangement(unreadable=True))
            if self._labelled:
                self._which.addItem(WRONG, Arrangement(wrong=True))
            if self._cell is not None:
                truth, label = self._cell.truth, self._cell.label
                self._which.addItem(f"{truth} classified as {label}" if label else f"Labelled {truth}", self._cell)
            self._which.setCurrentIndex(_place(self._which, which))
            self._order.clear()
            for name in ORDERS:
                if self._labelled or name != WRONG_FIRST:
                    self._order.addItem(name, name)
            self._order.setCurrentIndex(_place(self._order, order))

    def _lay_out(self) -> None:
        self._name.setPlaceholderText("Find by name")
        self._name.setToolTip("Show only pictures whose names contain this")
        self._which.setToolTip("Which pictures to show")
        self._order.setToolTip("How to sort them")
        for widget, name in ((self._name, "Find by name"), (self._which, "Show"), (self._order, "Order")):
            widget.setAccessibleName(name)
        for box in (self._which, self._order):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(8)
            box.setMaxVisibleItems(MOST_ENTRIES)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE // 2)
        column.addWidget(self._name)
        column.addWidget(self._which)
        column.addWidget(self._order)
        column.addWidget(self._all)
        self._all.setToolTip("Clear the filter and the search")
        self._all.hide()


def _place(box: QComboBox, value: object) -> int:
    """The index of this value in a box, or 0. QComboBox.findData does not compare Python's values."""
    return next((index for index in range(box.count()) if box.itemData(index) == value), 0)
