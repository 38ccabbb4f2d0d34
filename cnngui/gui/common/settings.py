"""What the window remembers between two starts."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

APPEARANCES = ("system", "light", "dark")


class Settings:
    """Typed access to the program's QSettings. A missing or damaged value counts as its default."""

    def __init__(self) -> None:
        self._store = QSettings("cnngui", "cnngui")

    @property
    def geometry(self) -> QByteArray:
        """The window's position and size; empty at first."""
        value = self._store.value("geometry")
        return value if isinstance(value, QByteArray) else QByteArray()

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._store.setValue("geometry", value)

    @property
    def appearance(self) -> str:
        """ "system", "light" or "dark"."""
        value = self._store.value("appearance")
        return value if value in APPEARANCES else "system"

    @appearance.setter
    def appearance(self, value: str) -> None:
        self._store.setValue("appearance", value)

    @property
    def holds_accuracy(self) -> bool:
        """Whether the accuracy's axis always shows 0–100 %."""
        return self._store.value("holds_accuracy") in (True, "true")

    @holds_accuracy.setter
    def holds_accuracy(self, value: bool) -> None:
        self._store.setValue("holds_accuracy", value)

    @property
    def default_model(self) -> Path | None:
        """The model to open at the start, which may be gone; None for the shipped one."""
        value = self._store.value("default_model")
        return Path(value) if isinstance(value, str) and value else None

    @default_model.setter
    def default_model(self, value: Path | None) -> None:
        self._store.setValue("default_model", "" if value is None else str(value))

    @property
    def open_folder(self) -> Path:
        """The folder that pictures were last opened from."""
        value = self._store.value("open_folder")
        return Path(value) if isinstance(value, str) and Path(value).is_dir() else Path.home()

    @open_folder.setter
    def open_folder(self, value: Path) -> None:
        self._store.setValue("open_folder", str(value))
