"""What a training begins with, before its data is read."""

from pathlib import Path

from cnngui.core.data.image_folder import SIDE
from cnngui.core.errors import UserError
from cnngui.core.files import is_remote
from cnngui.core.models import file as model_file
from cnngui.core.networks.backbones import published
from cnngui.core.progress import Report, ShouldStop
from cnngui.core.recipes.parts import NetworkSettings
from cnngui.paths import expanded


def side_of(chosen: NetworkSettings) -> int:
    """The side in pixels to which a folder's pictures are scaled for this network.

    Raises UserError if it begins with a model that cannot be opened.
    """
    match chosen.begin:
        case "shipped":
            return SIDE
        case "model":
            return int(model_file.load(model_path(chosen)).network.input_shape[1])
    return chosen.side


def fetch(chosen: NetworkSettings, progress: Report, should_stop: ShouldStop) -> None:
    """Download the backbone's weights, if the network has one whose weights come from the web and are not here.

    Raises UserError if they cannot be had, and Stopped.
    """
    if chosen.begin in published.PUBLISHED and weights_path(chosen) is None:
        published.fetch(chosen.begin, progress, should_stop)


def model_path(chosen: NetworkSettings) -> Path:
    """The model of the user's own that the training begins with.

    Raises UserError if none is chosen, or it is on another computer.
    """
    if not chosen.begin_file:
        raise UserError("The training has no model to begin with. Choose its file.")
    return _own(chosen.begin_file)


def weights_path(chosen: NetworkSettings) -> Path | None:
    """The user's own file of the backbone's weights, or None for the usual ones.

    Raises UserError if it is on another computer.
    """
    return _own(chosen.begin_file) if chosen.begin_file else None


def _own(file: str) -> Path:
    if is_remote(file):  # a recipe may come from anyone
        raise UserError("The file to begin with is on another computer. Copy it to this one.")
    return expanded(Path(file))
