"""What the window remembers between two starts."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QByteArray, QSettings

from cnngui.core.device import Devices
from cnngui.gui.common.style import TEXT_SIZES

MOST_FOLDERS = 5  # of images, remembered
MOST_COLLECTIONS = 8  # of pictures, remembered
MOST_RUNS = 20  # from elsewhere, remembered
APPEARANCES = ("system", "light", "dark")
HEAT_STRENGTH = 60  # percent: even on a white picture, the extremes have a contrast of 5 to 1

Value = TypeVar("Value")


class _Remembered(Generic[Value]):
    """An attribute that is kept in QSettings under its own name.

    read: makes the value from what is stored, which may be None or damaged. write: the reverse.
    """

    def __init__(self, read: Callable[[Any], Value], write: Callable[[Value], object] = lambda value: value) -> None:
        self._read, self._write = read, write

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, settings: "Settings", owner: type | None = None) -> Value:
        return self._read(settings.store.value(self._name))

    def __set__(self, settings: "Settings", value: Value) -> None:
        settings.store.setValue(self._name, self._write(value))


def _text(stored: Any) -> str:
    return stored if isinstance(stored, str) else ""


def _texts(stored: Any) -> list[str]:
    """A list with one entry may be stored as a text."""
    return [stored] if isinstance(stored, str) else [str(each) for each in stored] if isinstance(stored, list) else []


def _bytes(stored: Any) -> QByteArray:
    return stored if isinstance(stored, QByteArray) else QByteArray()


def _paths(stored: Any) -> list[Path]:
    return [Path(text) for text in _texts(stored) if text]


def _path(stored: Any) -> Path | None:
    return Path(stored) if isinstance(stored, str) and stored else None


def _folder(stored: Any) -> Path:
    path = _path(stored)
    return path if path is not None and path.is_dir() else Path.home()


def _path_as_text(path: Path | None) -> str:
    return "" if path is None else str(path)


def _number(stored: Any) -> int | None:
    try:
        return int(str(stored))
    except ValueError:
        return None


def _yes_or_no(stored: Any) -> bool | None:
    return {"true": True, "false": False}.get(str(stored).lower())


def _in_percent(stored: Any) -> int:
    number = _number(stored)
    return HEAT_STRENGTH if number is None else min(100, max(0, number))


def _text_size(stored: Any) -> int:
    number = _number(stored)
    return number if number in TEXT_SIZES else 100


class Settings:
    """Typed access to the program's QSettings. A missing or damaged value counts as its default."""

    def __init__(self) -> None:
        self.store = QSettings("cnngui", "cnngui")

    geometry = _Remembered(_bytes)
    """The window's position and size; empty at first."""

    appearance = _Remembered(lambda stored: str(stored) if stored in APPEARANCES else "system")
    """ "system", "light" or "dark"."""

    text_size = _Remembered(_text_size)
    """The size of the text, in percent of the system's."""

    holds_accuracy = _Remembered(lambda stored: bool(_yes_or_no(stored)))
    """Whether the accuracy's axis always shows 0–100 %."""

    default_model = _Remembered(_path, _path_as_text)
    """The model to open at the start, which may be gone; None for the shipped one."""

    baseline = _Remembered(_path, _path_as_text)
    """The model of the run that others are compared with, which may be gone; None for none."""

    runs_elsewhere = _Remembered(_paths, lambda paths: [str(path) for path in paths[:MOST_RUNS]])
    """The models of runs outside the runs' folder that are listed, the last one first. They may be gone."""

    runs_splitter = _Remembered(_bytes)
    """How the place of the runs is divided; empty at first."""

    list_width = _Remembered(_number)
    """The width of the list of pictures, in pixels; None until it was chosen."""

    likeliest_first = _Remembered(_yes_or_no)
    """Whether the most likely class is at the top of an answer; None until that was chosen."""

    heat_strength = _Remembered(_in_percent)
    """How strongly an explanation marks the picture, in percent."""

    data_source = _Remembered(_text)
    """The data that was chosen last, as datasets.read takes it; "" at first."""

    data_folders = _Remembered(_texts, lambda names: names[:MOST_FOLDERS])
    """The folders that were chosen as data, the last one first. They may be gone."""

    cifar10_folder = _Remembered(_path, _path_as_text)
    """Where CIFAR-10 is, if that was chosen."""

    recipe = _Remembered(_text)
    """The name of the preset that was chosen last; "" at first."""

    devices = _Remembered(lambda stored: Devices(stored) if stored in list(Devices) else Devices.FIRST, str)
    """What trainings compute on."""

    shows_all_settings = _Remembered(lambda stored: bool(_yes_or_no(stored)))
    """Whether the form shows every setting of the recipe."""

    search_folder = _Remembered(_path, _path_as_text)
    """The folder of the search that was begun or continued last, which may be gone; None for none."""

    search_server = _Remembered(_text)
    """The address of the server whose searches were listed last, without a password; "" at first."""

    collections = _Remembered(_paths, lambda paths: [str(path) for path in paths[:MOST_COLLECTIONS]])
    """The folders of the collections of pictures that were open, the last one first. They may be gone."""

    refers_to_pictures = _Remembered(lambda stored: bool(_yes_or_no(stored)))
    """Whether pictures that are added to a collection stay where they are, instead of being copied."""

    export_folder = _Remembered(_folder, str)
    """The folder that a model was last exported into."""

    export_format = _Remembered(_text)
    """The format of that export, by its name on the command line; "" at first."""

    open_folder = _Remembered(_folder, str)
    """The folder that pictures were last opened from."""
