"""Which numbers a model of others takes for pixels: remembered in a small text file beside it."""

from enum import StrEnum
from pathlib import Path

from cnngui.core.errors import UserError
from cnngui.core.files import replacing
from cnngui.core.models.card import is_trained_here
from cnngui.core.reading import read_bytes

MAX_BYTES = 100


class Pixels(StrEnum):
    """The pixels that a network learnt from: black and white."""

    BYTES = "0-255"
    UNIT = "0-1"
    SIGNED = "-1-1"

    @property
    def words(self) -> str:
        """For the user."""
        return {Pixels.BYTES: "0–255", Pixels.UNIT: "0–1", Pixels.SIGNED: "−1–1"}[self]

    @property
    def scale(self) -> float:
        """What pixels of 0–255 are multiplied by."""
        return {Pixels.BYTES: 1.0, Pixels.UNIT: 1 / 255, Pixels.SIGNED: 1 / 127.5}[self]

    @property
    def offset(self) -> float:
        """What is added then."""
        return -1.0 if self is Pixels.SIGNED else 0.0


def pixels_path(model: Path) -> Path:
    """The path of the file in which the choice is remembered."""
    return model.with_suffix(".pixels.txt")


def read_pixels(model: Path) -> Pixels | None:
    """What was chosen for the model, or None if nothing was, or the file is something else."""
    try:
        return Pixels(read_bytes(pixels_path(model), MAX_BYTES).decode().strip())
    except (OSError, ValueError):
        return None


def write_pixels(model: Path, pixels: Pixels) -> None:
    """Remember the choice for a model of others.

    Raises UserError if there is no model, or cnngui trained it, or nothing can be written beside it.
    """
    if not model.is_file():
        raise UserError(f"There is no model at {model}. Check its name, or choose another file.")
    if is_trained_here(model):
        raise UserError(f"cnngui trained {model.name}, which gets the pixels that it learnt from. Choose none for it.")
    try:
        with replacing(pixels_path(model)) as new:
            new.write_text(f"{pixels}\n", encoding="utf-8")
    except OSError as error:
        raise UserError(
            f"The choice of pixels could not be saved beside {model.name} ({error.strerror or error}). "
            "Copy the model to a folder of your own."
        ) from error
