"""Above the list of runs: which of them it shows."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QWidget

from cnngui.core.runs.library import ListedRun
from cnngui.gui.common.search_field import SearchField
from cnngui.gui.common.style import SPACE
from cnngui.gui.runs.filter import RunFilter, Which

ANY_TAG = "Any tag"


class FilterLine(QWidget):
    """A search field and two choices. changed: the RunFilter that is chosen."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text, self._which, self._tag = SearchField(), QComboBox(), QComboBox()
        self._all = QPushButton("Show all")
        self._lay_out()
        self._text.textChanged.connect(self._emit)
        self._which.currentIndexChanged.connect(self._emit)
        self._tag.currentIndexChanged.connect(self._emit)
        self._all.clicked.connect(self.show_all)

    @property
    def filter(self) -> RunFilter:
        """What is chosen."""
        return RunFilter(self._text.text(), Which(self._which.currentText()), self._tag.currentData() or "")

    def offer(self, runs: Sequence[ListedRun], shown: int) -> None:
        """Offer the tags of these runs, and to show all of them where some are hidden."""
        tags = sorted({tag for run in runs for tag in run.notes.tags}, key=str.casefold)
        if tags != [self._tag.itemData(index) for index in range(1, self._tag.count())]:
            chosen = self._tag.currentData()
            with QSignalBlocker(self._tag):
                self._tag.clear()
                self._tag.addItem(ANY_TAG, "")
                for tag in tags:
                    self._tag.addItem(tag, tag)
                self._tag.setCurrentIndex(max(0, self._tag.findData(chosen)))
        self._tag.setVisible(bool(tags))
        self._all.setText(f"{shown:,} of {len(runs):,} shown  ·  Show all")
        self._all.setVisible(shown < len(runs))

    @Slot()
    def show_all(self) -> None:
        """Hide nothing."""
        with QSignalBlocker(self._text), QSignalBlocker(self._tag), QSignalBlocker(self._which):
            self._text.clear()
            self._tag.setCurrentIndex(0)
            self._which.setCurrentText(Which.ALL)
        self._emit()

    def search(self) -> None:
        """Let the user type."""
        self._text.setFocus()
        self._text.selectAll()

    @Slot()
    def _emit(self) -> None:
        self.changed.emit(self.filter)

    def _lay_out(self) -> None:
        self._text.setPlaceholderText("Search names, searches, data, recipes, tags and notes")
        self._text.setAccessibleName("Search the runs")
        self._which.addItems([which.value for which in Which])
        self._which.setAccessibleName("Active or archived runs, or trials of searches")
        self._tag.addItem(ANY_TAG, "")
        self._tag.setAccessibleName("Tag")
        self._all.setToolTip("Hide no run")
        self._all.hide()
        self._tag.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE)
        row.addWidget(self._text, 1)
        for part in (self._which, self._tag, self._all):
            row.addWidget(part)
