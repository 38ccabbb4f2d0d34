"""Training once more on data that has been mended."""

from dataclasses import replace
from pathlib import Path

import pytest

from cnngui.core.recipes.presets import BACKBONE, FINE_TUNE, STANDARD
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.runs.again import last_run_on, recipe_again, run_before
from cnngui.core.runs.library import ListedRun
from tests.core.runs.runs import record

BIRDS = Path("/home/ada/birds")


def run(name: str, modified: float, source: str = str(BIRDS), recipe: Recipe = BACKBONE) -> ListedRun:
    path = Path("/runs") / name / "model.keras"
    return ListedRun(path, name, True, modified, None, record=replace(record(), source=source), recipe=recipe)


def test_the_last_run_on_the_folder_is_found() -> None:
    runs = [run("old", 1), run("new", 3), run("of cats", 4, "/home/ada/cats"), replace(run("lost", 5), has_model=False)]
    found = last_run_on(BIRDS, runs)
    assert found is not None
    assert found.name == "new"
    assert last_run_on(Path("/home/ada/dogs"), runs) is None


@pytest.mark.parametrize("trainable", ["head", "half", "all"])
def test_it_begins_with_the_model_and_what_may_change_stays(trainable: str) -> None:
    before = run("new", 1, recipe=BACKBONE.changed({"network.trainable": trainable}))
    again = recipe_again(before)
    assert (again.network.begin, again.network.begin_file) == ("model", str(before.path))
    assert (again.network.trainable, again.augmentation) == (trainable, BACKBONE.augmentation)
    assert run_before(again) == before.path


def test_a_network_that_knew_nothing_is_fine_tuned() -> None:
    again = recipe_again(run("new", 1, recipe=STANDARD))
    assert again.optimization == FINE_TUNE.optimization
    assert again.network.begin == "model"


def test_without_a_run_it_begins_with_a_backbone() -> None:
    assert recipe_again(None) == BACKBONE
    assert run_before(BACKBONE) is None
