"""To train once more on data that has been mended: from where the last run on it ended."""

from collections.abc import Iterable
from pathlib import Path

from cnngui.core.recipes.presets import BACKBONE, beginning
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.runs.folder import MODEL
from cnngui.core.runs.library import ListedRun


def last_run_on(folder: Path, runs: Iterable[ListedRun]) -> ListedRun | None:
    """The run on this folder of pictures that has ended last, if it has a model."""
    of_folder = (run for run in runs if run.has_model and run.recipe is not None and _source(run) == str(folder))
    return max(of_folder, key=lambda run: run.moment, default=None)


def recipe_again(run: ListedRun | None) -> Recipe:
    """The recipe of a training that begins with the run's model, with what may change as it was.

    Without a run, one that begins with a backbone.
    """
    if run is None or run.recipe is None:
        return BACKBONE
    begin = {"network.begin": "model", "network.begin_file": str(run.path)}
    if run.recipe.network.begins:
        return run.recipe.changed(begin)
    return beginning(run.recipe, "model", str(run.path))  # what suits a network that knows nothing would spoil it


def run_before(recipe: Recipe) -> Path | None:
    """The model of the run that a training with this recipe began with; None if it began with anything else."""
    path = Path(recipe.network.begin_file)
    return path if recipe.network.begin == "model" and path.name == MODEL else None


def _source(run: ListedRun) -> str:
    return run.record.source if run.record is not None else run.training.source if run.training is not None else ""
