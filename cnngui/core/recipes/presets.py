"""The recipes that ship with the program, and their measured accuracy and time."""

from dataclasses import dataclass, replace

from cnngui.core.errors import UserError
from cnngui.core.recipes.parts import BACKBONES, Augmentation, NetworkSettings, Optimization, Validation
from cnngui.core.recipes.recipe import Recipe

# The settings of the article from which cnngui grew.
ARTICLE = Recipe(
    name="article",
    network=NetworkSettings(shape="article", width=32),
    optimization=Optimization(
        optimizer="adam",
        schedule="constant",
        epochs=10,
        batch_size=32,
        learning_rate=0.001,
        label_smoothing=0.0,
    ),
    augmentation=Augmentation(horizontal_flip=False, shift=0),
)

# Keller Jordan's airbench94 with 12 epochs, and with smaller batches to save memory.
STANDARD = Recipe("standard")

# The best accuracy in about two minutes on two cores.
QUICK = replace(STANDARD.changed({"network.width": 32, "optimization.epochs": 8}), name="quick")

# The recipe of the shipped model.
BEST = Recipe(
    name="best",
    network=NetworkSettings(shape="residual", width=128),
    optimization=Optimization(
        epochs=105, weight_decay=0.0024, schedule="restarts", warm_restarts=3, averaging="cycles"
    ),
    augmentation=Augmentation(zoom=0.35, colour_jitter=0.2, cutout=0.25, cutmix=7 / 8),
    validation=Validation(fraction=0.04),
)

# A frozen backbone and logistic regression: best for own pictures, from five a class on.
BACKBONE = Recipe(
    name="backbone",
    network=NetworkSettings(begin="efficientnet_lite0", trainable="head", side=160),
    optimization=Optimization(epochs=50),
    augmentation=Augmentation(shift=0, zoom=0.3, colour_jitter=0.3),
)

# The shipped model's upper half, which learns the new classes.
FINE_TUNE = Recipe(
    name="fine-tune",
    network=NetworkSettings(begin="shipped", trainable="half"),
    optimization=Optimization(
        optimizer="adamw",
        epochs=10,
        batch_size=64,
        learning_rate=0.001,
        weight_decay=0.01,
        label_smoothing=0.0,
    ),
    augmentation=Augmentation(shift=3, zoom=0.3, colour_jitter=0.3),
)

PRESETS = {recipe.name: recipe for recipe in (ARTICLE, QUICK, STANDARD, BEST, BACKBONE, FINE_TUNE)}


def beginning(recipe: Recipe, begin: str, file: str = "") -> Recipe:
    """The recipe for a training that begins so: as it is, if it begins alike, or else the preset that suits.

    begin, file: values of "network.begin" and "network.begin_file".
    What suits a network that knows nothing would spoil one that has learnt, and the other way round.
    """
    if begin == "nothing":
        suited = STANDARD if recipe.network.begins else recipe
    elif begin in BACKBONES:
        suited = recipe if recipe.network.begin in BACKBONES else BACKBONE
    else:
        suited = recipe if recipe.network.begin in ("shipped", "model") else FINE_TUNE
    return suited.changed({"network.begin": begin, "network.begin_file": file})


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
