"""How the place of the classes is laid out: the invitation, or the list of classes beside the pictures of one."""

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from cnngui.core.data.collections.collection import Collection
from cnngui.core.data.collections.shelves import Item
from cnngui.gui.classes.board import ClassBoard
from cnngui.gui.classes.class_list.view import ClassListView
from cnngui.gui.classes.grid.model import Chosen
from cnngui.gui.classes.invitation import ClassesInvitation
from cnngui.gui.classes.side import ClassesSide
from cnngui.gui.common.settings import Settings
from cnngui.gui.common.style import SPACE

WIDTHS = (230, 700)  # pixels, of the list and the pictures at first; the pictures get all that is more


class ClassesView(QWidget):
    """The widgets of the place, and what is chosen in them.

    shown_changed: the pictures of another class are shown. selection_changed: other pictures or classes are selected.
    """

    shown_changed = Signal()
    selection_changed = Signal()

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.invitation, self.side, self.board = ClassesInvitation(), ClassesSide(settings), ClassBoard()
        self._pages = QStackedWidget()
        self._wanted: str | None = None
        self._shown_name = ""  # the class whose pictures are in the grid
        self._row = 0  # of the class that is shown, for when it is gone
        self._lay_out()
        self.class_list.selectionModel().currentChanged.connect(self._class_changed)
        self.class_list.selectionModel().selectionChanged.connect(self.selection_changed)
        self.board.grid.selectionModel().selectionChanged.connect(self.selection_changed)
        self.board.grid.selectionModel().currentChanged.connect(self.selection_changed)

    @property
    def class_list(self) -> ClassListView:
        """The list of classes."""
        return self.side.list_view

    @property
    def is_inviting(self) -> bool:
        """Whether there is no class yet."""
        return self._pages.currentIndex() == 0

    @property
    def shown(self) -> str | None:
        """The class whose pictures are shown, "" for those without one; None while there is none."""
        index = self.class_list.currentIndex()
        return self.side.model.name(index.row()) if index.isValid() and not self.is_inviting else None

    @property
    def chosen(self) -> list[str]:
        """The selected classes."""
        return [] if self.is_inviting or self.isHidden() else self.class_list.chosen

    @property
    def has_selection(self) -> bool:
        """Whether pictures are selected, and can be seen."""
        return not self.is_inviting and not self.isHidden() and self.board.grid.selectionModel().hasSelection()

    @property
    def selected(self) -> Chosen:
        """The selected pictures."""
        return self.board.model.chosen(self.board.grid.selected_rows if self.has_selection else ())

    @property
    def current_item(self) -> Item | None:
        """The picture that the arrow keys start from."""
        index = self.board.grid.currentIndex()
        return self.board.model.item(index.row()) if index.isValid() and not self.is_inviting else None

    def want(self, name: str) -> None:
        """Show this class as soon as it is there."""
        self._wanted = name

    def show_collection(self, collection: Collection | None) -> None:
        """Show its classes and the pictures of the chosen one, or the invitation if there is nothing in it."""
        is_filled = collection is not None and bool(collection.classes or collection.shelves)
        was_named = self._wanted is not None
        self._show_page(1 if is_filled else 0, names_more=was_named)
        if collection is None or not is_filled:
            return
        self.side.model.show(collection)
        name = self._next_shown(collection)
        if self._wanted is not None and name == self._wanted:
            self._wanted = None
        if name != self.shown:
            self.class_list.choose(name)
        self._row = self.class_list.currentIndex().row()
        self._show_class(collection, name)

    def show_reading(self) -> None:
        """Show that the classes are not known yet."""
        self._show_page(1, names_more=False)
        self.board.show_reading()

    def edit_name(self) -> None:
        """Let the user type another name for the class that is shown."""
        if self.shown:
            self.class_list.setFocus()
            self.class_list.edit(self.class_list.currentIndex())

    def focus_new_class(self) -> None:
        """Let the user type the name of a new class."""
        field = self.invitation.field if self.is_inviting else self.side.field
        field.setFocus()
        field.selectAll()

    def focus(self) -> None:
        """Go to where work begins."""
        if self.is_inviting:
            self.invitation.field.setFocus()
        else:
            self.class_list.setFocus()

    def _next_shown(self, collection: Collection) -> str:
        """The class to show: the one that is wanted, or the one that is shown, or the next one if that is gone."""
        shown = self.shown
        for name in (self._wanted, shown):
            if name is not None and name in (*collection.classes, ""):
                return name
        names = (*collection.classes, "")
        return names[min(self._row, max(0, len(names) - 2))]

    def _show_class(self, collection: Collection, name: str) -> None:
        grid, same = self.board.grid, name == self._shown_name
        rows = grid.selected_rows if same else []
        row = rows[0] if rows else max(0, grid.currentIndex().row()) if same else 0
        self._shown_name = name
        if self.board.show_class(collection, name):
            grid.go_on(row, scrolled=same, selects=bool(rows))

    def _show_page(self, page: int, *, names_more: bool) -> None:
        """names_more: whether the user has just named the first class, and the next one is to follow."""
        if page == self._pages.currentIndex():
            return
        had_focus = self.isAncestorOf(self.window().focusWidget() or self)
        self._pages.setCurrentIndex(page)
        if had_focus and names_more:
            self.focus_new_class()
        elif had_focus:
            self.focus()

    @Slot(QModelIndex, QModelIndex)
    def _class_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self._wanted = None
            self.shown_changed.emit()

    def _lay_out(self) -> None:
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(self.side)
        splitter.addWidget(self.board)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(2 * SPACE)
        splitter.setStretchFactor(0, 0)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes(list(WIDTHS))
        self._pages.addWidget(self.invitation)
        self._pages.addWidget(splitter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)
