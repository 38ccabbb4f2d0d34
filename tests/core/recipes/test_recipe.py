import json
import math
import re
from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnngui.core.errors import UserError
from cnngui.core.networks.presets import SHAPES
from cnngui.core.recipes.presets import ARTICLE, BEST, PRESETS, STANDARD, preset
from cnngui.core.recipes.recipe import SETTINGS, Recipe, find
from cnngui.core.recipes.setting import MOST_LETTERS, SettingError, Value, has_effect
from tests.core.recipes.drawn import some_layers, values_of

FIRST_FORMAT = {
    "name": "standard",
    "network": "whitened",
    "width": 64,
    "optimizer": "sgd",
    "epochs": 12,
    "batch_size": 256,
    "learning_rate": 0.375,
    "label_smoothing": 0.1,
    "horizontal_flip": True,
    "random_shift": True,
    "weight_decay": 0.0102,
    "random_zoom": False,
    "colour_jitter": False,
    "cutout": False,
    "cutmix_fraction": 0.0,
    "warm_restarts": 0,
    "validation_fraction": 0.1,
    "seed": 0,
}


def test_the_articles_settings() -> None:
    optimization, augmentation = ARTICLE.optimization, ARTICLE.augmentation
    assert ARTICLE.network.shape == "article"
    assert (optimization.optimizer, optimization.schedule) == ("adam", "constant")
    assert (optimization.batch_size, optimization.epochs, optimization.label_smoothing) == (32, 10, 0)
    assert set(vars(augmentation).values()) == {0}


def test_presets() -> None:
    assert preset("standard") is STANDARD
    assert preset("article") is ARTICLE
    assert all(recipe.network.shape in SHAPES and recipe.name == name for name, recipe in PRESETS.items())
    with pytest.raises(
        UserError, match=r"no recipe “fast”\. Choose one of: article, quick, standard, best, backbone, fine-tune\."
    ):
        preset("fast")


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("network.width", 0, "Width must be between 1 and 1,024."),
        ("network.shape", "deep", "Network must be one of: article, whitened, residual, layers."),
        ("optimization.epochs", 0, "Epochs must be between 1 and 10,000."),
        ("optimization.epochs", 10_001, "Epochs must be between 1 and 10,000."),
        ("optimization.epochs", 1.0, "Epochs must be a whole number."),
        ("optimization.epochs", True, "Epochs must be a whole number."),
        ("optimization.batch_size", 8193, "Batch size must be between 1 and 8,192."),
        ("optimization.learning_rate", 0.0, "Learning rate must be between 0.000001 and 100."),
        ("optimization.learning_rate", math.inf, "Learning rate must be"),
        ("optimization.learning_rate", math.nan, "Learning rate must be"),
        ("optimization.learning_rate", "0.1", "Learning rate must be a number."),
        ("optimization.label_smoothing", 1.0, "Label smoothing must be at least 0 and below 1."),
        ("augmentation.horizontal_flip", 1, "Horizontal flip must be true or false."),
        ("validation.fraction", 0.0, "Validation fraction must be above 0 and at most 0.5."),
        ("seed", -1, "Seed must be between 0 and 4,294,967,295."),
        ("name", 5, "The name must be a text."),
    ],
)
def test_what_a_setting_cannot_be(path: str, value: Value, message: str) -> None:
    part, _, name = path.rpartition(".")
    values = STANDARD.to_dict()
    (values[part] if part else values)[name] = value
    with pytest.raises(SettingError, match=f"^{re.escape(message)}") as caught:
        Recipe.from_dict(values)
    assert caught.value.path == path


@pytest.mark.parametrize("path", SETTINGS)
def test_each_setting_at_its_bounds_and_beyond(path: str) -> None:
    setting = SETTINGS[path]
    if setting.kind is str:
        if setting.choices is None:
            assert STANDARD.changed({path: "a" * MOST_LETTERS}).value(path) == "a" * MOST_LETTERS
            with pytest.raises(SettingError, match="must have at most 10,000 letters"):
                STANDARD.changed({path: "a" * (MOST_LETTERS + 1)})
            return
        assert all(STANDARD.changed({path: choice}).value(path) == choice for choice in setting.choices)
        return
    if setting.kind is bool:
        assert not STANDARD.changed({path: False}).value(path)
        return
    for bound, is_allowed in (
        (setting.minimum, not setting.above_minimum),
        (setting.maximum, not setting.below_maximum),
    ):
        if is_allowed:
            assert STANDARD.changed({path: setting.kind(bound)}).value(path) == bound
        else:
            with pytest.raises(SettingError, match=f"^{setting.label} must be"):
                STANDARD.changed({path: setting.kind(bound)})
    for beyond in (setting.minimum - 1, setting.maximum + 1, math.nan):
        with pytest.raises(SettingError, match=f"^{setting.label} must be"):
            STANDARD.changed({path: beyond if setting.kind is float or math.isnan(beyond) else int(beyond)})


@pytest.mark.parametrize("path", SETTINGS)
def test_each_setting_says_what_it_is(path: str) -> None:
    setting = SETTINGS[path]
    assert setting.label[0].isupper()
    assert setting.sentence[0].isupper()
    assert setting.sentence.endswith((".", "never."))
    assert setting.checked(setting.default, path) == setting.default
    assert setting.choices is None or setting.default in setting.choices
    assert setting.needs is None or set(setting.needs.values) <= set(
        (SETTINGS[f"{path.partition('.')[0]}.{setting.needs.name}"].choices or {}).keys()
    )


def test_beginners_see_what_a_training_begins_with_and_five_settings() -> None:
    assert [path for path, setting in SETTINGS.items() if setting.is_basic and STANDARD.has_effect(path)] == [
        "network.dropout",
        "network.begin",
        "optimization.epochs",
        "optimization.batch_size",
        "optimization.learning_rate",
        "augmentation.horizontal_flip",
    ]


@pytest.mark.parametrize("path", SETTINGS)
def test_each_setting_comes_back_from_the_text_that_a_person_types(path: str) -> None:
    setting = SETTINGS[path]
    assert setting.parse(f" {setting.default} ", path) == setting.default
    if setting.kind is str and setting.choices is None:
        assert setting.parse(" /my models/a.keras ", path) == "/my models/a.keras"
        return
    with pytest.raises(SettingError, match=f"^{setting.label} must be"):
        setting.parse("nonsense", path)


@given(st.data())
def test_every_recipe_comes_back_from_json(data: st.DataObject) -> None:
    values = {
        path: data.draw(values_of(SETTINGS[path])) for path in data.draw(st.sets(st.sampled_from(list(SETTINGS))))
    }
    recipe = replace(STANDARD.changed(values), network=replace(STANDARD.network, layers=data.draw(some_layers())))
    assert Recipe.from_dict(json.loads(json.dumps(recipe.to_dict()))) == recipe


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "optimization.learning_rat",
            "There is no setting “optimization.learning_rat”. The nearest is “optimization.learning_rate”.",
        ),
        ("epoch", "There is no setting “epoch”. The nearest is “epochs”."),
        ("xyzzy", "There is no setting “xyzzy”."),
    ],
)
def test_an_unknown_setting_is_named_with_the_nearest(name: str, message: str) -> None:
    with pytest.raises(SettingError, match=f"^{re.escape(message)}$"):
        STANDARD.changed({name: 1})


def test_the_last_word_of_a_setting_is_enough() -> None:
    assert find("momentum") == "optimization.momentum"
    assert find("seed") == "seed"


def test_what_has_no_effect() -> None:
    sgd, adam = STANDARD.optimization, ARTICLE.optimization
    assert has_effect(sgd, "momentum")
    assert not has_effect(adam, "momentum")
    assert not has_effect(adam, "warm_up")
    assert not has_effect(sgd, "warm_restarts")
    assert has_effect(adam, "epochs")


def test_from_dict_needs_every_setting_of_the_first_format() -> None:
    values = {name: value for name, value in FIRST_FORMAT.items() if name != "horizontal_flip"}
    with pytest.raises(KeyError, match="horizontal_flip"):
        Recipe.from_dict(values)


def test_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        STANDARD.optimization.epochs = 3  # type: ignore[misc]


def test_the_first_format() -> None:
    assert Recipe.from_dict(FIRST_FORMAT) == STANDARD
    best = {
        "name": "best",
        "network": "residual",
        "width": 128,
        "epochs": 105,
        "weight_decay": 0.0024,
        "random_zoom": True,
        "colour_jitter": True,
        "cutout": True,
        "cutmix_fraction": 0.875,
        "warm_restarts": 3,
        "validation_fraction": 0.04,
    }
    assert Recipe.from_dict(FIRST_FORMAT | best) == BEST


def test_the_first_format_of_an_older_card() -> None:
    later = ("random_zoom", "colour_jitter", "cutout", "cutmix_fraction", "weight_decay", "validation_fraction", "seed")
    assert Recipe.from_dict({name: value for name, value in FIRST_FORMAT.items() if name not in later}) == STANDARD


def test_the_first_format_by_its_former_names() -> None:
    later = ("horizontal_flip", "random_shift", "random_zoom", "colour_jitter", "cutout", "cutmix_fraction")
    values = {name: value for name, value in FIRST_FORMAT.items() if name not in (*later, "warm_restarts")}
    del values["validation_fraction"]
    former = {"augment": True, "photographs": True, "mixed": 0.875, "restarts": 3, "held_out": 0.04}
    recipe = Recipe.from_dict(values | former)
    assert recipe.augmentation == BEST.augmentation
    assert recipe.validation == BEST.validation
    assert recipe.cycles == (9, 1, 1, 1)


def test_without_restarts_there_is_one_cycle() -> None:
    assert STANDARD.changed({"optimization.epochs": 10}).cycles == (10,)
    assert STANDARD.changed({"optimization.epochs": 8, "augmentation.cutmix": 0.5}).cutmix_epochs == {1, 2, 3, 4}
    assert STANDARD.cutmix_epochs == set()
    assert ARTICLE.changed({"optimization.warm_restarts": 2}).cycles == (10,)  # its rate is constant


def test_too_few_epochs_for_restarts() -> None:
    recipe = STANDARD.changed(
        {
            "optimization.epochs": 7,
            "optimization.warm_restarts": 2,
            "optimization.schedule": "restarts",
            "optimization.averaging": "cycles",
        }
    )
    assert recipe.lacks_restarts
    assert recipe.cycles == (7,)
    assert not recipe.changed({"optimization.epochs": 8}).lacks_restarts
    assert len(recipe.changed({"optimization.epochs": 8}).cycles) == 3
    assert not recipe.changed(
        {"optimization.warm_restarts": 0, "optimization.schedule": "restarts", "optimization.averaging": "cycles"}
    ).lacks_restarts
    assert not ARTICLE.changed({"optimization.epochs": 7}).lacks_restarts  # more epochs would not help


def test_each_restart_is_a_cycle_of_an_eighth() -> None:
    recipe = STANDARD.changed(
        {
            "optimization.epochs": 16,
            "optimization.warm_restarts": 2,
            "augmentation.cutmix": 0.5,
            "optimization.schedule": "restarts",
            "optimization.averaging": "cycles",
        }
    )
    assert recipe.cycles == (12, 2, 2)
    assert recipe.cutmix_epochs == {1, 2, 3, 4, 5, 6, 13, 15}


@pytest.mark.parametrize("epochs", range(1, 20))
@pytest.mark.parametrize("restarts", range(5))
def test_every_cycle_has_an_epoch_and_the_first_at_least_half(epochs: int, restarts: int) -> None:
    cycles = STANDARD.changed(
        {
            "optimization.epochs": epochs,
            "optimization.warm_restarts": restarts,
            "optimization.schedule": "restarts",
            "optimization.averaging": "cycles",
        }
    ).cycles
    assert sum(cycles) == epochs
    assert min(cycles) >= 1
    assert cycles[0] >= epochs / 2
