"""The layers that a network can be built of, as settings; core/networks makes Keras layers of them."""

from dataclasses import dataclass
from typing import Any, ClassVar

from cnngui.core.recipes.setting import check, setting, settings_of

MOST_LAYERS = 100

ACTIVATIONS = {"none": "none", "relu": "ReLU", "gelu": "GELU", "silu": "SiLU", "tanh": "tanh", "sigmoid": "sigmoid"}
PADDINGS = {"same": "same", "valid": "valid"}

_WIDE = (1, 4096)


def _filters(default: int) -> Any:
    return setting(default, "Filters", "How many patterns the layer looks for.", bounds=_WIDE, is_logarithmic=True)


def _activation() -> Any:
    return setting("relu", "Activation", "The function that is applied to each output.", choices=ACTIVATIONS)


def _rate(default: float) -> Any:
    return setting(default, "Rate", "The fraction that is left out at random.", bounds=(0, 1), below_maximum=True)


@dataclass(frozen=True)
class Layer:
    """One layer. kind: its name in files. title, sentence: for people."""

    kind: ClassVar[str]
    title: ClassVar[str]
    sentence: ClassVar[str]

    def __post_init__(self) -> None:
        """Raises SettingError if a setting is out of bounds."""
        check(self, "")

    @property
    def text(self) -> str:
        """The layer in a few words, with what is not as usual."""
        values = ", ".join(
            setting.write(getattr(self, name))
            for name, setting in settings_of(type(self)).items()
            if getattr(self, name) != setting.default or name in ("filters", "units", "rate", "size")
        )
        return f"{self.title} {values}".strip()


@dataclass(frozen=True)
class _Convolving(Layer):
    """What both kinds of convolution have."""

    filters: int = _filters(32)
    kernel_size: int = setting(3, "Kernel size", "The side, in pixels, of the patterns.", bounds=(1, 15))
    stride: int = setting(1, "Stride", "How many pixels lie between two places that are looked at.", bounds=(1, 8))
    padding: str = setting(
        "same", "Padding", "Same: zeros around the image keep its size. Valid: the border goes.", choices=PADDINGS
    )
    activation: str = _activation()


@dataclass(frozen=True)
class Convolution(_Convolving):
    """A convolution with a bias."""

    kind = "convolution"
    title = "Convolution"
    sentence = "Looks for small patterns everywhere in the image."


@dataclass(frozen=True)
class SeparableConvolution(_Convolving):
    """A convolution of each channel by itself, then one of 1 × 1 pixels."""

    kind = "separable_convolution"
    title = "Depthwise-separable convolution"
    sentence = "A convolution with far fewer multiplications: each channel by itself, then all of them together."
    filters: int = setting(64, "Filters", "How many patterns it looks for.", bounds=(1, 4096))


@dataclass(frozen=True)
class _Pooling(Layer):
    """What both kinds of pooling have."""

    size: int = setting(2, "Size", "The side, in pixels, of the squares that become one.", bounds=(2, 16))


@dataclass(frozen=True)
class MaxPooling(_Pooling):
    """The largest value of each square."""

    kind = "max_pooling"
    title = "Max pooling"
    sentence = "Makes the image smaller: of each square, the largest value stays."


@dataclass(frozen=True)
class AveragePooling(_Pooling):
    """The mean of each square."""

    kind = "average_pooling"
    title = "Average pooling"
    sentence = "Makes the image smaller: of each square, the mean stays."


@dataclass(frozen=True)
class BatchNormalization(Layer):
    """Batch normalisation with a scale."""

    kind = "batch_normalization"
    title = "Batch normalisation"
    sentence = "Brings each channel to a mean and a scale that are learnt, which makes a training faster."


@dataclass(frozen=True)
class Activation(Layer):
    """A function of each value."""

    kind = "activation"
    title = "Activation"
    sentence = "Applies a function to each value; without one, several layers are worth no more than one."

    function: str = _activation()


@dataclass(frozen=True)
class Dropout(Layer):
    """Single values left out at random."""

    kind = "dropout"
    title = "Dropout"
    sentence = "Leaves out single values at random during the training, against overfitting."

    rate: float = _rate(0.3)


@dataclass(frozen=True)
class SpatialDropout(Layer):
    """Whole channels left out at random."""

    kind = "spatial_dropout"
    title = "Spatial dropout"
    sentence = "Leaves out whole channels at random during the training, against overfitting."

    rate: float = _rate(0.1)


@dataclass(frozen=True)
class Flatten(Layer):
    """An image as a row of numbers."""

    kind = "flatten"
    title = "Flatten"
    sentence = "Makes one row of numbers of the image, for dense layers."


@dataclass(frozen=True)
class GlobalPooling(Layer):
    """One value for each channel."""

    kind = "global_pooling"
    title = "Global pooling"
    sentence = "Makes one number of each channel, for dense layers."

    of: str = setting("max", "Value", "What is taken of each channel.", choices={"max": "largest", "average": "mean"})


@dataclass(frozen=True)
class Dense(Layer):
    """A dense layer with a bias."""

    kind = "dense"
    title = "Dense"
    sentence = "Connects every input with every output."

    units: int = setting(64, "Units", "How many outputs the layer has.", bounds=_WIDE, is_logarithmic=True)
    activation: str = _activation()


@dataclass(frozen=True)
class ResidualBlock(Layer):
    """Convolutions with batch normalisation and ReLU, and a way past them."""

    kind = "residual_block"
    title = "Residual block"
    sentence = "Convolutions with batch normalisation, and a way past them, so that deep networks can learn."

    filters: int = _filters(64)
    convolutions: int = setting(2, "Convolutions", "How many convolutions the block has.", bounds=(1, 4))
    stride: int = setting(1, "Stride", "2 makes the image half as large.", bounds=(1, 2))


LAYERS: dict[str, type[Layer]] = {
    each.kind: each
    for each in (
        Convolution,
        SeparableConvolution,
        MaxPooling,
        AveragePooling,
        BatchNormalization,
        Activation,
        Dropout,
        SpatialDropout,
        Flatten,
        GlobalPooling,
        Dense,
        ResidualBlock,
    )
}


def article(width: int = 32) -> tuple[Layer, ...]:
    """The layers of the article's network, which has a width of 32."""
    return (
        Convolution(filters=width, padding="valid"),
        MaxPooling(),
        Convolution(filters=2 * width, padding="valid"),
        MaxPooling(),
        Flatten(),
        Dense(units=2 * width),
    )
