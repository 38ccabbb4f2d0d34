import json
import math
from dataclasses import FrozenInstanceError, asdict, replace
from typing import Any

import pytest

from cnngui.core.errors import UserError
from cnngui.core.networks.presets import NETWORKS
from cnngui.core.recipes.recipe import ARTICLE, PRESETS, STANDARD, Recipe, preset


def test_the_articles_settings() -> None:
    assert (ARTICLE.network, ARTICLE.optimizer, ARTICLE.batch_size, ARTICLE.epochs) == ("article", "adam", 32, 10)
    assert (ARTICLE.augment, ARTICLE.label_smoothing) == (False, 0)


def test_presets() -> None:
    assert preset("standard") is STANDARD
    assert preset("article") is ARTICLE
    assert all(recipe.network in NETWORKS and recipe.name == name for name, recipe in PRESETS.items())
    with pytest.raises(UserError, match=r"no recipe “fast”\. Choose one of: article, quick, standard, best\."):
        preset("fast")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"epochs": 0}, "epochs"),
        ({"epochs": 10_001}, "epochs"),
        ({"batch_size": 0}, "batch size"),
        ({"batch_size": 8193}, "batch size"),
        ({"learning_rate": 0.0}, "learning rate"),
        ({"learning_rate": -1.0}, "learning rate"),
        ({"learning_rate": math.inf}, "learning rate"),
        ({"learning_rate": math.nan}, "learning rate"),
        ({"weight_decay": -0.1}, "weight decay"),
        ({"weight_decay": math.nan}, "weight decay"),
        ({"mixed": -0.1}, "share"),
        ({"mixed": 1.1}, "share"),
        ({"mixed": math.nan}, "share"),
        ({"restarts": -1}, "restarts"),
        ({"restarts": 5}, "restarts"),
        ({"held_out": 0.0}, "share"),
        ({"held_out": 0.6}, "share"),
        ({"held_out": math.nan}, "share"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**32}, "seed"),
    ],
)
def test_settings_out_of_range(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=message):
        replace(STANDARD, **settings)


def test_settings_at_the_edge() -> None:
    replace(STANDARD, epochs=1, batch_size=1, learning_rate=100, seed=0)
    replace(STANDARD, epochs=10_000, batch_size=8192, learning_rate=1e-9, seed=2**32 - 1)


def test_round_trip_through_json() -> None:
    for recipe in (ARTICLE, replace(STANDARD, seed=7, learning_rate=0.1 + 0.2)):
        assert Recipe.from_dict(json.loads(json.dumps(asdict(recipe)))) == recipe


def test_from_dict_needs_every_setting() -> None:
    settings = asdict(STANDARD)
    del settings["augment"]
    with pytest.raises(KeyError, match="augment"):
        Recipe.from_dict(settings)


def test_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        STANDARD.epochs = 3  # type: ignore[misc]


def test_settings_of_an_older_card() -> None:
    settings = asdict(STANDARD)
    del settings["photographs"], settings["mixed"], settings["weight_decay"], settings["held_out"], settings["restarts"]
    assert Recipe.from_dict(settings) == STANDARD


def test_without_restarts_there_is_one_cycle() -> None:
    assert replace(STANDARD, epochs=10).cycles == (10,)
    assert replace(STANDARD, epochs=8, mixed=0.5).mixed_epochs == {1, 2, 3, 4}
    assert STANDARD.mixed_epochs == set()
    assert replace(ARTICLE, restarts=2).cycles == (10,)  # Adam's rate is constant


def test_each_restart_is_a_cycle_of_an_eighth() -> None:
    recipe = replace(STANDARD, epochs=16, restarts=2, mixed=0.5)
    assert recipe.cycles == (12, 2, 2)
    assert recipe.mixed_epochs == {1, 2, 3, 4, 5, 6, 13, 15}


@pytest.mark.parametrize("epochs", range(1, 20))
@pytest.mark.parametrize("restarts", range(5))
def test_every_cycle_has_an_epoch_and_the_first_at_least_half(epochs: int, restarts: int) -> None:
    cycles = replace(STANDARD, epochs=epochs, restarts=restarts).cycles
    assert sum(cycles) == epochs
    assert min(cycles) >= 1
    assert cycles[0] >= epochs / 2
