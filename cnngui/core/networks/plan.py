"""What a list of layers comes to, without Keras: shapes, weights, work, and what cannot work."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from cnngui.core.recipes import layers as kinds
from cnngui.core.recipes.layers import Layer

# Of all layers together. More could not be opened again (models/check.py), where an image goes through twice for its
# mirror image, and each layer is up to five operations. A batch of 32 has 1.3 GB of so many values.
MOST_PARAMETERS, MOST_VALUES, MOST_MULTIPLICATIONS = 100_000_000, 10_000_000, 20_000_000_000

Shape = tuple[int, ...]
"""(height, width, channels) of an image, or (numbers,) of a row."""


@dataclass(frozen=True)
class Field:
    """The square of the picture that one value of a layer sees.

    size: its side in pixels. step: how many pixels lie between two neighbours' squares.
    """

    size: int = 1
    step: int = 1

    def through(self, kernel: int, stride: int) -> "Field":
        """After a layer that looks at ``kernel`` values in a row, at every ``stride``-th place."""
        return Field(self.size + (kernel - 1) * self.step, self.step * stride)


@dataclass(frozen=True)
class PlannedLayer:
    """A layer in its network.

    shape: of its output; that of its input if there is a problem. parameters: how many weights it has.
    multiplications: for one image. field: what one output value sees; None where it sees the whole image.
    outputs: how many of its shape it makes on the way.
    problem: why it cannot work, and what to do, in a sentence; "" if it can.
    """

    shape: Shape
    parameters: int = 0
    multiplications: int = 0
    field: Field | None = None
    outputs: int = 1
    problem: str = ""


@dataclass(frozen=True)
class Costs:
    """What layers come to together: weights, and for one image numbers and multiplications."""

    parameters: int = 0
    values: int = 0
    multiplications: int = 0

    def with_layer(self, layer: PlannedLayer) -> "Costs":
        """With one more, unless it cannot work."""
        if layer.problem:
            return self
        return Costs(
            self.parameters + layer.parameters,
            self.values + layer.outputs * prod(layer.shape),
            self.multiplications + layer.multiplications,
        )

    @property
    def problem(self) -> str:
        """Why a network of these costs is not possible, in a sentence; "" if it is."""
        for number, most, what in (
            (self.parameters, MOST_PARAMETERS, "weights"),
            (self.values, MOST_VALUES, "numbers in the outputs of its layers, for each image"),
            (self.multiplications, MOST_MULTIPLICATIONS, "multiplications for each image"),
        ):
            if number > most:
                return (
                    f"Up to here, the network has {number:,} {what}; at most {most:,} are possible. "
                    "Make it narrower, or its input smaller by pooling."
                )
        return ""


@dataclass(frozen=True)
class Plan:
    """layers: one for each in the list. output: the last layer, which names the classes."""

    layers: tuple[PlannedLayer, ...]
    output: PlannedLayer

    @property
    def parameters(self) -> int:
        """All weights."""
        return sum(each.parameters for each in (*self.layers, self.output))

    @property
    def multiplications(self) -> int:
        """All multiplications for one image."""
        return sum(each.multiplications for each in (*self.layers, self.output))

    @property
    def problems(self) -> tuple[tuple[int, str], ...]:
        """What cannot work, each with the layer's number, from 1."""
        found = enumerate((*self.layers, self.output), 1)
        return tuple((number, each.problem) for number, each in found if each.problem)


def plan(layers: Sequence[Layer], image: Shape, classes: int) -> Plan:
    """What the layers come to for images of this shape. A layer that cannot work is passed over."""
    shape, field, costs = image, Field(), Costs()
    planned: list[PlannedLayer] = []
    for layer in layers:
        here = _checked(_planned(layer, shape, field), shape, field, costs)
        planned.append(here)
        shape, field = here.shape, here.field or field
        costs = costs.with_layer(here)
    return Plan(tuple(planned), _checked(_output(shape, classes), shape, field, costs))


def _planned(layer: Layer, shape: Shape, field: Field) -> PlannedLayer:
    if len(shape) == 1:
        return _of_row(layer, shape)
    height, width, channels = shape
    match layer:
        case kinds.Convolution() | kinds.SeparableConvolution():
            kernel, stride = layer.kernel_size, layer.stride
            size = [_conv_side(side, kernel, stride, layer.padding) for side in (height, width)]
            if isinstance(layer, kinds.SeparableConvolution):
                weights = channels * kernel**2 + channels * layer.filters
            else:
                weights = channels * kernel**2 * layer.filters
            return PlannedLayer(
                (*size, layer.filters), weights + layer.filters, prod(size) * weights, field.through(kernel, stride)
            )
        case kinds.MaxPooling() | kinds.AveragePooling():
            size = [side // layer.size for side in (height, width)]
            return PlannedLayer((*size, channels), field=field.through(layer.size, layer.size))
        case kinds.ResidualBlock():
            return _block(layer, shape, field)
        case kinds.BatchNormalization():
            return PlannedLayer(shape, 4 * channels, prod(shape), field)
        case kinds.Activation() | kinds.Dropout() | kinds.SpatialDropout():
            return PlannedLayer(shape, field=field)
        case kinds.Flatten():
            return PlannedLayer((prod(shape),))
        case kinds.GlobalPooling():
            return PlannedLayer((channels,))
    return PlannedLayer(
        shape, field=field, problem="It needs a row of numbers. Put Flatten or Global pooling before it."
    )


def _of_row(layer: Layer, shape: Shape) -> PlannedLayer:
    match layer:
        case kinds.Dense():
            return PlannedLayer((layer.units,), (shape[0] + 1) * layer.units, shape[0] * layer.units)
        case kinds.BatchNormalization():
            return PlannedLayer(shape, 4 * shape[0], shape[0])
        case kinds.Activation() | kinds.Dropout():
            return PlannedLayer(shape)
        case kinds.Flatten() | kinds.GlobalPooling():
            return PlannedLayer(shape, problem="The image is a row of numbers already. Remove this layer.")
    return PlannedLayer(shape, problem="It needs an image. Move it before Flatten or Global pooling.")


def _block(layer: kinds.ResidualBlock, shape: Shape, field: Field) -> PlannedLayer:
    size = [-(-side // layer.stride) for side in shape[:2]]
    first, later = 9 * shape[2] * layer.filters, 9 * layer.filters**2
    weights = first + (layer.convolutions - 1) * later
    parameters = weights + layer.convolutions * 4 * layer.filters
    if has_projection(layer, shape):
        weights += shape[2] * layer.filters
        parameters += shape[2] * layer.filters + 4 * layer.filters
    field = field.through(3, layer.stride)
    for _ in range(layer.convolutions - 1):
        field = field.through(3, 1)
    return PlannedLayer((*size, layer.filters), parameters, prod(size) * weights, field, layer.convolutions)


def has_projection(layer: kinds.ResidualBlock, shape: Shape) -> bool:
    """Whether the way past the block's convolutions needs one itself, to have their output's shape."""
    return layer.stride > 1 or shape[2] != layer.filters


def _conv_side(side: int, kernel: int, stride: int, padding: str) -> int:
    return -(-side // stride) if padding == "same" else -(-(side - kernel + 1) // stride)


def _checked(planned: PlannedLayer, shape: Shape, field: Field, before: Costs) -> PlannedLayer:
    """The layer, or its problem. before: the costs of the layers before it."""
    problem = planned.problem
    if not problem and min(planned.shape) < 1:
        size = " × ".join(str(side) for side in shape[:2])
        problem = f"Its input, {size} pixels, is too small for it. Remove it, or a layer before it that makes it small."
    problem = problem or before.with_layer(planned).problem
    return PlannedLayer(shape, field=field if len(shape) > 1 else None, problem=problem) if problem else planned


def _output(shape: Shape, classes: int) -> PlannedLayer:
    if len(shape) > 1:
        text = "The network ends with an image. Add Flatten or Global pooling at its end."
        return PlannedLayer((classes,), problem=text)
    return PlannedLayer((classes,), (shape[0] + 1) * classes, shape[0] * classes)
