"""How the whole program looks: light or dark, and the size of its text."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from cnngui.gui.common import style
from cnngui.gui.common.settings import Settings


class Look(QObject):
    """Changes the look, and remembers it; follows the system's change between light and dark."""

    def __init__(self, settings: Settings, parent: QObject) -> None:
        super().__init__(parent)
        self._settings = settings
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._appearance_changed)

    def set_appearance(self, name: str) -> None:
        """Choose one of APPEARANCES."""
        self._settings.appearance = name
        style.set_appearance(_application(), name)

    def set_text_size(self, percent: int) -> None:
        """Choose one of TEXT_SIZES."""
        self._settings.text_size = percent
        style.set_text_size(_application(), percent)

    @Slot()
    def _appearance_changed(self) -> None:
        style.apply(_application())


def _application() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app
