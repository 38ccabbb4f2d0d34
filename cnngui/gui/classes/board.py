"""The right of the place: the pictures of the class, what is to be known about them, and what can be done next."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cnngui.core.data.collections.collection import Collection
from cnngui.core.sentences import counted
from cnngui.gui.classes.class_list.model import NO_CLASS
from cnngui.gui.classes.grid.model import GridModel
from cnngui.gui.classes.grid.view import GridView
from cnngui.gui.classes.progress_strip import ProgressStrip
from cnngui.gui.common.labels.elided_label import ElidedLabel
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.style import SPACE, mark

MOST_NOTES = 3  # shown at once
READING = "Reading the pictures …"
EMPTY = "Drop pictures here, paste them, or open some."
NONE_WAITING = "Pictures without a class wait here. Drop some, and name them later."


class ClassBoard(QWidget):
    """Lays out its parts: the class with its counts, the grid, notes, and the buttons."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model, self.strip = GridModel(self), ProgressStrip()
        self.grid = GridView(self.model)
        self.add_button, self.train_button = QPushButton("Add pictures …"), QPushButton("Train on these")
        self.webcam_button, self.findings_button = QPushButton("Webcam …"), QPushButton()
        self.webcam_button.setToolTip("Take pictures with a webcam")
        self._name, self._counts, self._needed = ElidedLabel(), PlainLabel(), PlainLabel()
        self._notes, self._failure = PlainLabel(), PlainLabel()
        self._lay_out()

    def show_class(self, collection: Collection, name: str) -> bool:
        """Show the pictures of a class, or with "" those that have none; whether they are others than before."""
        is_other = self.model.show(collection, name)
        used, excluded = (len(part) for part in collection.parts(name))
        self._name.setText(name or NO_CLASS.capitalize())
        self._counts.setText(counted(used, "picture") + (f"  ·  {excluded:,} excluded" if excluded else ""))
        self.grid.empty_text = EMPTY if name else NONE_WAITING
        return is_other

    def show_reading(self) -> None:
        """Show that the pictures are not known yet."""
        self.show_class(Collection(Path()), "")
        self._name.setText("")
        self._counts.setText("")
        self.grid.empty_text = READING

    def show_needed(self, text: str) -> None:
        """Say what is missing before a training; "" if nothing is."""
        self._needed.setText(text)

    def show_notes(self, notes: Sequence[str]) -> None:
        """Say what should be known about the collection."""
        more = len(notes) - MOST_NOTES
        rest = [f"{counted(more, 'more thing')} like these."] if more > 0 else []
        self._notes.setText("\n".join([*notes[:MOST_NOTES], *rest]))
        self._notes.setVisible(bool(notes))

    def show_failure(self, text: str) -> None:
        """Say why something was not done; "" hides it."""
        self._failure.setText(text)
        self._failure.setVisible(bool(text))

    def show_findings(self, count: int | None) -> None:
        """Offer to look at so many findings; None hides the offer."""
        self.findings_button.setText(f"{counted(count, 'thing')} to look at ›" if count else "Check the labels ›")
        self.findings_button.setVisible(count is not None)

    def _lay_out(self) -> None:
        mark(self._name, role="heading")
        for label in (self._counts, self._needed):
            mark(label, role="muted")
        mark(self._notes, role="warning")
        mark(self._failure, role="failure")
        for label in (self._notes, self._failure, self._needed):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        mark(self.train_button, kind="primary")
        self.show_findings(None)
        self.show_notes(())
        self.show_failure("")
        head = QHBoxLayout()
        head.setSpacing(2 * SPACE)
        head.addWidget(self._name, 1)
        head.addWidget(self._counts)
        head.addWidget(self.findings_button)
        foot = QHBoxLayout()
        foot.setSpacing(SPACE)
        foot.addWidget(self._needed, 1)
        foot.addWidget(self.webcam_button)
        foot.addWidget(self.add_button)
        foot.addWidget(self.train_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addLayout(head)
        column.addWidget(self.grid, 1)
        for widget in (self._notes, self._failure, self.strip):
            column.addWidget(widget)
        column.addLayout(foot)
