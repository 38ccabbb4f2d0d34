"""Which collection is open, and a menu to choose another one."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from cnngui.gui.common.actions import Actions
from cnngui.gui.common.settings import Settings
from cnngui.gui.common.style import mark
from cnngui.gui.common.words import place, plain, shortened

LETTERS = 18  # of a name on the button


class CollectionChooser(QPushButton):
    """Names the open collection. Its menu has the others, and the ways to more. chosen: the folder of another one."""

    chosen = Signal(object)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__("No collection", parent)
        mark(self, kind="menu")
        self._settings = settings
        self._fixed: list[QAction] = []
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill)
        self.setMenu(self._menu)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.show_folder(None)

    def use_actions(self, actions: Actions) -> None:
        """Offer a new collection, the dialog to open one, and its folder."""
        self._fixed = [actions[name] for name in ("new collection", "open collection", "show collection")]

    def show_folder(self, folder: Path | None) -> None:
        """This collection is open, or none."""
        name = "No collection" if folder is None else shortened(folder.name, LETTERS)
        self.setText(name.replace("&", "&&"))
        self.setToolTip(plain(f"{place(folder)}\nChoose another collection" if folder else "Choose a collection"))
        self.setAccessibleName(f"Collection: {name}")

    def minimumSizeHint(self) -> QSize:
        """A long name does not widen the list."""
        return QSize(0, super().minimumSizeHint().height())

    @Slot()
    def _fill(self) -> None:
        """Whether each of them is there is not looked up: its disk may take long to answer."""
        self._menu.clear()
        for folder in self._settings.collections:
            entry = self._menu.addAction(place(folder).replace("&", "&&"))
            entry.triggered.connect(partial(self.chosen.emit, folder))
        self._menu.addSeparator()
        self._menu.addActions(self._fixed)
