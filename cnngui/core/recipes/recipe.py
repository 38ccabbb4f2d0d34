"""A recipe is everything that decides a training, apart from the data."""

from dataclasses import MISSING, dataclass, fields, replace
from itertools import accumulate
from typing import Any

from cnngui.core.errors import UserError


@dataclass(frozen=True)
class Recipe:
    """All settings of a training. It is saved with the model that comes of it.

    name: the preset this is, or was made from.
    network: a key of :data:`cnngui.core.networks.presets.NETWORKS`.
    width: channels of the network's first block; the others follow from it. The article's network has fixed widths.
    optimizer: "adam", at a constant rate, or "sgd", Nesterov's, with a warm-up and a cosine decay.
    learning_rate: the highest rate, for the mean loss of a batch.
    weight_decay: times the learning rate, the share of the weights that each step of "sgd" takes away. So a network
        forgets what it learnt some 1 / (rate × decay) steps before, and a longer training is better with less.
        0 ≤ decay ≤ 1; the default is airbench's, written as Keras applies it.
    label_smoothing: the share of each label that is spread over all classes, 0 ≤ share < 1.
    augment: whether training images are mirrored at random and moved by up to 2 pixels; the model then answers by a
        picture and its mirror image.
    photographs: whether they are also changed as photographs differ: ``as_photographed``.
    mixed: the share of the epochs, from the first, in which parts of images are pasted into others:
        :func:`~cnngui.core.data.augmentation.mixed`. The rest, at least one unless it is 1, show whole images
        again, as people will. 0 ≤ share ≤ 1. Each cycle has its own.
    restarts: how often "sgd" begins again from what was learnt, at half the learning rate, for an eighth of the epochs
        each time, of which there must be eight; the first cycle has the rest. What is learnt is the average of the ends
        of the cycles that came to theirs: :mod:`cnngui.core.training.averaging`. 0 ≤ restarts ≤ 4.
    held_out: the share of the training images that is for validation instead, at most half. What is not learnt from
        costs accuracy, but choosing between recipes needs some thousand images. 0 < share ≤ 0.5.
    seed: decides the initial weights, the order of the images and which of them are for validation,
        0 ≤ seed < 2³² (NumPy's range).
    """

    name: str
    network: str
    width: int
    optimizer: str
    epochs: int
    batch_size: int
    learning_rate: float
    label_smoothing: float
    augment: bool
    weight_decay: float = 0.0102
    photographs: bool = False
    mixed: float = 0.0
    restarts: int = 0
    held_out: float = 0.1
    seed: int = 0

    def __post_init__(self) -> None:
        """Raises UserError where a setting is out of range."""
        if not 1 <= self.epochs <= 10_000:
            raise UserError("The number of epochs must lie between 1 and 10,000.")
        if not 1 <= self.batch_size <= 8192:
            raise UserError("The batch size must lie between 1 and 8,192.")
        if not 0 < self.learning_rate <= 100:
            raise UserError("The learning rate must be above 0 and at most 100.")
        if not 0 <= self.weight_decay <= 1:
            raise UserError("The weight decay must lie between 0 and 1.")
        if not 0 <= self.mixed <= 1:
            raise UserError("The share of the epochs with mixed images must lie between 0 and 1.")
        if not 0 <= self.restarts <= 4:
            raise UserError("The number of restarts must lie between 0 and 4.")
        if not 0 < self.held_out <= 0.5:
            raise UserError("The share of the images for validation must lie above 0 and be at most a half.")
        if not 0 <= self.seed < 2**32:
            raise UserError("The seed must lie between 0 and 4,294,967,295.")

    @property
    def cycles(self) -> tuple[int, ...]:
        """The epochs of each cycle: those until the first restart, and from each on."""
        short = self.epochs // 8 if self.optimizer == "sgd" else 0
        return (self.epochs - self.restarts * short, *[short] * self.restarts) if short else (self.epochs,)

    @property
    def mixed_epochs(self) -> frozenset[int]:
        """The epochs, from 1, in which images are mixed."""
        begins = accumulate(self.cycles[:-1], initial=1)
        return frozenset(
            begin + number
            for begin, epochs in zip(begins, self.cycles, strict=True)
            for number in range(int(self.mixed * epochs))
        )

    @classmethod
    def from_dict(cls, settings: dict[str, Any]) -> "Recipe":
        """The recipe with these settings by name (:func:`dataclasses.asdict`). Raises KeyError where one is missing.

        Those that have a default may be: cards are older than some of them.
        """
        known = {field.name: settings[field.name] for field in fields(cls) if field.name in settings}
        missing = {field.name for field in fields(cls) if field.default is MISSING} - known.keys()
        if missing:
            raise KeyError(*sorted(missing))
        return cls(**known)


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
    augment=False,
)

# Keller Jordan's airbench94, which ends within 12 minutes on two cores, in smaller batches: they need less memory.
STANDARD = Recipe(
    name="standard",
    network="whitened",
    width=64,
    optimizer="sgd",
    epochs=12,
    batch_size=256,
    learning_rate=0.375,
    label_smoothing=0.1,
    augment=True,
)

# What can be had in the article's time.
QUICK = replace(STANDARD, name="quick", width=32, epochs=8)

# What the shipped model was trained with.
BEST = replace(
    STANDARD,
    name="best",
    network="residual",
    width=128,
    epochs=105,
    weight_decay=0.0024,
    photographs=True,
    mixed=7 / 8,
    restarts=3,
    held_out=0.04,
)

PRESETS = {recipe.name: recipe for recipe in (ARTICLE, QUICK, STANDARD, BEST)}


@dataclass(frozen=True)
class Measured:
    """What a preset came to on the JPEG copy of CIFAR-10 on two cores with bfloat16 units: see benchmarks/recipes.py.

    test_accuracy: 0–1. seconds: from the loaded data to the test figures.
    """

    test_accuracy: float
    seconds: float


MEASURED = {
    "article": Measured(0.6721, 123),
    "quick": Measured(0.8638, 116),
    "standard": Measured(0.8966, 380),
    "best": Measured(0.9303, 7980),  # 105 epochs of 76 s; the training itself went on beside other work
}


def preset(name: str) -> Recipe:
    """The preset called ``name``. Raises UserError where there is none."""
    try:
        return PRESETS[name]
    except KeyError:
        raise UserError(f"There is no recipe “{name}”. Choose one of: {', '.join(PRESETS)}.") from None
