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


def test_it_begins_with_a_model_whose_last_layer_alone_has_learnt() -> None:
    before = run("new", 1)
    again = recipe_again(before)
    assert (again.network.begin, again.network.begin_file) == ("model", str(before.path))
    assert (again.network.trainable, again.augmentation) == ("head", BACKBONE.augmentation)
    assert run_before(again) == before.path


@pytest.mark.parametrize(
    "recipe",
    [
        STANDARD,
        FINE_TUNE,
        BACKBONE.changed({"network.trainable": "all"}),
        BACKBONE.changed({"network.begin": "model", "network.begin_file": "/fine-tuned.keras"}),
    ],
    ids=["from nothing", "from half-way on", "all", "on layers that may have learnt"],
)
def test_what_may_have_learnt_pictures_for_the_test_is_not_begun_with(recipe: Recipe) -> None:
    assert recipe_again(run("new", 1, recipe=recipe)) == recipe


def test_without_a_run_it_begins_with_a_backbone() -> None:
    assert recipe_again(None) == BACKBONE
    assert run_before(BACKBONE) is None
