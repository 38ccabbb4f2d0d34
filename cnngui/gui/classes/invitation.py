"""What the place shows without classes: an invitation to name the first one."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cnngui.gui.classes.name_field import NameField
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.style import SPACE, mark

WIDTH = 260  # pixels, of the line for the name


class ClassesInvitation(QFrame):
    """Asks for the name of a first class, or for a folder of classes. named: the name that was typed."""

    named = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, kind="invite")
        self.field = NameField("such as robin", "Name of the first class")
        self.add_button = QPushButton("Make the class")
        self.open_button, self.new_button = QPushButton("Open a folder of classes …"), QPushButton("New collection …")
        self._problem = PlainLabel()
        self._lay_out()
        self.field.returnPressed.connect(self._name)
        self.add_button.clicked.connect(self._name)

    def show_problem(self, text: str) -> None:
        """Say what is wrong; "" hides it."""
        self._problem.setText(text)
        self._problem.setVisible(bool(text))

    def clear(self) -> None:
        """Forget what was typed."""
        self.field.clear()

    @Slot()
    def _name(self) -> None:
        if self.field.text().strip():
            self.named.emit(self.field.text())

    def _lay_out(self) -> None:
        title = PlainLabel("Name your first class")
        mark(title, role="title")
        texts = [
            "Teach a network your own things: a class for each, and five pictures or more in each.",
            "Or drop a folder here that has a folder of pictures for each class.",
        ]
        self.field.setFixedWidth(WIDTH)
        mark(self.add_button, kind="primary")
        self.add_button.setToolTip("Make a class of this name")
        self._problem.setWordWrap(True)
        self._problem.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        mark(self._problem, role="failure")
        self._problem.hide()
        line = QHBoxLayout()
        line.setSpacing(SPACE)
        line.addStretch(1)
        line.addWidget(self.field)
        line.addWidget(self.add_button)
        line.addStretch(1)
        column = QVBoxLayout(self)
        column.setSpacing(SPACE)
        column.addStretch(1)
        middle = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(title, alignment=middle)
        for text in texts:
            label = PlainLabel(text)
            mark(label, role="muted")
            label.setWordWrap(True)
            label.setAlignment(middle)
            column.addWidget(label)
        column.addSpacing(SPACE)
        column.addLayout(line)
        column.addWidget(self._problem)
        column.addSpacing(2 * SPACE)
        others = QHBoxLayout()
        others.setSpacing(SPACE)
        others.addStretch(1)
        others.addWidget(self.open_button)
        others.addWidget(self.new_button)
        others.addStretch(1)
        column.addLayout(others)
        column.addStretch(1)
