"""The time that runs so far have taken."""

import platform
from dataclasses import replace
from pathlib import Path

import pytest

from cnngui.core.networks.presets import layers_of
from cnngui.core.recipes.presets import ARTICLE, STANDARD
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.recipes.toml_file import write_recipe
from cnngui.core.runs.folder import HISTORY, RECIPE
from cnngui.core.runs.timing import seconds_per_image
from tests.core.runs.runs import record, write_run

IMAGES = {"training": 1000, "validation": 100, "test": 100}
BUILT = replace(ARTICLE, network=replace(ARTICLE.network, shape="layers", layers=layers_of(ARTICLE.network)))


def add(runs: Path, name: str, recipe: Recipe = ARTICLE, host: str = "", epochs: int = 2) -> Path:
    """A run of 1,000 training images, 60.5 s an epoch."""
    folder = write_run(runs / name, record(host=host or platform.node(), images=IMAGES), epochs)
    write_recipe(recipe, folder / RECIPE)
    return folder


def test_a_run_of_the_same_layers_tells_the_time(tmp_path: Path) -> None:
    add(tmp_path, "one")
    assert seconds_per_image(tmp_path, BUILT) == pytest.approx(0.0605)


@pytest.mark.parametrize(
    "recipe",
    [STANDARD, ARTICLE.changed({"optimization.batch_size": 64}), ARTICLE.changed({"network.width": 16})],
    ids=["another shape", "another batch size", "another width"],
)
def test_another_network_tells_nothing(tmp_path: Path, recipe: Recipe) -> None:
    add(tmp_path, "one", recipe)
    assert seconds_per_image(tmp_path, BUILT) is None


def test_what_tells_nothing_is_passed_over(tmp_path: Path) -> None:
    assert seconds_per_image(tmp_path / "none", BUILT) is None
    add(tmp_path, "elsewhere", host="another computer")
    add(tmp_path, "not an epoch", epochs=0)
    (add(tmp_path, "damaged") / RECIPE).write_text("nonsense", encoding="utf-8")
    (add(tmp_path, "no history") / HISTORY).unlink()
    assert seconds_per_image(tmp_path, BUILT) is None
    add(tmp_path, "good")
    assert seconds_per_image(tmp_path, BUILT) == pytest.approx(0.0605)
