"""The trained models in a folder: what is known of each, and renaming and deleting them."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from cnngui.core.errors import Stopped, UserError
from cnngui.core.models.file import Card, read_card
from cnngui.core.progress import ShouldStop, never_stop
from cnngui.core.runs.folder import MODEL


@dataclass(frozen=True)
class TrainedModel:
    """What a list says of a model, without opening it.

    path: of its .keras file, absolute. name: for people; that of its folder, if it is kept.
    kept: whether it has a folder of its own among the runs, so that it can be renamed and deleted.
    modified: when it was written, in seconds since 1970.
    card: None where there is none. problem: why it cannot be read, or "".
    """

    path: Path
    name: str
    kept: bool
    modified: float
    card: Card | None
    problem: str = ""

    @property
    def data(self) -> str:
        """What it was trained on; "" where that is not known."""
        return self.card.data if self.card else ""

    @property
    def recipe(self) -> str:
        """How it was trained; "" where that is not known."""
        return self.card.recipe.name if self.card and self.card.recipe else ""

    @property
    def test_accuracy(self) -> float | None:
        """The share of the test images named right, 0–1; None where that is not known."""
        return self.card.test_accuracy if self.card else None


def describe(path: Path, name: str, *, kept: bool = False) -> TrainedModel | None:
    """What is known of the model at ``path``; None where no file is there."""
    try:
        if not path.is_file():
            return None
        modified = path.stat().st_mtime
    except OSError:
        return None
    try:
        return TrainedModel(path, name, kept, modified, read_card(path))
    except UserError as error:
        return TrainedModel(path, name, kept, modified, None, str(error))


def trained_models(folder: Path, *, should_stop: ShouldStop = never_stop) -> list[TrainedModel]:
    """The models that are kept in ``folder``, each in a folder of its own, in no order; none where it is not there.

    Folders without a model are passed over. Raises UserError where ``folder`` cannot be read, and Stopped.
    """
    found = []
    try:
        for run in sorted(folder.iterdir()) if folder.exists() else ():
            if should_stop():
                raise Stopped
            found.append(describe(run / MODEL, run.name, kept=True))
    except OSError as error:
        raise UserError(f"{folder} cannot be read ({error.strerror}). Check its permissions.") from error
    return [model for model in found if model is not None]


def rename(model: Path, name: str) -> Path:
    """Rename the folder in which a model is kept; where the model is then. Raises UserError."""
    folder, name = model.parent, name.strip()
    if not name or name in (".", ".."):
        raise UserError("A model needs a name. Type one.")
    if "/" in name or "\\" in name or not name.isprintable():
        raise UserError("The name of a model is that of a folder, so it cannot have a “/” or “\\” in it. Leave it out.")
    new = folder.with_name(name)
    try:
        if os.path.lexists(new) and not new.samefile(folder):  # it is the same where capitals do not count
            raise UserError(f"There is a model “{name}” already. Choose another name.")
        folder.rename(new)
    except OSError as error:
        raise UserError(f"“{folder.name}” could not be renamed ({error.strerror}). Choose another name.") from error
    return new / model.name


def delete(model: Path) -> None:
    """Delete the folder in which a model is kept, for good. Raises UserError."""
    try:
        shutil.rmtree(model.parent)
    except OSError as error:
        raise UserError(
            f"“{model.parent.name}” could not be deleted ({error.strerror or error}). Check its permissions."
        ) from error
