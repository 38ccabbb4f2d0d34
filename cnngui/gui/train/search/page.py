"""The page of a search: whose it is, and what has come of it."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cnngui.core.search.following import Seen
from cnngui.gui.common.labels.elided_label import ElidedLabel
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.train.search.follower import Follower
from cnngui.gui.train.search.results.view import SearchResults


class SearchPage(QWidget):
    """The results, and above them the name of the search that is followed, with a button to end that."""

    def __init__(self, follower: Follower) -> None:
        super().__init__()
        self._follower = follower
        self.results = SearchResults()
        self._head, self._title, self._end_button = QWidget(), ElidedLabel(), QPushButton("Follow no more")
        mark(self._title, role="muted")
        self._end_button.setToolTip("Read the search no more; what has come of it stays in view")
        self._end_button.clicked.connect(follower.end)
        row = QHBoxLayout(self._head)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._title, 1)
        row.addWidget(self._end_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addWidget(self._head)
        column.addWidget(self.results, 1)
        follower.changed.connect(self._show)
        self._show()

    def hasHeightForWidth(self) -> bool:
        """No: otherwise Qt takes the preferred height of the plots for their least one, and the window scrolls."""
        return False

    def show_seen(self, seen: Seen) -> None:
        """Show how the search stands."""
        self.results.show_standing(seen.standing, seen.importances)

    @Slot()
    def _show(self) -> None:
        self._head.setVisible(bool(self._follower.title))
        self._title.setText(f"Following {self._follower.title}")
