"""Which picture of the list is in view."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QObject, Signal, Slot

from cnngui.gui.predict.pictures.list_model import PictureListModel
from cnngui.gui.predict.pictures.list_view import PictureListView
from cnngui.gui.predict.pictures.picture import Picture


class PictureInView(QObject):
    """The one that was chosen; or that of the first row, whichever it is, until somebody chooses.

    number: of the picture in view; None where there is none.
    changed: another row of the list is the current one, chosen by a person or the program.
    """

    changed = Signal()

    def __init__(self, pictures: PictureListModel, view: PictureListView) -> None:
        super().__init__(view)
        self.number: int | None = None
        self._pictures, self._view = pictures, view
        self._follows_first = False
        self._is_choosing = False  # whether it is the program that makes a row the current one
        view.selectionModel().currentChanged.connect(self._current_changed)

    def choose(self, number: int) -> None:
        """The picture with this number is in view from the next :meth:`settle` on."""
        self.number, self._follows_first = number, False

    def follow_first(self) -> None:
        """That of the first row is, whichever it is, until somebody chooses."""
        self._follows_first = True

    def stay(self) -> None:
        """The one in view remains it, also where another comes into its row."""
        self._follows_first = False

    def settle(self) -> Picture | None:
        """The picture in view, its row brought into the list's; the first where it is not shown any more."""
        chosen = None if self.number is None or self._follows_first else self._pictures.row(self.number)
        if not self._pictures.rowCount():
            self.number = None
            return None
        row = chosen or 0
        index = self._pictures.index(row)
        if self._view.currentIndex() != index:
            self._is_choosing = True
            # Not the view's own: while Ctrl is held, as in Ctrl+V, that adds to what is selected.
            self._view.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self._is_choosing = False
            self._view.scrollTo(index)
        picture = self._pictures.picture(row)
        self.number = picture.number
        return picture

    @Slot(QModelIndex, QModelIndex)
    def _current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self._follows_first &= self._is_choosing
            self.number = self._pictures.picture(current.row()).number
            self.changed.emit()
