"""The places of the files that ship with the program and of those it keeps for the user."""

from contextlib import suppress
from pathlib import Path

from platformdirs import user_cache_path, user_data_path, user_pictures_path, user_state_path

_PACKAGE = Path(__file__).resolve().parent


def _shipped(name: str) -> Path:
    """The shipped folder ``name``: inside the package if installed, beside it in a checkout."""
    installed = _PACKAGE / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def expanded(path: Path) -> Path:
    """A path that a person has typed, with the home folder for its ~; unchanged if there is no such user."""
    with suppress(RuntimeError):
        return path.expanduser()
    return path


def resources_dir() -> Path:
    """The folder with the icons, the style and the sample pictures."""
    return _shipped("resources")


def shipped_model() -> Path:
    """The model that ships with the program."""
    return _shipped("models") / "cifar10.keras"


def cache_dir() -> Path:
    """The cache for files that can be downloaded again. It may not exist yet."""
    return user_cache_path("cnngui", appauthor=False)


def runs_dir() -> Path:
    """The folder of the window's runs. It may not exist yet."""
    return user_data_path("cnngui", appauthor=False) / "runs"


def recipes_dir() -> Path:
    """The folder of the user's own recipes. It may not exist yet."""
    return user_data_path("cnngui", appauthor=False) / "recipes"


def key_file() -> Path:
    """The secret by which this user's own files are known. It may not exist yet."""
    return user_data_path("cnngui", appauthor=False) / "key"


def collections_dir() -> Path:
    """Where the user's own collections of pictures are offered to go. It may not exist yet."""
    return user_pictures_path() / "cnngui"


def log_file() -> Path:
    """The file that the window logs errors to. It may not exist yet."""
    return user_state_path("cnngui", appauthor=False) / "cnngui.log"
