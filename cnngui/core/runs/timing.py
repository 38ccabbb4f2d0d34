"""How long a training takes, as the runs so far have shown."""

import platform
import statistics
from contextlib import suppress
from pathlib import Path

from cnngui.core.errors import UserError
from cnngui.core.networks.presets import layers_of
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.recipes.toml_file import read_recipe
from cnngui.core.runs.folder import RECIPE, RECORD
from cnngui.core.runs.history import read_epochs
from cnngui.core.runs.record import read_record

OF_LAYERS = ("article", "layers")  # the shapes that are a list of layers


def seconds_per_image(runs_dir: Path, recipe: Recipe) -> float | None:
    """How long an epoch took for each training image, with its validation, in seconds.

    This is the median over the runs of this computer with the recipe's layers and batch size; None without any.
    """
    found = []
    with suppress(OSError):
        for record in sorted(runs_dir.glob(f"*/{RECORD}")):
            with suppress(UserError, OSError):
                found += _of_run(record.parent, recipe)
    return statistics.median(found) if found else None


def _of_run(folder: Path, recipe: Recipe) -> list[float]:
    """The run's time in a list, or none if it is another network, or from another computer."""
    record = read_record(folder)
    if record is None or record.host != platform.node() or not record.images or not record.images.get("training"):
        return []
    if not _costs_the_same(read_recipe(folder / RECIPE), recipe):
        return []
    epochs = read_epochs(folder)
    if not epochs:
        return []
    first, last = epochs[0], epochs[-1]
    seconds = first.seconds  # with what a training takes to begin
    if last.epoch > first.epoch:
        seconds = (last.seconds - first.seconds) / (last.epoch - first.epoch)
    return [seconds / record.images["training"]]


def _costs_the_same(one: Recipe, other: Recipe) -> bool:
    return (
        one.network.shape in OF_LAYERS
        and layers_of(one.network) == layers_of(other.network)
        and one.optimization.batch_size == other.optimization.batch_size
    )
