"""The pictures of a class, as Qt's views see them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QGuiApplication, QPixmap

from cnngui.core.data.collections.collection import Collection
from cnngui.core.data.collections.shelves import UNNAMED, Item, Pictures
from cnngui.gui.classes.dragged import SELECTED
from cnngui.gui.classes.grid.tile import tile_image
from cnngui.gui.common.local_files import urls_of
from cnngui.gui.common.pictures.thumbnails import Thumbnails
from cnngui.gui.common.words import plain

TILE = 104  # pixels, of a picture's square
MOST_FILES = 1000  # in a drag to other programs; more take longer than a picture of the screen

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Chosen:
    """Pictures of a class by their places in the grid. Only who goes through them, beside the window, makes Items."""

    used: Pictures
    excluded: Pictures
    rows: Sequence[int] = ()

    def __len__(self) -> int:
        """How many there are."""
        return len(self.rows)

    def __iter__(self) -> Iterator[Item]:
        """Each of them."""
        return map(self.item, self.rows)

    def item(self, row: int) -> Item:
        """The picture at this place, from 0."""
        return self.used[row] if row < len(self.used) else self.excluded[row - len(self.used)]


class GridModel(QAbstractListModel):
    """The pictures of one class, in the order of its folder, with those that are excluded last."""

    ItemRole = Qt.ItemDataRole.UserRole

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        density = QGuiApplication.primaryScreen().devicePixelRatio()
        self.thumbnails = Thumbnails(self, round(TILE * density), tile_image)
        self._parts = (Pictures(UNNAMED), Pictures(UNNAMED))

    def show(self, collection: Collection, name: str) -> bool:
        """Show the pictures of this class; whether they are others than before, which takes no time to see."""
        parts = collection.parts(name)
        if all(new is old or not (new or old) for new, old in zip(parts, self._parts, strict=True)):
            return False
        self.beginResetModel()
        self._parts = parts
        self.endResetModel()
        return True

    def rowCount(self, parent: Index | None = None) -> int:
        """How many pictures there are."""
        return 0 if parent is not None and parent.isValid() else sum(map(len, self._parts))

    def item(self, row: int) -> Item:
        """The picture at this place, from 0."""
        return Chosen(*self._parts).item(row)

    def chosen(self, rows: Sequence[int]) -> Chosen:
        """The pictures at these places."""
        return Chosen(*self._parts, rows)

    def thumbnail(self, item: Item) -> QPixmap:
        """The picture's square; null until it has been read, or if it is unreadable."""
        return self.thumbnails.get(item.path, item.path)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The name, the thumbnail, or the Item itself (ItemRole)."""
        if not index.isValid():
            return None
        item = self.item(index.row())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return item.path.name
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return plain(described(item)) if role == Qt.ItemDataRole.ToolTipRole else described(item)
            case Qt.ItemDataRole.DecorationRole:
                return self.thumbnail(item)
            case self.ItemRole:
                return item
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Pictures can be dragged to another class and out of the window."""
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled

    def mimeTypes(self) -> list[str]:
        """The formats of a drag."""
        return [SELECTED, "text/uri-list"]

    def mimeData(self, indexes: Sequence[Any]) -> QMimeData:
        """The selected pictures, for other classes and as files for other programs."""
        mime = QMimeData()
        mime.setData(SELECTED, b"1")
        mime.setUrls(urls_of(self.item(index.row()).path for index in indexes[:MOST_FILES]))
        return mime


def described(item: Item) -> str:
    """A picture in words: its name and where it is, if that is not usual."""
    lines = [item.path.name]
    if item.is_reference:
        lines.append(f"It stays in {item.path.parent}.")
    if item.shelf.is_excluded:
        lines.append("Excluded: trainings leave it out.")
    return "\n".join(lines)
