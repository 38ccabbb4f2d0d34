"""The models in a folder of runs: list, rename and delete them."""

import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cnngui import paths
from cnngui.core.errors import Stopped, UserError
from cnngui.core.models.card import Card, read_card
from cnngui.core.models.score import Score
from cnngui.core.progress import ShouldStop, never_stop
from cnngui.core.runs.folder import MODEL

SHIPPED = "The shipped model"


@dataclass(frozen=True)
class ListedModel:
    """What a list shows of a model. The model itself is not opened.

    path: of its .keras file, absolute. name: for the user; the folder's name if it is kept.
    kept: whether it is in a run's folder, so that it can be renamed and deleted.
    modified: when it was written, in seconds since 1970.
    card: None if there is none. problem: why the card cannot be read, or "".
    """

    path: Path
    name: str
    kept: bool
    modified: float
    card: Card | None
    problem: str = ""

    @property
    def data(self) -> str:
        """The title of the data it was trained on; "" if unknown."""
        return self.card.training.data if self.card and self.card.training else ""

    @property
    def recipe(self) -> str:
        """The name of its recipe; "" if unknown."""
        return self.card.training.recipe.name if self.card and self.card.training else ""

    @property
    def score(self) -> Score | None:
        """Its result on the test images; None if unknown."""
        return self.card.training.score if self.card and self.card.training else None

    @property
    def moment(self) -> float:
        """When its training ended, or else when its file was written, in seconds since 1970."""
        ended = self.card.training.ended if self.card and self.card.training else ""
        return datetime.fromisoformat(ended).timestamp() if ended else self.modified

    @property
    def stopped_in_first_epoch(self) -> bool:
        """Whether its training was stopped before its first epoch ended."""
        return bool(self.card and self.card.training and self.card.training.stopped_in_first_epoch)

    @property
    def has_curves(self) -> bool:
        """Whether its card has a history."""
        return bool(self.card and self.card.training and self.card.training.history)


def model_name(model: Path) -> str:
    """What the model is called: by its folder if that is a run's, else by its file."""
    if model == paths.shipped_model():
        return SHIPPED
    return model.parent.name if model.name == MODEL else model.name


def describe(path: Path, name: str, *, kept: bool = False) -> ListedModel | None:
    """The list entry for the model at ``path``; None if there is no such file."""
    try:
        if not path.is_file():
            return None
        modified = path.stat().st_mtime
    except OSError:
        return None
    try:
        return ListedModel(path, name, kept, modified, read_card(path))
    except UserError as error:
        return ListedModel(path, name, kept, modified, None, str(error))


def list_models(folder: Path, *, should_stop: ShouldStop = never_stop) -> list[ListedModel]:
    """The models of the runs in ``folder``, in no particular order; none if it does not exist.

    Runs without a model are skipped. Raises UserError if ``folder`` cannot be read, and Stopped.
    """
    found = []
    try:
        for run in sorted(folder.iterdir()) if folder.exists() else ():
            if should_stop():
                raise Stopped
            found.append(describe(run / MODEL, run.name, kept=True))
    except OSError as error:
        raise UserError(f"{folder} could not be read ({error.strerror}). Check its permissions.") from error
    return [model for model in found if model is not None]


def rename(model: Path, name: str) -> Path:
    """Rename the run's folder that holds the model, and return the model's new path. Raises UserError."""
    folder, name = model.parent, name.strip()
    if not name or name in (".", ".."):
        raise UserError("A model needs a name. Type one.")
    if "/" in name or "\\" in name or not name.isprintable():
        raise UserError("The name becomes the name of a folder: it cannot contain “/” or “\\”. Type another one.")
    new = folder.with_name(name)
    try:
        if os.path.lexists(new) and not new.samefile(folder):  # the same if the file system ignores case
            raise UserError(f"There is already a model “{name}”. Choose another name.")
        folder.rename(new)
    except OSError as error:
        raise UserError(f"“{folder.name}” could not be renamed ({error.strerror}). Choose another name.") from error
    return new / model.name


def delete(model: Path) -> None:
    """Delete the run's folder that holds the model, permanently. Raises UserError."""
    try:
        shutil.rmtree(model.parent)
    except OSError as error:
        raise UserError(
            f"“{model.parent.name}” could not be deleted ({error.strerror or error}). Check its permissions."
        ) from error
