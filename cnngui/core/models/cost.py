"""What a network costs for one image: its memory and its time, counted in a TensorFlow graph, without computing it."""

from dataclasses import dataclass
from typing import Any

import numpy as np

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


def _cost(operation: Any) -> Cost:
    """The cost of one operation; ``peak`` is that of its outputs, and of what it computes within."""
    values = sum(size(output.shape) for output in operation.outputs)
    memory = sum(size(output.shape) * output.dtype.size for output in operation.outputs)
    read = sum(size(tensor.shape) for tensor in operation.inputs)
    products, slow_products = 0, 0
    match operation.type:
        case "Conv2D":
            *window, inputs, outputs = operation.inputs[1].shape
            number = values * size(window) * int(inputs)
            if int(inputs) * int(outputs) < MIN_CHANNELS:
                slow_products = number
            else:
                products = number
        case "DepthwiseConv2dNative":
            slow_products = values * size(operation.inputs[1].shape[:2])
        case "MatMul" | "BatchMatMulV2":
            products = values * int(operation.inputs[0].shape[-1])
        case "MaxPool" | "AvgPool":
            slow_products = values * int(np.prod(operation.get_attr("ksize"), dtype=object))
        case "PartitionedCall" | "StatefulPartitionedCall":  # grouped convolutions
            # Remove when a graph has a public way to its functions. In as_graph_def(add_shapes=True) they are
            # messages whose inputs are names, so all of this would be written twice; and without functions, by
            # run_functions_eagerly(), those of a training in another thread would be none either.
            inner = cost(operation.graph._get_function(operation.get_attr("f").name).graph)
            return Cost(
                values + inner.values, read + inner.read, inner.products, inner.slow_products, memory + inner.peak
            )
    return Cost(values, read, products, slow_products, memory)


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
