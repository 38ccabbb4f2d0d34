import json
import math
import re
from dataclasses import FrozenInstanceError, asdict, replace

import pytest

from cnngui.core.errors import UserError
from cnngui.core.networks.presets import NETWORKS
from cnngui.core.recipes.presets import ARTICLE, BEST, PRESETS, STANDARD, preset
from cnngui.core.recipes.recipe import SETTINGS, Recipe


def test_the_articles_settings() -> None:
    assert (ARTICLE.network, ARTICLE.optimizer, ARTICLE.batch_size, ARTICLE.epochs) == ("article", "adam", 32, 10)
    assert (ARTICLE.horizontal_flip, ARTICLE.random_shift, ARTICLE.label_smoothing) == (False, False, 0)


def test_presets() -> None:
    assert preset("standard") is STANDARD
    assert preset("article") is ARTICLE
    assert all(recipe.network in NETWORKS and recipe.name == name for name, recipe in PRESETS.items())
    with pytest.raises(UserError, match=r"no recipe “fast”\. Choose one of: article, quick, standard, best\."):
        preset("fast")


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("width", 0, "Width must be between 1 and 1,024."),
        ("epochs", 0, "Epochs must be between 1 and 10,000."),
        ("epochs", 10_001, "Epochs must be between 1 and 10,000."),
        ("batch_size", 0, "Batch size must be between 1 and 8,192."),
        ("batch_size", 8193, "Batch size must be between 1 and 8,192."),
        ("learning_rate", 0.0, "Learning rate must be between 0.000001 and 100."),
        ("learning_rate", -1.0, "Learning rate must be"),
        ("learning_rate", math.inf, "Learning rate must be"),
        ("learning_rate", math.nan, "Learning rate must be"),
        ("weight_decay", -0.1, "Weight decay must be between 0 and 1."),
        ("weight_decay", math.nan, "Weight decay must be"),
        ("label_smoothing", 1.0, "Label smoothing must be at least 0 and below 1."),
        ("cutmix_fraction", -0.1, "CutMix fraction must be between 0 and 1."),
        ("cutmix_fraction", 1.1, "CutMix fraction must be"),
        ("cutmix_fraction", math.nan, "CutMix fraction must be"),
        ("warm_restarts", -1, "Warm restarts must be between 0 and 4."),
        ("warm_restarts", 5, "Warm restarts must be"),
        ("validation_fraction", 0.0, "Validation fraction must be above 0 and at most 0.5."),
        ("validation_fraction", 0.6, "Validation fraction must be"),
        ("validation_fraction", math.nan, "Validation fraction must be"),
        ("seed", -1, "Seed must be between 0 and 4,294,967,295."),
        ("seed", 2**32, "Seed must be"),
    ],
)
def test_settings_out_of_bounds(name: str, value: float, message: str) -> None:
    with pytest.raises(UserError, match=f"^{re.escape(message)}"):
        Recipe(**(asdict(STANDARD) | {name: value}))


def test_settings_at_their_bounds() -> None:
    for name, setting in SETTINGS.items():
        kind = type(getattr(STANDARD, name))
        if not setting.above_minimum:
            Recipe(**(asdict(STANDARD) | {name: kind(setting.minimum)}))
        if not setting.below_maximum:
            Recipe(**(asdict(STANDARD) | {name: kind(setting.maximum)}))


def test_every_number_has_bounds_and_a_sentence() -> None:
    numbers = {name for name, value in asdict(STANDARD).items() if type(value) in (int, float)}
    assert SETTINGS.keys() == numbers
    assert all(setting.sentence.endswith(".") for setting in SETTINGS.values())


def test_round_trip_through_json() -> None:
    for recipe in (ARTICLE, replace(STANDARD, seed=7, learning_rate=0.1 + 0.2)):
        assert Recipe.from_dict(json.loads(json.dumps(asdict(recipe)))) == recipe


def test_from_dict_needs_every_setting() -> None:
    settings = asdict(STANDARD)
    del settings["horizontal_flip"]
    with pytest.raises(KeyError, match="horizontal_flip"):
        Recipe.from_dict(settings)


def test_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        STANDARD.epochs = 3  # type: ignore[misc]


def test_settings_of_an_older_card() -> None:
    settings = asdict(STANDARD)
    for name in ("random_zoom", "colour_jitter", "cutout", "cutmix_fraction", "weight_decay", "validation_fraction"):
        del settings[name]
    assert Recipe.from_dict(settings) == STANDARD


def test_settings_by_their_former_names() -> None:
    settings = asdict(BEST)
    for name in ("horizontal_flip", "random_shift", "random_zoom", "colour_jitter", "cutout", "cutmix_fraction"):
        del settings[name]
    del settings["warm_restarts"], settings["validation_fraction"]
    former = {"augment": True, "photographs": True, "mixed": 0.875, "restarts": 3, "held_out": 0.04}
    assert Recipe.from_dict(settings | former) == BEST


def test_without_restarts_there_is_one_cycle() -> None:
    assert replace(STANDARD, epochs=10).cycles == (10,)
    assert replace(STANDARD, epochs=8, cutmix_fraction=0.5).cutmix_epochs == {1, 2, 3, 4}
    assert STANDARD.cutmix_epochs == set()
    assert replace(ARTICLE, warm_restarts=2).cycles == (10,)  # Adam's rate is constant


def test_too_few_epochs_for_restarts() -> None:
    recipe = replace(STANDARD, epochs=7, warm_restarts=2)
    assert recipe.lacks_restarts
    assert recipe.cycles == (7,)
    assert not replace(recipe, epochs=8).lacks_restarts
    assert len(replace(recipe, epochs=8).cycles) == 3
    assert not replace(recipe, warm_restarts=0).lacks_restarts
    assert not replace(ARTICLE, epochs=7, warm_restarts=2).lacks_restarts  # more epochs would not help


def test_each_restart_is_a_cycle_of_an_eighth() -> None:
    recipe = replace(STANDARD, epochs=16, warm_restarts=2, cutmix_fraction=0.5)
    assert recipe.cycles == (12, 2, 2)
    assert recipe.cutmix_epochs == {1, 2, 3, 4, 5, 6, 13, 15}


@pytest.mark.parametrize("epochs", range(1, 20))
@pytest.mark.parametrize("restarts", range(5))
def test_every_cycle_has_an_epoch_and_the_first_at_least_half(epochs: int, restarts: int) -> None:
    cycles = replace(STANDARD, epochs=epochs, warm_restarts=restarts).cycles
    assert sum(cycles) == epochs
    assert min(cycles) >= 1
    assert cycles[0] >= epochs / 2
