"""What the window remembers from one start to the next."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings


class Settings:
    """Typed access to the program's QSettings. A value that is missing or damaged counts as its default."""

    def __init__(self) -> None:
        self._store = QSettings("cnngui", "cnngui")

    @property
    def geometry(self) -> QByteArray:
        """The window's place and size, empty at first."""
        value = self._store.value("geometry")
        return value if isinstance(value, QByteArray) else QByteArray()

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._store.setValue("geometry", value)

    @property
    def appearance(self) -> str:
        """ "system", "light" or "dark"."""
        value = self._store.value("appearance")
        return value if value in ("light", "dark") else "system"

    @appearance.setter
    def appearance(self, value: str) -> None:
        self._store.setValue("appearance", value)

    @property
    def default_model(self) -> Path | None:
        """The model to begin with; None for the one that ships. It may be there no more."""
        value = self._store.value("default_model")
        return Path(value) if isinstance(value, str) and value else None

    @default_model.setter
    def default_model(self, value: Path | None) -> None:
        self._store.setValue("default_model", "" if value is None else str(value))

    @property
    def open_folder(self) -> Path:
        """Where pictures were opened last."""
        value = self._store.value("open_folder")
        return Path(value) if isinstance(value, str) and Path(value).is_dir() else Path.home()

    @open_folder.setter
    def open_folder(self, value: Path) -> None:
        self._store.setValue("open_folder", str(value))
