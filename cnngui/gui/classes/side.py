"""The left of the place: which collection, its classes, and a line for a new one."""

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cnngui.gui.classes.chooser import CollectionChooser
from cnngui.gui.classes.class_list.model import ClassListModel
from cnngui.gui.classes.class_list.view import ClassListView
from cnngui.gui.classes.name_field import NameField
from cnngui.gui.common.settings import Settings
from cnngui.gui.common.style import SPACE

LEAST_WIDTH = 200  # pixels


class ClassesSide(QWidget):
    """Lays out its parts, from the top. named: a name that was typed for a new class."""

    named = Signal(str)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chooser, self.model = CollectionChooser(settings), ClassListModel(self)
        self.list_view = ClassListView(self.model)
        self.field, self.add_button = NameField("New class", "Name of a new class"), QPushButton("+")
        self.add_button.setToolTip("Make a class of this name")
        self.add_button.setAccessibleName("Make the class")
        self.field.returnPressed.connect(self._name)
        self.add_button.clicked.connect(self._name)
        line = QHBoxLayout()
        line.setSpacing(SPACE)
        line.addWidget(self.field, 1)
        line.addWidget(self.add_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addWidget(self.chooser)
        column.addWidget(self.list_view, 1)
        column.addLayout(line)

    def minimumSizeHint(self) -> QSize:
        """Wide enough to read a name."""
        return super().minimumSizeHint().expandedTo(QSize(LEAST_WIDTH, 0))

    @Slot()
    def _name(self) -> None:
        if self.field.text().strip():
            self.named.emit(self.field.text())
            self.field.clear()
        else:
            self.field.setFocus()
