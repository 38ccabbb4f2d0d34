"""To train once more on data that has been mended: from where the last run on it ended."""

from collections.abc import Iterable
from pathlib import Path

from cnngui.core.data.datasets import resolved
from cnngui.core.recipes.presets import BACKBONE
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.runs.folder import MODEL
from cnngui.core.runs.library import ListedRun


def last_run_on(folder: Path, runs: Iterable[ListedRun]) -> ListedRun | None:
    """The run on this folder of pictures that has ended last, if it has a model."""
    source = resolved(str(folder))
    of_folder = (run for run in runs if run.has_model and run.recipe is not None and _source(run) == source)
    return max(of_folder, key=lambda run: run.moment, default=None)


def recipe_again(run: ListedRun | None) -> Recipe:
    """The recipe of a training that begins with the run's model, if only its last layer has learnt, or else as it did.

    Other layers may have learnt pictures that are for the test now: mended data is divided anew. Without a run, it
    begins with a backbone.
    """
    if run is None or run.recipe is None:
        return BACKBONE
    network = run.recipe.network
    if not network.is_head_only or network.begin == "model":
        return run.recipe
    return run.recipe.changed({"network.begin": "model", "network.begin_file": str(run.path)})


def run_before(recipe: Recipe) -> Path | None:
    """The model of the run that a training with this recipe began with; None if it began with anything else."""
    path = Path(recipe.network.begin_file)
    return path if recipe.network.begin == "model" and path.name == MODEL else None


def _source(run: ListedRun) -> str:
    return run.record.source if run.record is not None else run.training.source if run.training is not None else ""
