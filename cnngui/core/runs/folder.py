"""The folders of runs."""

from contextlib import suppress
from datetime import datetime
from pathlib import Path

from cnngui.core.errors import UserError

MODEL = "model.keras"


def new_folder(parent: Path, recipe: str, data: str, now: datetime) -> Path:
    """The path of a new run in ``parent``. Names sort by time. The folder is not created."""
    safe_data = "".join(letter if letter.isalnum() else "-" for letter in data)
    return parent / f"{now:%Y-%m-%d %H.%M.%S} {recipe} {safe_data}"


def check_writable(folder: Path) -> None:
    """Make sure that files can be written in ``folder``, before a training whose result would be lost.

    Creates the folder and a file for the test, and removes whatever it has created.
    Raises UserError if that fails.
    """
    probe = folder / ".cnngui-probe"
    missing: list[Path] = []
    try:
        missing = [path for path in (folder, *folder.parents) if not path.exists()]
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"\0" * 4096)
        probe.unlink()
    except OSError as error:
        raise UserError(f"Nothing can be written in {folder} ({error.strerror}). Choose another folder.") from error
    finally:
        with suppress(OSError):
            probe.unlink(missing_ok=True)
        for path in missing:
            with suppress(OSError):
                path.rmdir()
