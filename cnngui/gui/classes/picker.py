"""Asks for a class: one of the collection, or the name of a new one."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from cnngui.core.data.collections.class_names import class_name, folded, same_name
from cnngui.core.errors import UserError
from cnngui.gui.classes.class_list.model import NO_CLASS
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.search_field import SearchField
from cnngui.gui.common.style import SPACE, mark

SIZE = (320, 360)  # pixels


class ClassPicker(QDialog):
    """A field that narrows the list below it as a name is typed; Enter takes the class that is marked."""

    def __init__(
        self,
        title: str,
        classes: Sequence[str],
        choose: Callable[[str], object],
        parent: QWidget,
        *,
        offers_none: bool = True,
    ) -> None:
        """choose: gets the class when one is taken, "" for none yet. offers_none: whether that is offered."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.resize(*SIZE)
        self._classes, self._choose, self._offers_none = classes, choose, offers_none
        self._field, self._list, self._problem = SearchField(), QListWidget(), PlainLabel()
        self._lay_out()
        self._field.textChanged.connect(self._narrow)
        self._field.escaped.connect(self.reject)
        self._list.itemActivated.connect(self.accept)
        self._field.installEventFilter(self)
        self._narrow()
        self._field.setFocus()

    @Slot()
    def accept(self) -> None:
        """Take the class that is marked; a name that no class can have stays, with the reason."""
        if self._list.currentRow() < 0:
            return
        name = str(self._list.currentItem().data(Qt.ItemDataRole.UserRole))
        try:
            name = name if name in ("", *self._classes) else class_name(name)
        except UserError as error:
            self._problem.setText(str(error))
            self._problem.show()
            return
        super().accept()
        self._choose(name)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow keys move through the list while a name is typed."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None:
                row = self._list.currentRow() + step
                self._list.setCurrentRow(max(0, min(row, self._list.count() - 1)))
                return True
        return super().eventFilter(watched, event)

    @Slot()
    def _narrow(self) -> None:
        typed = self._field.text().strip()
        self._problem.hide()
        self._list.clear()
        for name in (*self._classes, *([""] if self._offers_none else [])):
            if folded(typed) in folded(name or NO_CLASS):
                self._add(name or NO_CLASS, name)
        if typed and same_name(typed, self._classes) is None:
            self._add(f"New class “{typed}”", typed)
        exact = same_name(typed, self._classes)
        shown = [str(self._list.item(row).data(Qt.ItemDataRole.UserRole)) for row in range(self._list.count())]
        self._list.setCurrentRow(shown.index(exact) if exact in shown else 0)

    def _add(self, text: str, name: str) -> None:
        item = QListWidgetItem(text)
        item.setData(Qt.ItemDataRole.UserRole, name)
        self._list.addItem(item)

    def _lay_out(self) -> None:
        self._field.setPlaceholderText("Class, or the name of a new one")
        self._field.setAccessibleName("Class")
        mark(self._list, kind="classes")
        mark(self._problem, role="failure")
        self._problem.setWordWrap(True)
        self._list.setAccessibleName("Classes")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(SPACE)
        for widget in (self._field, self._list, self._problem, buttons):
            column.addWidget(widget)
