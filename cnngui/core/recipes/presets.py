"""The recipes that ship with the program, and their measured accuracy and time."""

from dataclasses import dataclass, replace

from cnngui.core.errors import UserError
from cnngui.core.recipes.recipe import Recipe

# The settings of the article from which cnngui grew.
ARTICLE = Recipe(
    name="article",
    network="article",
    width=32,
    optimizer="adam",
    epochs=10,
    batch_size=32,
    learning_rate=0.001,
    label_smoothing=0.0,
    horizontal_flip=False,
    random_shift=False,
)

# Keller Jordan's airbench94 with 12 epochs, and with smaller batches to save memory.
STANDARD = Recipe(
    name="standard",
    network="whitened",
    width=64,
    optimizer="sgd",
    epochs=12,
    batch_size=256,
    learning_rate=0.375,
    label_smoothing=0.1,
    horizontal_flip=True,
    random_shift=True,
)

# The best accuracy in about two minutes on two cores.
QUICK = replace(STANDARD, name="quick", width=32, epochs=8)

# The recipe of the shipped model.
BEST = replace(
    STANDARD,
    name="best",
    network="residual",
    width=128,
    epochs=105,
    weight_decay=0.0024,
    random_zoom=True,
    colour_jitter=True,
    cutout=True,
    cutmix_fraction=7 / 8,
    warm_restarts=3,
    validation_fraction=0.04,
)

PRESETS = {recipe.name: recipe for recipe in (ARTICLE, QUICK, STANDARD, BEST)}


@dataclass(frozen=True)
class Measured:
    """A preset's results on the JPEG copy of CIFAR-10, on two cores with bfloat16 units (benchmarks/recipes.py).

    test_accuracy: 0–1. seconds: from the loaded data to the test results.
    """

    test_accuracy: float
    seconds: float


MEASURED = {
    "article": Measured(0.6705, 72),
    "quick": Measured(0.8638, 116),
    "standard": Measured(0.8966, 380),
    "best": Measured(0.9303, 7980),  # 105 epochs of 76 s, timed on an idle machine
}


def preset(name: str) -> Recipe:
    """The preset called ``name``. Raises UserError if there is none."""
    try:
        return PRESETS[name]
    except KeyError:
        raise UserError(f"There is no recipe “{name}”. Choose one of: {', '.join(PRESETS)}.") from None
