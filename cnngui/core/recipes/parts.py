"""The parts of a recipe. Each setting is defined here, once."""

from dataclasses import dataclass, field

from cnngui.core.recipes.layers import Layer
from cnngui.core.recipes.setting import Around, Needs, Range, check, setting

_SGD = Needs("optimizer", ("sgd",))
_DECAYS = Needs("optimizer", ("sgd", "adamw"))
_WARMS_UP = Needs("schedule", ("cosine", "restarts", "one_cycle"))
_RESTARTS = Needs("schedule", ("restarts",))

BACKBONES = {
    "efficientnet_lite0": "EfficientNet-Lite0",
    "mobilenet_v3_large": "MobileNetV3Large",
    "efficientnet_v2_b0": "EfficientNetV2B0",
}
"""Networks trained on ImageNet, by the value of "network.begin", with their labels."""
_BEGUN = ("shipped", "model", *BACKBONES)


@dataclass(frozen=True)
class NetworkSettings:
    """The architecture, and what its weights are at the start.

    layers: those of the shape "layers", in order; the other shapes have none. The layer that names the classes
    follows by itself.
    """

    shape: str = setting(
        "whitened",
        "Network",
        "The architecture that is trained.",
        choices={
            "article": "article",
            "whitened": "whitened",
            "residual": "residual",
            "layers": "own layers",
        },
        needs=Needs("begin", ("nothing",)),
    )
    width: int = setting(
        64,
        "Width",
        "Channels in the network’s first block; the other blocks follow from it.",
        bounds=(1, 1024),
        needs=Needs("shape", ("article", "whitened", "residual")),
        usual=Around(2, least=8, step=8),
    )
    dropout: float = setting(
        0.0,
        "Dropout",
        "The fraction of the features that are left out at random, before the last layer, in each step.",
        bounds=(0, 1),
        below_maximum=True,
        is_basic=True,
        usual=Range(0, 0.5),
    )
    begin: str = setting(
        "nothing",
        "Begin with",
        "What the network knows before the training: nothing, or what another model has learnt.",
        choices={"nothing": "nothing", "shipped": "the shipped model", "model": "one of mine", **BACKBONES},
        is_basic=True,
    )
    begin_file: str = setting(
        "",
        "Model file",
        "The model to begin with, or the file of a backbone’s weights; empty for weights that are downloaded.",
        needs=Needs("begin", ("model", "mobilenet_v3_large", "efficientnet_v2_b0")),
        is_basic=True,
        is_searchable=False,
    )
    trainable: str = setting(
        "head",
        "What may change",
        "Which layers of the model learn on. The fewer, the faster, and the fewer pictures suffice.",
        choices={"head": "the last layer", "half": "from half-way on", "all": "all"},
        needs=Needs("begin", _BEGUN),
        is_basic=True,
    )
    side: int = setting(
        32,
        "Picture size",
        "The side in pixels to which pictures are scaled. CIFAR-10 and drawn shapes have 32; a backbone enlarges them.",
        bounds=(16, 512),
        needs=Needs("begin", ("nothing", *BACKBONES)),
        usual=Range(64, 224, 32),
    )
    layers: tuple[Layer, ...] = field(default=())

    def __post_init__(self) -> None:
        """Raises SettingError if a setting is out of bounds."""
        check(self, "network.")

    @property
    def begins(self) -> bool:
        """Whether it begins with what another model has learnt."""
        return self.begin != "nothing"

    @property
    def is_head_only(self) -> bool:
        """Whether only the last layer learns."""
        return self.begins and self.trainable == "head"


@dataclass(frozen=True)
class Optimization:
    """How the weights are learnt."""

    epochs: int = setting(
        12,
        "Epochs",
        "How many times the network sees every training image.",
        bounds=(1, 10_000),
        is_basic=True,
        usual=Around(2, least=2),
    )
    batch_size: int = setting(
        256,
        "Batch size",
        "How many images the network sees between two updates.",
        bounds=(1, 8192),
        is_basic=True,
        is_logarithmic=True,
        usual=Around(4, least=16),
    )
    learning_rate: float = setting(
        0.375,
        "Learning rate",
        "How far each update moves the weights, at its peak.",
        bounds=(0.000001, 100),
        is_basic=True,
        is_logarithmic=True,
        usual=Around(10),
    )
    optimizer: str = setting(
        "sgd",
        "Optimizer",
        "How the updates are computed from the gradients.",
        choices={"sgd": "SGD with Nesterov momentum", "adam": "Adam", "adamw": "AdamW"},
    )
    momentum: float = setting(
        0.85,
        "Momentum",
        "The fraction of the last update that the next one repeats.",
        bounds=(0, 1),
        below_maximum=True,
        needs=_SGD,
        usual=Range(0.5, 0.99),
    )
    weight_decay: float = setting(
        0.0102,
        "Weight decay",
        "How much each update shrinks the weights, times the learning rate.",
        bounds=(0, 1),
        needs=_DECAYS,
        is_logarithmic=True,
        usual=Around(10, least=0.0001),
    )
    schedule: str = setting(
        "cosine",
        "Schedule",
        "How the learning rate changes during the training.",
        choices={
            "constant": "constant",
            "cosine": "cosine with warm-up",
            "one_cycle": "one-cycle",
            "step": "step",
            "restarts": "warm restarts",
        },
    )
    warm_up: float = setting(
        0.23,
        "Warm-up",
        "The fraction of the steps over which the learning rate rises to its peak.",
        bounds=(0, 0.9),
        needs=_WARMS_UP,
        usual=Range(0, 0.5),
    )
    warm_restarts: int = setting(
        3,
        "Warm restarts",
        "How often the learning rate rises again, each time for an eighth of the epochs.",
        bounds=(0, 4),
        needs=_RESTARTS,
    )
    averaging: str = setting(
        "none",
        "Weight averaging",
        "Which weights the trained model has: the last ones, or an average.",
        choices={"none": "none", "cycles": "ends of cycles", "moving": "moving average"},
    )
    averaging_decay: float = setting(
        0.995,
        "Averaging decay",
        "The fraction of the moving average that each step keeps.",
        bounds=(0, 1),
        below_maximum=True,
        needs=Needs("averaging", ("moving",)),
        usual=Range(0.9, 0.999),
    )
    label_smoothing: float = setting(
        0.1,
        "Label smoothing",
        "The fraction of each label that is spread over all classes.",
        bounds=(0, 1),
        below_maximum=True,
        usual=Range(0, 0.3),
    )
    gradient_clipping: float = setting(
        0.0,
        "Gradient clipping",
        "The largest norm of all gradients together; 0 for no limit.",
        bounds=(0, 1000),
        usual=Range(0, 10),
    )
    patience: int = setting(
        0,
        "Early stopping",
        "After how many epochs without a lower validation loss the training ends, with the best epoch’s weights; "
        "0 for never.",
        bounds=(0, 1000),
        usual=Range(0, 20),
    )

    def __post_init__(self) -> None:
        """Raises SettingError if a setting is out of bounds."""
        check(self, "optimization.")


@dataclass(frozen=True)
class Augmentation:
    """How training images are changed, anew in each epoch. Validation and test images never are."""

    horizontal_flip: bool = setting(
        True,
        "Horizontal flip",
        "Mirrors half of the images. The model then averages its answers for an image and its mirror image.",
        is_basic=True,
    )
    shift: int = setting(
        2,
        "Shift",
        "Moves each image by up to so many pixels in each direction.",
        bounds=(0, 16),
        usual=Range(0, 4),
    )
    zoom: float = setting(
        0.0,
        "Zoom",
        "Zooms half of the images in or out by up to this fraction, and stretches them a little.",
        bounds=(0, 0.9),
        usual=Range(0, 0.5),
    )
    rotation: float = setting(
        0.0,
        "Rotation",
        "Turns half of the images by up to so many degrees, either way.",
        bounds=(0, 180),
        usual=Range(0, 30),
    )
    colour_jitter: float = setting(
        0.0,
        "Colour jitter",
        "Changes contrast by up to this fraction in half of the images, and brightness and colours less.",
        bounds=(0, 1),
        usual=Range(0, 0.5),
    )
    cutout: float = setting(
        0.0,
        "Cutout",
        "Covers a square with grey, this fraction of the image’s side long.",
        bounds=(0, 0.9),
        usual=Range(0, 0.5),
    )
    cutmix: float = setting(
        0.0,
        "CutMix",
        "The fraction of the epochs in which parts of images are pasted into others.",
        bounds=(0, 1),
    )

    def __post_init__(self) -> None:
        """Raises SettingError if a setting is out of bounds."""
        check(self, "augmentation.")


@dataclass(frozen=True)
class Validation:
    """What the training is judged by."""

    fraction: float = setting(
        0.1,
        "Validation fraction",
        "The fraction of the training images held out for validation.",
        bounds=(0, 0.5),
        above_minimum=True,
        is_searchable=False,
    )

    def __post_init__(self) -> None:
        """Raises SettingError if a setting is out of bounds."""
        check(self, "validation.")
