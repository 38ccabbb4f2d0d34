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
    def default_model(self) -> Path | None:
        """The model to open at the start, which may be gone; None for the shipped one."""
        value = self._store.value("default_model")
        return Path(value) if isinstance(value, str) and value else None

    @default_model.setter
    def default_model(self, value: Path | None) -> None:
        self._store.setValue("default_model", "" if value is None else str(value))

    @property
    def list_sizes(self) -> tuple[int, int] | None:
        """The widths of the list of pictures and of what is beside it; None until they were chosen."""
        value = self._store.value("list_sizes")
        try:
            left, right = (int(size) for size in str(value).split(","))
        except ValueError:
            return None
        return (left, right) if left > 0 and right > 0 else None

    @list_sizes.setter
    def list_sizes(self, value: tuple[int, int]) -> None:
        self._store.setValue("list_sizes", "{},{}".format(*value))  # a text: a comma would make it a list

    @property
    def likeliest_first(self) -> bool | None:
        """Whether the most likely class is at the top of an answer; None until that was chosen."""
        return {"yes": True, "no": False}.get(str(self._store.value("likeliest_first")))

    @likeliest_first.setter
    def likeliest_first(self, value: bool) -> None:
        self._store.setValue("likeliest_first", "yes" if value else "no")

    @property
    def open_folder(self) -> Path:
        """The folder that pictures were last opened from."""
        value = self._store.value("open_folder")
        return Path(value) if isinstance(value, str) and Path(value).is_dir() else Path.home()

    @open_folder.setter
    def open_folder(self, value: Path) -> None:
        self._store.setValue("open_folder", str(value))
