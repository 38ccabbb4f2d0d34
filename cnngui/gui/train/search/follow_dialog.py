"""Asks which search to follow: one in a folder, or one on a server."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cnngui.core.search.storage import Place
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.search_field import text_field
from cnngui.gui.common.settings import Settings
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.common.switches import Switches
from cnngui.gui.common.words import plain
from cnngui.gui.train.search.finder import SearchFinder
from cnngui.gui.train.search.rows import rows

FOLDER, SERVER = range(2)
LIST_HEIGHT = 130  # pixels, at least


class FollowDialog(QDialog):
    """Calls ``take`` with a folder, or with a place and the name of a search there, once it is accepted."""

    def __init__(
        self, settings: Settings, take: Callable[[Path | tuple[Place, str]], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._settings, self._take = settings, take
        self._finder = SearchFinder(self)
        self.kind = Switches("Where the search is", ("In a folder", "On a server"), ("On this computer", "PostgreSQL"))
        self.folder = text_field("Folder", "The folder that a search has made")
        self.address = text_field("Address", "Such as postgresql://host/database")
        self.user = text_field("User", "Leave it empty if the address has it")
        self.password = text_field("Password", "In memory alone. Leave it empty if it is in PGPASSWORD or ~/.pgpass")
        self.list_button, self.searches, self._text = QPushButton("List the searches"), QListWidget(), PlainLabel()
        self._folder_part, self._server_part = QWidget(), QWidget()
        self._lay_out()
        self.kind.chosen.connect(self._show)
        self.list_button.clicked.connect(self._ask)
        self._finder.changed.connect(self._list)
        self.folder.textChanged.connect(self._show)
        self.searches.currentRowChanged.connect(self._show)
        self.searches.itemActivated.connect(self.accept)
        self.finished.connect(self._finder.stop)
        self.accepted.connect(self._follow)
        self._show()
        self.folder.setFocus()

    @Slot()
    def _show(self) -> None:
        is_server = self.kind.current == SERVER
        self._folder_part.setVisible(not is_server)
        self._server_part.setVisible(is_server)
        can_follow = self.searches.currentRow() >= 0 if is_server else bool(self.folder.text().strip())
        self._follow_button.setEnabled(can_follow)
        self.adjustSize()

    @Slot()
    def _ask(self) -> None:
        self._finder.ask(self.address.text().strip(), self.user.text().strip(), self.password.text())

    @Slot()
    def _list(self) -> None:
        finder = self._finder
        self.list_button.setEnabled(not finder.is_asking)
        self._text.setText("Asking the server …" if finder.is_asking else finder.problem)
        mark(self._text, role="muted" if finder.is_asking else "failure")
        self._text.setVisible(bool(self._text.text()))
        self.searches.clear()
        if finder.place is not None:
            self._settings.search_server = finder.place.shown
        for each in finder.searches:
            began = f"{each.began:%Y-%m-%d %H:%M}" if each.began else "not begun"
            self.searches.addItem("  ·  ".join(part for part in (each.name, each.data, began) if part))
            self.searches.item(self.searches.count() - 1).setToolTip(plain(each.name))
        if finder.searches:
            self.searches.setCurrentRow(0)
            self.searches.setFocus()
        self._show()

    @Slot()
    def _choose_folder(self) -> None:
        start = self.folder.text() or str(self._settings.search_folder or "")
        name = QFileDialog.getExistingDirectory(self, "Choose the folder of a search", start)
        if name:
            self.folder.setText(name)

    @Slot()
    def _follow(self) -> None:
        if self.kind.current == FOLDER:
            self._take(Path(self.folder.text().strip()))
        elif self._finder.place is not None and self.searches.currentRow() >= 0:
            self._take((self._finder.place, self._finder.searches[self.searches.currentRow()].name))

    # The layout

    def _lay_out(self) -> None:
        self.setWindowTitle("Follow a search")
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.address.setText(self._settings.search_server)
        self.address.setPlaceholderText("postgresql://host/database")
        self.searches.setAccessibleName("Searches on the server")
        self.searches.setMinimumHeight(LIST_HEIGHT)
        self.searches.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # long names are shortened
        mark(self.searches, kind="classes")
        self._text.setWordWrap(True)
        self._text.hide()
        buttons = QDialogButtonBox()
        self._follow_button = buttons.addButton("Follow", QDialogButtonBox.ButtonRole.AcceptRole)
        mark(self._follow_button, kind="primary")
        buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.list_button.setAutoDefault(False)
        self._fill_folder_part()
        self._fill_server_part()
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        column.setSpacing(SPACE)
        column.addWidget(self.kind, 0, Qt.AlignmentFlag.AlignLeft)
        for widget in (self._folder_part, self._server_part):
            column.addWidget(widget)
        column.addStretch(1)
        column.addWidget(buttons)
        self.setMinimumWidth(480)

    def _fill_folder_part(self) -> None:
        choose = QPushButton("Choose …")
        choose.setAutoDefault(False)
        choose.clicked.connect(self._choose_folder)
        row = QHBoxLayout(self._folder_part)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.folder, 1)
        row.addWidget(choose)

    def _fill_server_part(self) -> None:
        column = QVBoxLayout(self._server_part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addLayout(rows({"&Address": self.address, "&User": self.user, "&Password": self.password}))
        column.addWidget(self.list_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._text)
        column.addWidget(self.searches)
