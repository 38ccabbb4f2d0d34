"""What a network costs for one image: its memory and its time, counted in a TensorFlow graph, without computing it."""

from dataclasses import dataclass
from typing import Any

import numpy as np

SLOWNESS_OF_GROUPS = 10  # nanoseconds for each place in the window of a grouped convolution
SLOWNESS_OF_SUMS = 4  # nanoseconds for each value, where the last dimension is small
SLOWNESS_OF_SORTING = 50  # nanoseconds for each value
SLOWNESS_OF_ROUNDS = 4_000_000  # nanoseconds for each round of a loop, even if it computes nothing
MIN_CHANNELS = 16  # inputs × outputs of a convolution; with fewer, it is as slow as a depthwise one


@dataclass(frozen=True)
class Cost:
    """The cost of an operation or of a graph, for one image.

    values: the numbers in the outputs. read: those in the inputs.
    products: multiply–adds in matrix products and convolutions of many channels, over 30 billion a second.
    slow_products: those in other convolutions, and comparisons and sums in pooling, some billions a second.
    peak: bytes in memory at once, if all operations of the same depth are computed together.
    """

    values: int = 0
    read: int = 0
    products: int = 0
    slow_products: int = 0
    peak: int = 0


def cost(graph: Any, since: int = 0) -> Cost:
    """The cost of a TensorFlow graph's operations. Raises TypeError if it leaves a size open.

    since: the index of the first operation that counts.
    """
    operations = graph.get_operations()[since:]
    costs = [_cost(operation) for operation in operations]
    return Cost(
        sum(each.values for each in costs),
        sum(each.read for each in costs),
        sum(each.products for each in costs),
        sum(each.slow_products for each in costs),
        _peak(operations, [each.peak for each in costs]),
    )


def size(shape: Any) -> int:
    """The number of values in a tensor of this shape. Raises TypeError if a side of it is open."""
    return int(np.prod([int(side) for side in shape], dtype=object))


def _values(tensor: Any) -> int:
    """A tensor's size; none for the handle of something that is counted where it is made or read."""
    return 0 if tensor.dtype.name in ("variant", "resource") else size(tensor.shape)


def _cost(operation: Any) -> Cost:
    """The cost of one operation; ``peak`` is that of its outputs, and of what it computes within."""
    if operation.type == "Placeholder":  # it is counted where it is made; in a loop, its shape may be open
        return Cost()
    values = sum(map(_values, operation.outputs))
    memory = sum(_values(output) * output.dtype.size for output in operation.outputs)
    read = sum(map(_values, operation.inputs))
    products, slow_products = 0, 0
    match operation.type:
        case "Conv2D":
            *window, inputs, outputs = operation.inputs[1].shape
            number = values * size(window) * int(inputs)
            if operation.get_attr("data_format") == b"NHWC" and int(operation.inputs[0].shape[-1]) != int(inputs):
                slow_products = SLOWNESS_OF_GROUPS * values * size(window)  # however few channels a group has
                products = number
            elif int(inputs) * int(outputs) < MIN_CHANNELS:
                slow_products = number
            else:
                products = number
        case "Conv3D":
            products = values * size(operation.inputs[1].shape[:-1])
        case "Conv2DBackpropInput":  # a transposed convolution: kernel, and the gradient that is its input
            products = size(operation.inputs[2].shape) * size(operation.inputs[1].shape[:3])
        case "Conv3DBackpropInputV2":
            products = size(operation.inputs[2].shape) * size(operation.inputs[1].shape[:4])
        case "DepthwiseConv2dNative":
            slow_products = values * size(operation.inputs[1].shape[:2])
        case "MatMul" | "BatchMatMul" | "BatchMatMulV2" | "BatchMatMulV3":
            first = operation.inputs[0].shape
            turned = operation.type == "MatMul" and operation.get_attr("transpose_a")
            turned = turned or ("Batch" in operation.type and operation.get_attr("adj_x"))
            products = values * int(first[-2 if turned else -1])
        case "Einsum":
            products = _products_of_einsum(operation)
        case "MaxPool" | "AvgPool" | "MaxPool3D" | "AvgPool3D":
            slow_products = values * int(np.prod(operation.get_attr("ksize"), dtype=object))
        case "Mean" | "Sum" | "Max" | "Min" | "Prod" | "All" | "Any" | "ArgMax" | "ArgMin" | "EuclideanNorm":
            slow_products = SLOWNESS_OF_SUMS * read
        case "TopKV2" | "Cumsum" | "Cumprod" | "CumulativeLogsumexp":
            slow_products = SLOWNESS_OF_SORTING * read
        case "ScaleAndTranslate":  # first the rows, then the columns; each new pixel may see all old ones in its line
            (_, high, wide, channels), (_, new_high, new_wide, _) = (
                operation.inputs[0].shape,
                operation.outputs[0].shape,
            )
            slow_products = int(high) * int(new_wide) * int(channels) * (int(wide) + int(new_high))
        case "While" | "StatelessWhile":  # recurrent layers
            return _cost_of_loop(operation, Cost(values, read, 0, 0, memory))
        case (
            "If"
            | "StatelessIf"
            | "Case"
            | "StatelessCase"
            | "Svd"
            | "Qr"
            | "SelfAdjointEigV2"
            | "Eig"
            | "MatrixInverse"
        ):
            raise TypeError("its cost is not known")
        case "PartitionedCall" | "StatefulPartitionedCall":  # grouped convolutions
            # Remove when a graph has a public way to its functions. In as_graph_def(add_shapes=True) they are
            # messages whose inputs are names, so all of this would be written twice; and without functions, by
            # run_functions_eagerly(), those of a training in another thread would be none either.
            inner = cost(operation.graph._get_function(operation.get_attr("f").name).graph)
            return Cost(
                values + inner.values, read + inner.read, inner.products, inner.slow_products, memory + inner.peak
            )
    return Cost(values, read, products, slow_products, memory)


def _cost_of_loop(operation: Any, outside: Cost) -> Cost:
    """A loop whose number of rounds is known. Raises TypeError if it is not."""
    import tensorflow as tf

    most = operation.inputs[1]  # after the counter, the most rounds
    while most.op.type == "Max":  # of a constant, as Keras writes it
        most = most.op.inputs[0]
    rounds = tf.get_static_value(most)
    if rounds is None or np.min(rounds) < 0:
        raise TypeError("an unknown number of rounds")
    inner = [cost(operation.graph._get_function(operation.get_attr(part).name).graph) for part in ("cond", "body")]
    times = int(np.max(rounds))
    return Cost(
        outside.values + times * sum(each.values for each in inner),
        outside.read + times * sum(each.read for each in inner),
        times * sum(each.products for each in inner),
        times * sum(each.slow_products for each in inner) + times * SLOWNESS_OF_ROUNDS,
        outside.peak + sum(each.peak for each in inner),
    )


def _products_of_einsum(operation: Any) -> int:
    """Every combination of its letters, as if nothing were computed step by step."""
    letters, _ = operation.get_attr("equation").decode().split("->")
    sides: dict[str, int] = {}
    for names, tensor in zip(letters.split(","), operation.inputs, strict=True):
        first, dots, last = names.partition("...")
        between = [f"{place}" for place in range(len(tensor.shape) - len(first + last), 0, -1)] if dots else []
        for name, side in zip([*first, *between, *last], map(int, tensor.shape), strict=True):
            sides[name] = max(side, sides.get(name, 1))
    return int(np.prod(list(sides.values()), dtype=object))


def _peak(operations: list[Any], memory: list[int]) -> int:
    """The most memory at any depth: of what is computed there, and of what is still needed there."""
    depths: dict[str, int] = {}
    last: dict[str, int] = {}
    for operation in operations:
        inputs = {tensor.op.name for tensor in operation.inputs} & depths.keys()
        depths[operation.name] = depth = 1 + max((depths[name] for name in inputs), default=-1)
        for name in (*inputs, operation.name):
            last[name] = max(last.get(name, depth), depth)
    changes = np.zeros(len(operations) + 2, dtype=object)
    for operation, number in zip(operations, memory, strict=True):
        changes[depths[operation.name]] += number
        changes[last[operation.name] + 1] -= number
    return int(np.cumsum(changes).max())
