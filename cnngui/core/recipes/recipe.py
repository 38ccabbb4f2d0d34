"""A recipe: everything that decides a training except the data."""

from dataclasses import MISSING, dataclass, fields
from itertools import accumulate
from typing import Any

from cnngui.core.errors import UserError


@dataclass(frozen=True)
class Setting:
    """The label, explanation and bounds of a numeric setting. Both bounds are allowed unless a flag says otherwise."""

    label: str
    sentence: str
    minimum: float
    maximum: float
    above_minimum: bool = False
    below_maximum: bool = False

    def check(self, value: float) -> None:
        """Raises UserError if the value is out of bounds or NaN."""
        low = self.minimum < value if self.above_minimum else self.minimum <= value
        high = value < self.maximum if self.below_maximum else value <= self.maximum
        if not (low and high):
            raise UserError(f"{self.label} must be {self._bounds()}.")

    def _bounds(self) -> str:
        minimum, maximum = _number(self.minimum), _number(self.maximum)
        if not (self.above_minimum or self.below_maximum):
            return f"between {minimum} and {maximum}"
        low, high = "above" if self.above_minimum else "at least", "below" if self.below_maximum else "at most"
        return f"{low} {minimum} and {high} {maximum}"


SETTINGS = {
    "width": Setting("Width", "Channels in the network’s first block; the other blocks follow from it.", 1, 1024),
    "epochs": Setting("Epochs", "How many times the network sees every training image.", 1, 10_000),
    "batch_size": Setting("Batch size", "How many images the network sees between two updates.", 1, 8192),
    "learning_rate": Setting("Learning rate", "How far each update moves the weights, at its peak.", 0.000001, 100),
    "label_smoothing": Setting(
        "Label smoothing", "The fraction of each label that is spread over all classes.", 0, 1, below_maximum=True
    ),
    "weight_decay": Setting("Weight decay", "How much each update shrinks the weights, times the learning rate.", 0, 1),
    "cutmix_fraction": Setting(
        "CutMix fraction", "The fraction of the epochs in which parts of images are pasted into others.", 0, 1
    ),
    "warm_restarts": Setting(
        "Warm restarts", "How often the learning rate rises again; the weights of all cycles are averaged.", 0, 4
    ),
    "validation_fraction": Setting(
        "Validation fraction",
        "The fraction of the training images held out for validation.",
        0,
        0.5,
        above_minimum=True,
    ),
    "seed": Setting("Seed", "Decides everything that is random.", 0, 2**32 - 1),
}

OPTIMIZERS = ("adam", "sgd")

RESTART_EPOCHS = 8  # a cycle after a warm restart has one in so many of the epochs

FORMER = {
    "augment": ("horizontal_flip", "random_shift"),
    "photographs": ("random_zoom", "colour_jitter", "cutout"),
    "mixed": ("cutmix_fraction",),
    "restarts": ("warm_restarts",),
    "held_out": ("validation_fraction",),
}
"""Settings by the names that the first cards gave them, and what each of them is now."""


@dataclass(frozen=True)
class Recipe:
    """All settings of a training, saved with the trained model. The bounds are in :data:`SETTINGS`.

    name: the preset that this is or was made from.
    network: a key of :data:`cnngui.core.networks.presets.NETWORKS`.
    width: channels in the network's first block; the others follow from it. The article's network ignores it.
    optimizer: "adam", at a constant rate, or "sgd": Nesterov momentum with warm-up and cosine decay.
    learning_rate: the peak rate, for the mean loss of a batch.
    label_smoothing: the fraction of each label that is spread over all classes.
    horizontal_flip: flip random training images. The model then averages its answers for an image and its mirror image.
    random_shift: shift training images by up to 2 pixels.
    weight_decay: "sgd" shrinks the weights by this fraction times the learning rate in each step, so the network
        forgets what it learnt more than 1 / (rate × decay) steps ago: longer trainings need less. The default is
        airbench's, converted to Keras.
    random_zoom, colour_jitter, cutout: also change training images in these ways
        (:mod:`cnngui.core.data.augmentation`).
    cutmix_fraction: apply CutMix in this fraction of each cycle's epochs, from its first. The remaining epochs show
        whole images, as the user's pictures are.
    warm_restarts: how often "sgd" restarts at half the peak rate. Each restart takes an eighth of the epochs, so there
        must be at least eight; the first cycle has the rest. The weights at the ends of the cycles are averaged
        (:mod:`cnngui.core.training.averaging`).
    validation_fraction: fraction of the training images held out for validation. Comparing recipes takes a few thousand
        images; every image held out costs a little accuracy.
    seed: decides the initial weights, the order of the images and which of them are held out.
    """

    name: str
    network: str
    width: int
    optimizer: str
    epochs: int
    batch_size: int
    learning_rate: float
    label_smoothing: float
    horizontal_flip: bool
    random_shift: bool
    weight_decay: float = 0.0102
    random_zoom: bool = False
    colour_jitter: bool = False
    cutout: bool = False
    cutmix_fraction: float = 0.0
    warm_restarts: int = 0
    validation_fraction: float = 0.1
    seed: int = 0

    def __post_init__(self) -> None:
        """Raises UserError if a setting is out of bounds."""
        for name, setting in SETTINGS.items():
            setting.check(getattr(self, name))

    @property
    def cycles(self) -> tuple[int, ...]:
        """The number of epochs in each cycle: up to the first warm restart, and from each restart on."""
        short = self.epochs // RESTART_EPOCHS if self.optimizer == "sgd" else 0
        if not short:
            return (self.epochs,)
        return (self.epochs - self.warm_restarts * short, *[short] * self.warm_restarts)

    @property
    def lacks_restarts(self) -> bool:
        """Whether there are too few epochs for the warm restarts."""
        return self.optimizer == "sgd" and self.warm_restarts > 0 and self.epochs < RESTART_EPOCHS

    @property
    def cutmix_epochs(self) -> frozenset[int]:
        """The epochs with CutMix, counted from 1."""
        begins = accumulate(self.cycles[:-1], initial=1)
        return frozenset(
            begin + number
            for begin, epochs in zip(begins, self.cycles, strict=True)
            for number in range(int(self.cutmix_fraction * epochs))
        )

    @classmethod
    def from_dict(cls, settings: dict[str, Any]) -> "Recipe":
        """The recipe with these settings, as :func:`dataclasses.asdict` gives them; former names are understood.

        Settings that have a default may be missing, as they are in old cards. Raises KeyError if another is missing,
        and UserError if one is out of bounds.
        """
        former = {name: settings[old] for old, names in FORMER.items() if old in settings for name in names}
        settings = {**former, **settings}
        known = {field.name: settings[field.name] for field in fields(cls) if field.name in settings}
        missing = {field.name for field in fields(cls) if field.default is MISSING} - known.keys()
        if missing:
            raise KeyError(*sorted(missing))
        return cls(**known)


def _number(value: float) -> str:
    """With a comma for thousands and no trailing zeros: 10,000 and 0.000001."""
    return f"{value:,.6f}".rstrip("0").rstrip(".")
