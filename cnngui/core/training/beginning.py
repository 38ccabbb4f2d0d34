"""What a training begins with, before its data is read."""

from pathlib import Path

from cnngui.core.data.image_folder import SIDE
from cnngui.core.errors import UserError
from cnngui.core.models import file as model_file
from cnngui.core.recipes.parts import NetworkSettings


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


def model_path(chosen: NetworkSettings) -> Path:
    """The model of the user's own that the training begins with.

    Raises UserError if none is chosen, or it is on another computer.
    """
    if not chosen.begin_file:
        raise UserError("The training has no model to begin with. Choose its file.")
    if chosen.begin_file.replace("/", "\\").startswith(
        "\\\\"
    ):  # a recipe may come from anyone, and Windows would sign in
        raise UserError("The model to begin with is on another computer. Copy it to this one.")
    return Path(chosen.begin_file).expanduser()
