"""The classes of the collection with their counts, as Qt's views see them."""

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from cnngui.core.data.collections.collection import Collection
from cnngui.core.data.collections.notes import LEAST_PICTURES
from cnngui.core.sentences import counted

NO_CLASS = "no class yet"

Index = QModelIndex | QPersistentModelIndex


class ClassListModel(QAbstractListModel):
    """A row for each class, sorted by name, and a last one for the pictures without a class.

    renamed: a class, and the name that was typed for it.
    """

    NameRole = Qt.ItemDataRole.UserRole
    CountRole = Qt.ItemDataRole.UserRole + 1
    renamed = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[tuple[str, int], ...] = ()

    def show(self, collection: Collection) -> None:
        """Show these classes; selected rows stay with their classes."""
        rows = tuple((name, collection.count(name)) for name in (*collection.classes, ""))
        if rows == self._rows:
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        names = [self.name(index.row()) for index in before]
        self._rows = rows
        places = {name: row for row, (name, _) in enumerate(rows)}
        after = [self.index(places[name]) if name in places else QModelIndex() for name in names]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def rowCount(self, parent: Index | None = None) -> int:
        """The classes and the last row."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def name(self, row: int) -> str:
        """The class in this row; "" in the last one."""
        return self._rows[row][0]

    def row(self, name: str) -> int | None:
        """The row of a class; "" for the last one."""
        return next((row for row, (each, _) in enumerate(self._rows) if each == name), None)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The name as it is shown and typed, the class (NameRole) and how many pictures it has (CountRole)."""
        if not index.isValid():
            return None
        name, count = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return name or NO_CLASS
            case self.NameRole:
                return name
            case self.CountRole:
                return count
            case Qt.ItemDataRole.AccessibleTextRole:
                few = f", a training needs {LEAST_PICTURES}" if is_short(name, count) else ""
                return f"{name or NO_CLASS}: {counted(count, 'picture')}{few}"
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Ask for another name; the list changes once the class has it."""
        name, typed = self.name(index.row()), str(value).strip()
        if typed and typed != name:
            self.renamed.emit(name, typed)
        return False

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Classes can be renamed in place."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if self.name(index.row()) else flags


def is_short(name: str, count: int) -> bool:
    """Whether a class has too few pictures to be trained on."""
    return bool(name) and count < LEAST_PICTURES
