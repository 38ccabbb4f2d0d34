"""Which picture of the list is in view."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QObject, Signal, Slot

from cnngui.gui.predict.pictures.list_model import PictureListModel
from cnngui.gui.predict.pictures.list_view import PictureListView
from cnngui.gui.predict.pictures.picture import Picture


class PictureInView(QObject):
    """Keeps one picture in view: the one that was chosen or, after :meth:`follow_first`, whichever is in the first row.

    number: of the picture in view, or None.
    changed: the list's current row has changed, by the user or by :meth:`settle`.
    """

    changed = Signal()

    def __init__(self, pictures: PictureListModel, view: PictureListView) -> None:
        super().__init__(view)
        self.number: int | None = None
        self._pictures, self._view = pictures, view
        self._follows_first = False
        self._is_settling = False
        view.selectionModel().currentChanged.connect(self._current_changed)
        view.clicked.connect(self.stay)  # a click on the current row changes no row, but chooses all the same

    @property
    def picture(self) -> Picture | None:
        """The picture in view, or None."""
        row = None if self.number is None else self._pictures.row(self.number)
        return None if row is None else self._pictures.picture(row)

    def choose(self, number: int) -> None:
        """Bring the picture with this number into view at the next :meth:`settle`."""
        self.number, self._follows_first = number, False

    def follow_first(self) -> None:
        """Keep the first row in view, whichever picture that is, until the user chooses one."""
        self._follows_first = True

    @Slot()
    def stay(self) -> None:
        """Keep the picture that is in view now, even if another one moves into the first row."""
        self._follows_first = False

    def settle(self) -> Picture | None:
        """Make the row of the picture in view the current one: the first row if the picture is no longer shown.

        Returns the picture, or None if the list shows none.
        """
        chosen = None if self.number is None or self._follows_first else self._pictures.row(self.number)
        if not self._pictures.rowCount():
            self.number = None
            return None
        row = chosen or 0
        index = self._pictures.index(row)
        if self._view.currentIndex() != index:
            self._is_settling = True
            # Not the view's setCurrentIndex, which extends the selection while Ctrl is held, as it is for Ctrl+V.
            self._view.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self._is_settling = False
            self._view.scrollTo(index)
        picture = self._pictures.picture(row)
        self.number = picture.number
        return picture

    @Slot(QModelIndex, QModelIndex)
    def _current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self._follows_first &= self._is_settling
            self.number = self._pictures.picture(current.row()).number
            self.changed.emit()
