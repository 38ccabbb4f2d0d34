"""The note and the tags of the selected run, to be typed below the list."""

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from cnngui.core.runs.library import ListedRun
from cnngui.core.runs.record import Notes
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.style import SPACE


class NotesEditor(QWidget):
    """Hidden unless one run of the user's own is selected. written: the ListedRun, and its new Notes."""

    written = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run: ListedRun | None = None
        self._note, self._tags = QLineEdit(), QLineEdit()
        for title, field, hint in (("&Note", self._note, ""), ("Ta&gs", self._tags, "with commas between them")):
            field.setPlaceholderText(hint)
            field.setAccessibleName(title.replace("&", ""))
            field.setAcceptDrops(False)
            field.editingFinished.connect(self._write)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE)
        for title, field, share in (("&Note", self._note, 2), ("Ta&gs", self._tags, 1)):
            label = PlainLabel(title)
            label.setBuddy(field)
            row.addWidget(label)
            row.addWidget(field, share)
        self.hide()

    def show_run(self, run: ListedRun | None) -> None:
        """Let the notes of this run be typed; what is being typed for the same run stays."""
        is_same = run is not None and self._run is not None and run.path == self._run.path
        if not is_same:
            self._write()
        if not (is_same and (self._note.hasFocus() or self._tags.hasFocus())):
            self._note.setText(run.notes.note if run else "")
            self._tags.setText(", ".join(run.notes.tags) if run else "")
        self._run = run
        self.setVisible(run is not None)

    @Slot()
    def _write(self) -> None:
        run = self._run
        if run is None:
            return
        tags = dict.fromkeys(tag for part in self._tags.text().split(",") if (tag := part.strip()))
        new: Notes = replace(run.notes, note=self._note.text().strip(), tags=tuple(tags))
        if new != run.notes:
            self._run = replace(run, notes=new)
            self.written.emit(run, new)
