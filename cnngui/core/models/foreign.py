"""Models that cnngui did not train: what has to be done to them so that pixels go in and probabilities come out."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cnngui.core.models.pixels import Pixels

if TYPE_CHECKING:
    import keras

TOLERANCE = 0.01  # for a sum of probabilities: half precision has three digits
SURE = 0.999  # a probability that is “100 %”
PASSING = frozenset(("Identity", "Flatten", "Reshape", "Dropout", "Squeeze", "Cast"))  # they leave each number as it is
SCALING = frozenset(("Rescaling", "Normalization", "TrueDivide", "Divide", "Multiply", "Subtract", "Stack"))
SIGMOIDS = frozenset(("sigmoid", "hardsigmoid", "sparsesigmoid"))  # they return 0 to 1 for each unit
FIRST = 6  # operations among which one that scales the pixels is


@dataclass(frozen=True)
class Adaptation:
    """What was done to a model of others.

    pixels: what it gets. scales: whether it scales them itself, as far as its layers tell. is_grey: whether it gets
    grey ones. ending: what makes probabilities of its outputs, in words.
    is_independent: whether each class has a probability of its own, so that their sum is not 1.
    is_always_sure: whether it gives each of a few very different pictures 100 %, as it would if it got other pixels
        than it learnt from, and nobody has chosen them yet.
    strange: what is wrong with the files beside it, in sentences, or "".
    is_named_by_labels: whether its classes have their names from labels.txt, which may belong to another model.
    """

    pixels: Pixels = Pixels.BYTES
    scales: bool = False
    is_grey: bool = False
    ending: str = "probabilities as they are"
    is_independent: bool = False
    is_always_sure: bool = False
    strange: str = ""
    is_named_by_labels: bool = False

    @property
    def sentence(self) -> str:
        """For the user, such as "pixels 0–255; softmax added"."""
        grey = "grey " if self.is_grey else ""
        names = "; names from labels.txt" if self.is_named_by_labels else ""
        return f"{grey}pixels {self.pixels.words}; {self.ending}{names}"

    def told_of(self, model: str) -> str:
        """All that the user is told of the model of this name, in sentences."""
        return f"{model}: {self.sentence}. {self.strange}".strip()


def of_pixels(network: "keras.Model", pixels: Pixels) -> "keras.Model":
    """The network, with one input and one output, for RGB pixels of 0–255, (n, height, width, 3)."""
    import keras
    from keras import layers, ops

    *size, channels = network.input_shape[1:]
    is_grey = channels == 1
    if not is_grey and pixels is Pixels.BYTES:
        return keras.Model(network.inputs[0], network.outputs[0], name=network.name)  # not lists with one tensor
    inputs = x = keras.Input((*size, 3))
    if is_grey:
        x = ops.image.rgb_to_grayscale(x)
    if pixels is not Pixels.BYTES:
        x = layers.Rescaling(pixels.scale, pixels.offset)(x)
    (x,) = _flat(network(x))
    return keras.Model(inputs, x, name=network.name)


def with_probabilities(network: "keras.Model", trials: NDArray[np.floating]) -> "tuple[keras.Model, str, bool]":
    """The network from :func:`of_pixels` with probabilities (n, classes), what was done for them, and whether they are
    independent: of a model that says yes or no for each of several classes.

    trials: its outputs for a few images, (n, outputs). A single output is the probability of the second of two classes.
    Several are probabilities if none is negative and each row sums to 1, independent ones if they come from sigmoid
    units, and otherwise logits.
    """
    import keras
    from keras import layers

    outputs = network.outputs[0]
    is_sigmoid = ends_in_sigmoid(network)
    if outputs.shape[1] == 1:
        one = outputs if is_sigmoid else layers.Activation("sigmoid", dtype="float32")(outputs)
        one = layers.Activation("linear", dtype="float32")(one)
        both = layers.Concatenate(dtype="float32")([1.0 - one, one])
        how = "one unit is two classes" if is_sigmoid else "sigmoid added; one unit is two classes"
        return keras.Model(network.inputs[0], both, name=network.name), how, False
    if is_sigmoid:
        return network, "sigmoid units as they are", True
    if are_probabilities(trials):
        return network, "probabilities as they are", False
    softmax = layers.Softmax(dtype="float32")(outputs)
    return keras.Model(network.inputs[0], softmax, name=network.name), "softmax added", False


def is_always_sure(trials: NDArray[np.floating], *, is_sigmoid: bool) -> bool:
    """Whether one class has 100 % for each of a few very different images.

    trials: as in :func:`with_probabilities`. is_sigmoid: whether they are what sigmoid units return.
    """
    rows = trials.astype(np.float64)
    if rows.shape[1] == 1:
        rows = rows if is_sigmoid else 1 / (1 + np.exp(-np.clip(rows, -100, 100)))
        rows = np.concatenate([1 - rows, rows], 1)
    elif not is_sigmoid and not are_probabilities(rows):
        rows = np.exp(rows - rows.max(1, keepdims=True))
        rows /= rows.sum(1, keepdims=True)
    return bool((rows.max(1) >= SURE).all())


def are_probabilities(rows: NDArray[np.floating]) -> bool:
    """Whether none is negative, and each row sums to 1."""
    return bool((rows >= 0).all() and np.allclose(rows.sum(1, dtype=np.float64), 1, rtol=0, atol=TOLERANCE))


def ends_in_sigmoid(network: "keras.Model") -> bool:
    """Whether the last layer that changes a number is a sigmoid, also a hard or sparse one."""
    for operation in reversed(_operations(network)):
        kind = type(operation).__name__
        name = getattr(getattr(operation, "activation", None), "__name__", "")
        if kind not in PASSING and (kind, name) != ("Activation", "linear"):
            return not SIGMOIDS.isdisjoint((name.replace("_", ""), kind.lower()))
    return False


def scales_pixels(network: "keras.Model") -> bool:
    """Whether it seems to scale its pixels itself: one of its first layers does nothing else."""
    return any(type(operation).__name__ in SCALING for operation in _operations(network)[:FIRST])


def _operations(network: "keras.Model") -> list[Any]:
    """All layers and operations, also those of nested networks, from the input to the output."""
    import keras

    found = []
    for operation in network.layers if isinstance(network, keras.Sequential) else network.operations:
        found += _operations(operation) if isinstance(operation, keras.Model) else [operation]
    return found


def _flat(outputs: Any) -> list[Any]:
    return list(outputs) if isinstance(outputs, list | tuple) else [outputs]
