"""What the window remembers between two starts."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from cnngui.core.files import is_folder
from cnngui.gui.common.style import TEXT_SIZES

MOST_FOLDERS = 5  # of images, remembered
APPEARANCES = ("system", "light", "dark")
HEAT_STRENGTH = 60  # percent: even on a white picture, the extremes have a contrast of 5 to 1


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
    def text_size(self) -> int:
        """The size of the text, in percent of the system's."""
        value = self._number("text_size")
        return value if value in TEXT_SIZES else 100

    @text_size.setter
    def text_size(self, value: int) -> None:
        self._store.setValue("text_size", value)

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
    def list_width(self) -> int | None:
        """The width of the list of pictures, in pixels; None until it was chosen."""
        return self._number("list_width")

    @list_width.setter
    def list_width(self, value: int) -> None:
        self._store.setValue("list_width", value)

    @property
    def likeliest_first(self) -> bool | None:
        """Whether the most likely class is at the top of an answer; None until that was chosen."""
        return {"yes": True, "no": False}.get(str(self._store.value("likeliest_first")))

    @likeliest_first.setter
    def likeliest_first(self, value: bool) -> None:
        self._store.setValue("likeliest_first", "yes" if value else "no")

    @property
    def heat_strength(self) -> int:
        """How strongly an explanation marks the picture, in percent."""
        value = self._number("heat_strength")
        return HEAT_STRENGTH if value is None else min(100, max(0, value))

    @heat_strength.setter
    def heat_strength(self, value: int) -> None:
        self._store.setValue("heat_strength", value)

    @property
    def data_source(self) -> str:
        """The data that was trained on last, as datasets.read takes it; "" at first."""
        value = self._store.value("data_source")
        return value if isinstance(value, str) else ""

    @data_source.setter
    def data_source(self, value: str) -> None:
        self._store.setValue("data_source", value)

    @property
    def data_folders(self) -> list[str]:
        """The folders that were trained on, the last one first, without those that are gone."""
        value = self._store.value("data_folders")
        names = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        return [str(name) for name in names if is_folder(Path(str(name)))]

    @data_folders.setter
    def data_folders(self, value: list[str]) -> None:
        self._store.setValue("data_folders", value[:MOST_FOLDERS])

    @property
    def cifar10_folder(self) -> Path | None:
        """Where CIFAR-10 is, if that was chosen."""
        value = self._store.value("cifar10_folder")
        return Path(value) if isinstance(value, str) and value else None

    @cifar10_folder.setter
    def cifar10_folder(self, value: Path) -> None:
        self._store.setValue("cifar10_folder", str(value))

    @property
    def recipe(self) -> str:
        """The name of the preset that was chosen last; "" at first."""
        value = self._store.value("recipe")
        return value if isinstance(value, str) else ""

    @recipe.setter
    def recipe(self, value: str) -> None:
        self._store.setValue("recipe", value)

    @property
    def open_folder(self) -> Path:
        """The folder that pictures were last opened from."""
        value = self._store.value("open_folder")
        return Path(value) if isinstance(value, str) and Path(value).is_dir() else Path.home()

    @open_folder.setter
    def open_folder(self, value: Path) -> None:
        self._store.setValue("open_folder", str(value))

    def _number(self, name: str) -> int | None:
        try:
            return int(str(self._store.value(name)))
        except ValueError:
            return None
