"""Where an export goes, and which pictures prove it."""

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QGridLayout, QPushButton, QWidget

from cnngui.core.export.formats import Format
from cnngui.core.names import as_name
from cnngui.core.runs.folder import MODEL
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.search_field import text_field
from cnngui.gui.common.settings import Settings
from cnngui.gui.common.style import SPACE
from cnngui.paths import expanded

MOST_LETTERS = 60  # of the model's name in that of the new folder


class ExportTarget(QWidget):
    """Two lines: the new folder, suggested until another is typed, and a folder of pictures, which may be empty.

    model: its file. changed: one of them is another.
    """

    changed = Signal()

    def __init__(self, model: Path, settings: Settings) -> None:
        super().__init__()
        self._name, self._settings = _name(model), settings
        self._suggested = ""
        self.folder = text_field("Export to", "A new folder. It is made by the export")
        self.pictures = text_field("Compare on", "A folder with a sub-folder of pictures for each class of the model")
        self.pictures.setPlaceholderText("The pictures that the model was made from, as far as they are here")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(SPACE)
        for row, (title, line, choose) in enumerate(
            (("Export &to", self.folder, self._choose_folder), ("Compare &on", self.pictures, self._choose_pictures))
        ):
            label, button = PlainLabel(title), QPushButton("Choose …")
            label.setBuddy(line)
            button.setAccessibleName(f"Choose the folder for “{line.accessibleName()}”")
            button.setAutoDefault(False)
            button.clicked.connect(choose)
            line.textChanged.connect(self.changed)
            for column, widget in enumerate((label, line, button)):
                grid.addWidget(widget, row, column)

    @property
    def path(self) -> Path | None:
        """The new folder; None while there is no whole path."""
        path = expanded(Path(self.folder.text().strip()))
        return path if path.is_absolute() and path.name else None

    @property
    def data(self) -> str | None:
        """The folder of pictures; None for those of the model."""
        return self.pictures.text().strip() or None

    def suggest(self, chosen: Format) -> None:
        """Suggest a folder for this format, unless the user has typed one."""
        typed = Path(self.folder.text())
        if self.folder.text() and typed.name != self._suggested:
            return
        parent = typed.parent if self.folder.text() else self._settings.export_folder
        self._suggested = f"{self._name}-{chosen.key}"
        self.folder.setText(str(parent / self._suggested))

    @Slot()
    def _choose_folder(self) -> None:
        before = self.path
        start = before.parent if before is not None else self._settings.export_folder
        name = QFileDialog.getExistingDirectory(self, "Choose where the new folder goes", str(start))
        if name:
            self.folder.setText(str(Path(name) / (before.name if before is not None else self._suggested)))

    @Slot()
    def _choose_pictures(self) -> None:
        start = self.data or str(self._settings.open_folder)
        name = QFileDialog.getExistingDirectory(self, "Choose a folder of pictures", start)
        if name:
            self.pictures.setText(name)


def _name(model: Path) -> str:
    """What the new folder begins with: the run's name, or the file's."""
    name = model.parent.name if model.name == MODEL else model.stem
    return as_name(name, MOST_LETTERS).strip(" .") or "model"
