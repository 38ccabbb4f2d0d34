"""Where trained models are kept."""

from datetime import datetime
from pathlib import Path

from cnngui.core.errors import UserError

MODEL = "model.keras"


def new_folder(parent: Path, recipe: str, data: str, now: datetime) -> Path:
    """A path for a run of its own in ``parent``, named so that names sort by time; nothing is made yet."""
    safe_data = "".join(letter if letter.isalnum() else "-" for letter in data)
    return parent / f"{now:%Y-%m-%d %H.%M.%S} {recipe} {safe_data}"


def check_writable(folder: Path) -> None:
    """Make ``folder`` and see that files can be written there, so that no training is lost for want of it.

    Raises UserError.
    """
    probe = folder / ".cnngui-probe"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"\0" * 4096)
        probe.unlink()
    except OSError as error:
        raise UserError(f"Nothing can be written in {folder} ({error.strerror}). Choose another folder.") from error
