"""Where things lie: what ships with the program, and what it keeps for its user."""

from pathlib import Path

from platformdirs import user_cache_path, user_data_path, user_state_path

_PACKAGE = Path(__file__).resolve().parent


def _shipped(name: str) -> Path:
    """The shipped folder ``name``: inside the package once installed, beside it in a checkout."""
    installed = _PACKAGE / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def resources_dir() -> Path:
    """The folder of icons, style and sample pictures."""
    return _shipped("resources")


def shipped_model() -> Path:
    """The trained model that comes with the program."""
    return _shipped("models") / "cifar10.keras"


def cache_dir() -> Path:
    """The user's cache for cnngui: what can be downloaded again. It may not exist yet."""
    return user_cache_path("cnngui", appauthor=False)


def runs_dir() -> Path:
    """Where the window keeps the models it has trained. It may not exist yet."""
    return user_data_path("cnngui", appauthor=False) / "runs"


def log_file() -> Path:
    """The file that the window logs errors to. It may not exist yet."""
    return user_state_path("cnngui", appauthor=False) / "cnngui.log"
