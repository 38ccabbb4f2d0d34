"""How the place of the runs is laid out: the list with its tools above, the comparison below."""

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QSplitter, QVBoxLayout, QWidget

from cnngui.gui.common.actions import Actions, follow
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.settings import Settings
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.runs.filter_line import FilterLine
from cnngui.gui.runs.notes_editor import NotesEditor
from cnngui.gui.runs.rows import RunTableModel
from cnngui.gui.runs.table import RunTable

SHARES = (1, 1)  # of the height, for the list and the comparison, until the user has moved the handle


class RunsView(QWidget):
    """The widgets of the place, without what they do."""

    def __init__(self, rows: RunTableModel) -> None:
        super().__init__()
        # In the order in which Tab is to come to them.
        self.filter_line, self.table, self.notes_editor = FilterLine(), RunTable(rows), NotesEditor()
        self._hint, self._failure = PlainLabel(), PlainLabel()
        self._buttons = QHBoxLayout()
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self._splitter.addWidget(self._lay_out_list())
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(2 * SPACE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        layout.addWidget(self._splitter)

    @property
    def splitter_state(self) -> QByteArray:
        """How the height is divided."""
        return self._splitter.saveState()

    def add_comparison(self, comparison: QWidget, settings: Settings) -> None:
        """Show the comparison below the list, as the user has divided the height."""
        self._splitter.addWidget(comparison)
        for index, share in enumerate(SHARES):
            self._splitter.setStretchFactor(index, share)
        self._splitter.restoreState(settings.runs_splitter)

    def use_run_actions(self, actions: Actions, main: Sequence[str]) -> None:
        """Make a button for each main action, and a menu for the others."""
        menu = QMenu(self)
        for action, made in actions:
            if action.name not in main:
                if action.separated:
                    menu.addSeparator()
                menu.addAction(made)
                continue
            button = QPushButton()
            if action.name == "use":
                mark(button, kind="primary")
            follow(button, made, text=True)
            self._buttons.addWidget(button)
        more = QPushButton("More")
        mark(more, kind="menu")
        more.setToolTip("More that can be done with the selected runs")
        more.setMenu(menu)
        self._buttons.addWidget(more)
        self._buttons.addStretch(1)
        self.open_button = QPushButton("Open a model …")
        self._buttons.addWidget(self.open_button)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def show_hint(self, text: str) -> None:
        """Say how many runs there are, or why there are none."""
        self._hint.setText(text)

    def show_failure(self, text: str) -> None:
        """Say why something failed; "" hides it."""
        self._failure.setText(text or self._failure.text())
        self._failure.setVisible(bool(text))

    def keep_failure(self, is_wanted: bool) -> None:
        """Show the last failure again, if it was beside a name that is no longer edited."""
        self._failure.setVisible(self._failure.isVisible() or is_wanted)

    def _lay_out_list(self) -> QFrame:
        title = PlainLabel("Runs")
        mark(title, role="title")
        mark(self._hint, role="muted")
        mark(self._failure, role="failure")
        for label in (self._hint, self._failure):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setWordWrap(True)
        self._failure.hide()
        self._buttons.setSpacing(SPACE)
        above = QHBoxLayout()
        above.setSpacing(2 * SPACE)
        above.addWidget(title)
        above.addWidget(self._hint, 1)
        above.addWidget(self.filter_line, 2)
        card = QFrame()
        mark(card, kind="card")
        column = QVBoxLayout(card)
        column.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, SPACE + 4)
        column.setSpacing(SPACE)
        column.addLayout(above)
        column.addWidget(self.table, 1)
        column.addWidget(self._failure)
        column.addWidget(self.notes_editor)
        column.addLayout(self._buttons)
        return card
