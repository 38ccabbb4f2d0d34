"""The list of the pictures that were dropped, as Qt's views see it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    QUrl,
    Signal,
    Slot,
)
from PySide6.QtGui import QPixmap

from cnngui.core.answers.prediction import Prediction
from cnngui.gui.common.words import plain
from cnngui.gui.predict.pictures.picture import Arrangement, Picture
from cnngui.gui.predict.pictures.tally import Tally
from cnngui.gui.predict.pictures.thumbnails import Thumbnails

CHANGED = 300  # pictures at once: a few milliseconds
AT_ONCE = 1000  # pictures, at most, that are put in order at once when others come
REARRANGE_MS = 500  # how soon answers, and pictures where there are many, find their places in a list that is arranged

Index = QModelIndex | QPersistentModelIndex
Change = Callable[[Picture], Picture]


class PictureListModel(QAbstractListModel):
    """All pictures, of which those are rows that the arrangement shows, in its order.

    What concerns all pictures at once is done to some at once, and to the others as soon as the window has time: ten
    thousand would hold it up. Until then these do not count, and nobody sees what answers they had.
    changed: some more are as they shall be.
    """

    changed = Signal()
    PictureRole = Qt.ItemDataRole.UserRole

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.thumbnails = Thumbnails(self)
        self.arrangement = Arrangement()
        self.tally = Tally()
        self._pictures: dict[int, Picture] = {}  # by their numbers
        self._shown: list[int] = []  # the numbers of the rows
        self._rows: dict[int, int] = {}
        self._pending: dict[int, Change] = {}  # what is still to be done, by the pictures' numbers
        self._changing = QTimer(self, singleShot=True, interval=0)
        self._changing.timeout.connect(self._change_some)
        self._timer = QTimer(self, singleShot=True, interval=REARRANGE_MS)
        self._timer.timeout.connect(self._rearrange)

    def rowCount(self, parent: Index | None = None) -> int:
        """How many pictures are shown."""
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    @property
    def pictures(self) -> list[Picture]:
        """All pictures, in the order in which they came."""
        return list(self._pictures.values())

    @property
    def total(self) -> int:
        """How many pictures there are, shown or not."""
        return len(self._pictures)

    def picture(self, row: int) -> Picture:
        """The picture in this row, from 0."""
        return self._settled(self._shown[row])

    def row(self, number: int) -> int | None:
        """The row of the picture with this number; None where it is not shown."""
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
                return plain("\n".join([where, *([picture.details] if picture.details else [])]))
            case Qt.ItemDataRole.DecorationRole:
                return self.thumbnail(picture)
            case self.PictureRole:
                return picture
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Rows can be dragged out of the window."""
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled

    def mimeTypes(self) -> list[str]:
        """What a row that is dragged out offers."""
        return ["text/uri-list"]

    def mimeData(self, indexes: Sequence[Any]) -> QMimeData:
        """The files of these rows; of pictures that are none there is nothing to offer."""
        paths = [picture.path for index in indexes if (picture := self.picture(index.row()))]
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths if path is not None])
        return mime

    def add(self, pictures: Sequence[Picture]) -> None:
        """Put more pictures into the list."""
        for picture in pictures:
            self._put(picture)
        if self.arrangement != Arrangement() and self.total <= AT_ONCE:
            self._rearrange()
            return
        new = [picture.number for picture in pictures if self.arrangement.shows(picture)]
        if not new:
            return
        first = len(self._shown)
        self.beginInsertRows(QModelIndex(), first, first + len(new) - 1)
        self._shown += new
        self._rows.update(zip(new, range(first, len(self._shown)), strict=True))
        self.endInsertRows()
        self._rearrange_soon()

    def answer(self, predictions: Mapping[int, Prediction | None]) -> None:
        """Give pictures their answers, or none, by their numbers. Those that are gone meanwhile are left out."""
        changed = []
        for number, prediction in predictions.items():
            if number in self._pictures:
                self._put(self._settled(number).answered(prediction))
                if number in self._rows:
                    changed.append(self._rows[number])
        if changed:
            self.dataChanged.emit(self.index(min(changed)), self.index(max(changed)))
        self._rearrange_soon()

    def ask_anew(self, classes: Sequence[str], numbers: Iterable[int] | None = None) -> None:
        """Let pictures wait again, and take the names of folders for labels where they are names of these classes.

        Another model's answers are seen no more. numbers: of all pictures, unless these are given.
        """
        chosen = self._pictures if numbers is None else numbers
        self._change_all(chosen, lambda picture: picture.among(classes).answered(None))

    def cancel_waiting(self) -> None:
        """Take out what waits, but for what another model had an answer for: that says so and stays."""
        waiting = {number: p for number, p in self._pictures.items() if p.waits or number in self._pending}
        unanswered = [number for number, p in waiting.items() if p.waits and not p.was_answered]
        for number in unanswered:
            self._forget(number)
        self._rearrange()
        self._change_all(
            waiting.keys() - set(unanswered), lambda picture: picture.cancelled() if picture.waits else picture
        )

    @property
    def waiting(self) -> list[Picture]:
        """Those that may be classified now."""
        return [p for number, p in self._pictures.items() if p.waits and number not in self._pending]

    @property
    def to_do(self) -> int:
        """How many wait, with those that something is still to be done to."""
        return self.tally.waiting + len(self._pending)

    @property
    def is_changing(self) -> bool:
        """Whether something is still to be done to some."""
        return bool(self._pending)

    @property
    def has_labels(self) -> bool:
        """Whether the label of any picture is known."""
        pending = (self._pictures[number] for number in self._pending)
        return self.tally.labelled > 0 or any(picture.truth is not None for picture in pending)

    def _change_all(self, numbers: Iterable[int], change: Change) -> None:
        """Do this to these pictures, after what is still to be done to them."""
        for number in sorted(numbers):
            if number in self._pending:
                self._pending[number] = partial(_both, self._pending[number], change)
            else:
                self.tally.remove(self._pictures[number])
                self._pending[number] = change
        self._change_some()

    @Slot()
    def _change_some(self) -> None:
        rows = []
        for number in list(islice(self._pending, CHANGED)):
            self._settled(number)
            if number in self._rows:
                rows.append(self._rows[number])
        if rows:
            self.dataChanged.emit(self.index(min(rows)), self.index(max(rows)))
            self._rearrange_soon()
        if self._pending:
            self._changing.start()
        self.changed.emit()

    def _settled(self, number: int) -> Picture:
        """The picture with this number, after all that is to be done to it."""
        picture = self._pictures[number]
        if number in self._pending:
            picture = self._pictures[number] = self._pending.pop(number)(picture)
            self.tally.add(picture)
        return picture

    def thumbnail(self, picture: Picture) -> QPixmap:
        """The picture in small; null where it is still to be read, or cannot be."""
        return self.thumbnails.get(picture.number, picture.source)

    def _put(self, picture: Picture) -> None:
        if picture.number in self._pictures:
            self.tally.remove(self._settled(picture.number))
        self._pictures[picture.number] = picture
        self.tally.add(picture)

    def _forget(self, number: int) -> Picture:
        picture = self._settled(number)
        self.tally.remove(picture)
        self.thumbnails.forget(number)
        return self._pictures.pop(number)

    def remove(self, numbers: Iterable[int]) -> list[Picture]:
        """Take these pictures out; what was taken out."""
        taken = [self._forget(number) for number in numbers if number in self._pictures]
        self._rearrange()
        return taken

    def clear(self) -> list[Picture]:
        """Take out all pictures; what was taken out."""
        return self.remove(list(self._pictures))

    def put_back(self, pictures: Sequence[Picture]) -> None:
        """Put pictures that were taken out where they were."""
        for picture in pictures:
            self._put(picture)
        self._pictures = dict(sorted(self._pictures.items()))
        self._rearrange()

    def arrange(self, arrangement: Arrangement) -> None:
        """Show other pictures, or in another order."""
        self.arrangement = arrangement
        self._rearrange()

    def _rearrange_soon(self) -> None:
        if self.arrangement != Arrangement() and not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _rearrange(self) -> None:
        shown = [picture.number for picture in self.arrangement.of(self._pictures.values())]
        if shown != self._shown:
            # Not a reset, after which a view knows neither what was selected nor where it was.
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


def _both(first: Change, then: Change, picture: Picture) -> Picture:
    return then(first(picture))
