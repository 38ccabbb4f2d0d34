"""The list of pictures, as Qt's views see it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QPixmap

from cnngui.core.answers.prediction import Prediction
from cnngui.gui.common.local_files import urls_of
from cnngui.gui.common.pictures.thumbnails import Thumbnails
from cnngui.gui.common.words import plain
from cnngui.gui.predict.pictures.picture import Arrangement, Picture
from cnngui.gui.predict.pictures.store import PictureStore
from cnngui.gui.predict.pictures.tally import Tally

CHANGED = 300  # pictures changed in one go: a few milliseconds
AT_ONCE = 1000  # in a longer list, new pictures are sorted in later
REARRANGE_MS = 500  # how soon answers, and pictures new to a long list, are sorted in

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Added:
    """What has become of pictures that were added.

    pictures: those of the list that they are now, each once. new: how many were not there. is_anew: whether any that
    was there is to be looked at anew.
    """

    pictures: list[Picture]
    new: int
    is_anew: bool


class PictureListModel(QAbstractListModel):
    """All pictures; the rows are those that the arrangement shows, in its order.

    changed: some pending changes have been made (see :class:`PictureStore`).
    """

    changed = Signal()
    PictureRole = Qt.ItemDataRole.UserRole

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.thumbnails = Thumbnails(self)
        self.arrangement = Arrangement()
        self.store = PictureStore()
        self._shown: list[int] = []  # the numbers of the rows
        self._rows: dict[int, int] = {}
        self._changing = QTimer(self, singleShot=True, interval=0)
        self._changing.timeout.connect(self._change_some)
        self._timer = QTimer(self, singleShot=True, interval=REARRANGE_MS)
        self._timer.timeout.connect(self._rearrange)

    @property
    def pictures(self) -> list[Picture]:
        """All pictures, shown or not, in the order in which they were added."""
        return self.store.pictures

    @property
    def total(self) -> int:
        """How many pictures there are, shown or not."""
        return len(self.store)

    @property
    def tally(self) -> Tally:
        """The counts of all pictures, shown or not."""
        return self.store.tally

    # Rows

    def rowCount(self, parent: Index | None = None) -> int:
        """How many pictures are shown."""
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def picture(self, row: int) -> Picture:
        """The picture in this row, from 0."""
        return self.store[self._shown[row]]

    def row(self, number: int) -> int | None:
        """The row of the picture with this number, or None if it is not shown."""
        return self._rows.get(number)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The name, the thumbnail, or the Picture itself (PictureRole)."""
        if not index.isValid():
            return None
        picture = self.picture(index.row())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return picture.name
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{picture.name}: {picture.summary}"
            case Qt.ItemDataRole.ToolTipRole:
                where = str(picture.path or picture.name)
                return plain("\n".join(filter(None, (where, picture.summary, picture.details))))
            case Qt.ItemDataRole.DecorationRole:
                return self.thumbnail(picture)
            case self.PictureRole:
                return picture
        return None

    def thumbnail(self, picture: Picture) -> QPixmap:
        """A small version of the picture; null until it has been read, or if it is unreadable."""
        return self.thumbnails.get(picture.number, picture.source)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Rows can be dragged out of the window."""
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled

    def mimeTypes(self) -> list[str]:
        """The formats of a dragged row."""
        return ["text/uri-list"]

    def mimeData(self, indexes: Sequence[Any]) -> QMimeData:
        """The files of these rows; pictures without a file are left out."""
        paths = [picture.path for index in indexes if (picture := self.picture(index.row()))]
        mime = QMimeData()
        mime.setUrls(urls_of(path for path in paths if path is not None))
        return mime

    # Changing

    def add(self, pictures: Sequence[Picture]) -> Added:
        """Add pictures to the list. One whose file is there already changes that picture, if it changes anything."""
        there, new, changed, is_anew = dict[int, Picture](), list[Picture](), list[int](), False
        for picture in pictures:
            before = self.store.same_file(picture)
            after = picture if before is None else before.met_again(picture)
            there[after.number] = after
            if before is None:
                new.append(after)
            elif before.is_outdated(picture):
                is_anew = True
                self.thumbnails.forget(after.number)
            if after is not before:
                self.store.put(after)
                changed.append(after.number)
        self._show_added(new)
        self._tell_views(changed)
        return Added(list(there.values()), len(new), is_anew)

    def _show_added(self, pictures: Sequence[Picture]) -> None:
        if self.arrangement != Arrangement() and self.total <= AT_ONCE:
            self._rearrange()
            return
        self._rearrange_soon()
        new = [picture.number for picture in pictures if self.arrangement.shows(picture)]
        if not new:
            return
        first = len(self._shown)
        self.beginInsertRows(QModelIndex(), first, first + len(new) - 1)
        self._shown += new
        self._rows.update(zip(new, range(first, len(self._shown)), strict=True))
        self.endInsertRows()

    def answer(self, predictions: Mapping[int, Prediction]) -> None:
        """Store answers, by picture number. Ignores pictures that have been removed since."""
        there = {number: prediction for number, prediction in predictions.items() if number in self.store}
        for number, prediction in there.items():
            self.store.put(self.store[number].answered(prediction))
        self._tell_views(there)
        self._rearrange_soon()

    def ask_anew(self, classes: Sequence[str], numbers: Iterable[int] | None = None) -> None:
        """Let pictures wait again, labelled by folders that are named after these classes.

        numbers: which pictures; all by default.
        """
        chosen = self.store.numbers if numbers is None else numbers
        self.store.change(chosen, lambda picture: picture.among(classes).answered(None))
        self._change_some()

    def cancel_waiting(self) -> list[Picture]:
        """Remove waiting pictures; keep those that another model has answered, marked as cancelled.

        Returns those that were removed.
        """
        waiting = self.store.waiting_or_pending
        unanswered = {picture.number for picture in waiting if picture.waits and not picture.was_answered}
        removed = self.remove(sorted(unanswered))
        kept = [picture.number for picture in waiting if picture.number not in unanswered]
        self.store.change(kept, lambda picture: picture.cancelled() if picture.waits else picture)
        self._change_some()
        return removed

    def remove(self, numbers: Iterable[int]) -> list[Picture]:
        """Remove pictures by number. Returns those that were in the list."""
        removed = []
        for number in numbers:
            if number in self.store:
                removed.append(self.store.pop(number))
                self.thumbnails.forget(number)
        self._rearrange()
        return removed

    def clear(self) -> list[Picture]:
        """Remove and return all pictures."""
        return self.remove(self.store.numbers)

    def restore(self, pictures: Sequence[Picture]) -> list[Picture]:
        """Put removed pictures back in their places, and return them, without those whose file is there again."""
        restored = [picture for picture in pictures if self.store.same_file(picture) is None]
        for picture in restored:
            self.store.put(picture)
        self.store.sort()
        self._rearrange()
        return restored

    def arrange(self, arrangement: Arrangement) -> None:
        """Show other pictures, or in another order."""
        self.arrangement = arrangement
        self._rearrange()

    @Slot()
    def _change_some(self) -> None:
        changed = self.store.make_changes(CHANGED)
        self._tell_views(changed)
        if changed:
            self._rearrange_soon()
        if self.store.is_changing:
            self._changing.start()
        self.changed.emit()

    def _tell_views(self, numbers: Iterable[int]) -> None:
        """Have the views redraw these pictures. One signal covers all rows from the first to the last of them."""
        rows = [self._rows[number] for number in numbers if number in self._rows]
        if rows:
            self.dataChanged.emit(self.index(min(rows)), self.index(max(rows)))

    def _rearrange_soon(self) -> None:
        if self.arrangement != Arrangement() and not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _rearrange(self) -> None:
        shown = [picture.number for picture in self.arrangement.of(self.store.pictures)]
        if shown == self._shown:
            return
        # Not a reset, which would make the views forget the selection and the scroll position.
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        numbers = [self._shown[index.row()] for index in before]
        self._shown = shown
        self._rows = {number: row for row, number in enumerate(shown)}
        after = [
            self.index(row) if (row := self._rows.get(number)) is not None else QModelIndex() for number in numbers
        ]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()
