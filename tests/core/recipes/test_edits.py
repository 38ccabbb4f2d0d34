import pytest

from cnngui.core.models.card import read_card
from cnngui.core.recipes.edits import edits, long_title, title
from cnngui.core.recipes.fitting import fitted
from cnngui.core.recipes.presets import ARTICLE, STANDARD
from cnngui.core.recipes.setting import Value
from cnngui.paths import shipped_model


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ()),
        ({"network.dropout": 0.3}, ("dropout 0.3",)),
        ({"augmentation.horizontal_flip": False, "augmentation.cutmix": 0.5}, ("no horizontal flip", "CutMix 0.5")),
        ({"optimization.schedule": "step"}, ("schedule (step)",)),
        ({"network.shape": "article", "optimization.epochs": 1000}, ("article", "epochs 1,000")),
    ],
)
def test_edits_are_told_in_words(changes: dict[str, Value], words: tuple[str, ...]) -> None:
    assert edits(STANDARD.changed(changes), STANDARD) == words


def test_many_edits_are_not_listed() -> None:
    assert long_title(ARTICLE, ARTICLE) == "article"
    few = ARTICLE.changed({"network.dropout": 0.3, "augmentation.horizontal_flip": True})
    assert long_title(few, ARTICLE) == "article, dropout 0.3, horizontal flip"
    many = few.changed({"augmentation.shift": 2, "seed": 5})
    assert long_title(many, ARTICLE) == "article, edited"


def test_a_fitted_preset_is_not_edited() -> None:
    small = fitted(STANDARD, 300)
    assert small != STANDARD
    assert title(small, 300) == title(STANDARD, 300) == "standard"
    assert title(small.changed({"network.dropout": 0.1}), 300) == "standard, edited"
    assert title(STANDARD.changed({"seed": 1}), 0) == "standard, edited"
    assert title(STANDARD.changed({"optimization.epochs": 77}), 0, ["epochs"]) == "standard"


def test_the_shipped_models_recipe_is_not_edited() -> None:
    card = read_card(shipped_model())
    assert card is not None
    assert card.training is not None
    assert title(card.training.recipe, 45_000) == "best"
