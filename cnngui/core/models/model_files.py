"""A model's files as bytes: by them, a model is told from others and sent to other computers."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cnngui.core.models.card import card_path, is_trained_here
from cnngui.core.models.class_names import names_files
from cnngui.core.models.pixels import pixels_path
from cnngui.core.reading import unreadable


@dataclass(frozen=True)
class ModelFiles:
    """All that decides a model's answers.

    contents: of the model's file, then of its card, or of those that name its classes and say which pixels it takes.
    Each has what its name ends in, or its whole name if that is not the model's.
    """

    contents: tuple[tuple[str, bytes], ...]

    @classmethod
    def read(cls, model: Path) -> "ModelFiles":
        """The files of the model at this path, which can be opened. Raises UserError if one cannot be read."""
        names = (card_path(model),) if is_trained_here(model) else names_files(model)
        found = (path for path in (*names, pixels_path(model)) if path.is_file())
        return cls(tuple((path.name.removeprefix(model.stem), _content(path)) for path in (model, *found)))

    @cached_property
    def digest(self) -> str:
        """16 hexadecimal digits that other models do not have, whatever the files are called."""
        digest = hashlib.blake2b(digest_size=8)
        for suffix, content in self.contents:
            digest.update(f"{suffix} {len(content)} ".encode() + content)
        return digest.hexdigest()

    def write(self, folder: Path) -> Path:
        """Write the files into the folder. Returns the path of the model. Raises OSError."""
        for name, content in self.contents:
            (folder / (f"model{name}" if name.startswith(".") else name)).write_bytes(content)
        return folder / f"model{self.contents[0][0]}"


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise unreadable(path.name, error) from error
