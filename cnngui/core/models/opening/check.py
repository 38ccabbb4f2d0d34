"""Decides whether the network of a model that may come from anyone is built: from its configuration alone."""

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cnngui.core.errors import UserError
from cnngui.core.models.opening.allowed import ARRAYS, COUNTED, LARGEST, MODULES, NETWORKS, PLAIN
from cnngui.core.models.opening.archive import refusal
from cnngui.core.models.opening.cost import Cost, cost, size
from cnngui.core.models.opening.plain import for_any_number, plain
from cnngui.core.tensorflow_start import start_tensorflow

MAX_SIDE = 2_000  # pixels, of the input image
MAX_PARAMETERS = 400_000_000  # 1.6 GB, which the file must hold too; ConvNeXtXLarge has 350 million
MAX_PEAK = 500_000_000  # bytes in memory at once, for one image; EfficientNetB7 needs 350 million
MAX_VALUES = 3_500_000_000  # that operations read or make for one image, a billion a second; EfficientNetB7: 3.1
MAX_PRODUCTS = 70_000_000_000  # multiply–adds for one image; ConvNeXtXLarge needs 61 billion, VGG19 20
MAX_SLOW_PRODUCTS = 5_000_000_000  # those that take a nanosecond each
MAX_LAYERS = 1_200  # Keras makes a thousand in a second; EfficientNetV2L has 1,030
MAX_STEPS = 3_000  # from layer to layer, counting nested networks each time they are used
SEED = ("int64", (2,))  # dtype and shape of the state of a random layer, which Keras does not save
MAX_BYTES_EACH = 20  # of a parameter: optimizers keep up to four numbers beside it, of 4 bytes each
ROOM = 10_000_000  # bytes in the weights file that are not weights

PLACES = "indices_or_sections"  # of a Split: how many parts it makes, or where it divides

# How Keras writes the dtype of values in a configuration; others may claim gigabytes for one of them.
VALUES = frozenset(("bool", "int32", "int64", "uint8", "float16", "bfloat16", "float32", "float64"))


@dataclass(frozen=True)
class Checked:
    """What may be built.

    config: as :func:`keras.saving.deserialize_keras_object` takes it.
    parameters: how many numbers its file must hold. peak: bytes that it needs for one image.
    """

    config: dict[str, Any]
    parameters: int
    peak: int


def check(path: Path, content: bytes, weights: int = 0) -> Checked:
    """The network of this configuration, if it is a harmless image classifier of limited size.

    It must be made of Keras' own layers, take one RGB or grey image and return one row. Nothing is computed.
    path: of the file, for the messages. content: JSON. weights: bytes in which a file holds nothing else.
    Raises UserError with the reason if it may be harmful.
    """
    try:
        config = json.loads(content)
        config["compile_config"] = None  # only for training, and never loaded
        _check_objects(path, config)
        config = plain(config)
        for_any_number(config)
        parameters, found = _measured(path, config)
    except UserError:
        raise
    except Exception as error:  # strange JSON raises almost anything
        raise refusal(path, "it is damaged") from error
    if weights > MAX_BYTES_EACH * parameters + ROOM:
        raise refusal(path, "its weights file is larger than its network needs")
    return Checked(config, parameters, found.peak)


def _check_objects(path: Path, config: Any) -> None:
    layers, steps = 0, 0
    for place, item in _objects(config):
        kind, name = str(item["class_name"]), item.get("registered_name")
        if kind in ARRAYS and item["config"]["dtype"] in VALUES:
            continue
        allowed = MODULES.get(str(item.get("module")), frozenset())
        if kind not in PLAIN and (kind not in allowed or name not in (None, kind)):
            raise refusal(path, f"it uses “{kind[:100]}”, which is none of the layers that are known to be harmless")
        layers += kind in COUNTED
        _check_settings(path, item)
        if kind in NETWORKS:
            if place != "layers" or "shared_object_id" in item:  # its steps would not be counted there
                raise refusal(path, "it has a network in an unusual place")
            steps += _steps(item)
    if layers > MAX_LAYERS or steps > MAX_STEPS:
        raise refusal(path, f"it has more than {MAX_LAYERS:,} layers, or uses them too often")


def _check_settings(path: Path, item: dict[str, Any]) -> None:
    """Nothing may be repeated many times, or computed, while the network is built."""
    settings = {**item["config"]} if isinstance(item.get("config"), dict) else {}
    for node in item.get("inbound_nodes", ()):
        if not any(each["class_name"] == "__keras_tensor__" for _, each in _objects(node)):
            raise refusal(path, "it computes something that does not depend on the picture")
        settings |= node["kwargs"]
    for setting in LARGEST.keys() & settings.keys():
        value = settings[setting]
        if (len(value) if setting == PLACES and isinstance(value, list) else _largest(value)) > LARGEST[setting]:
            raise refusal(path, f"its setting {setting} is above {LARGEST[setting]:,}")


def _largest(value: Any) -> int:
    """The largest number in a setting, or of how many it consists. Raises TypeError if it is not as Keras writes it."""
    if isinstance(value, list):
        return max(len(value), *map(_largest, value))
    return int(value or 0)


def _objects(value: Any, place: str = "layers") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object in a model's configuration, each with the key it is stored under."""
    if isinstance(value, dict):
        if "class_name" in value:
            yield place, value
        for key, inner in value.items():
            yield from _objects(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _objects(inner, place)


def _steps(layer: Any) -> int:
    """The steps from layer to layer, counted each time that Keras goes through this layer."""
    inside = layer["config"].get("layers", ())  # of a network, or a pipeline
    return 1 + sum(_steps(inner) * max(1, len(inner.get("inbound_nodes", ()))) for inner in inside)


def _measured(path: Path, config: Any) -> tuple[int, Cost]:
    """The numbers that the file must hold, and the cost of an image.

    The network and its answer are built as a TensorFlow graph. Keras shares no objects between the parts of a
    configuration that is deserialised alone, whatever its ``shared_object_id`` say: what is measured here is what is
    built from it later.
    """
    start_tensorflow()
    import keras
    import tensorflow as tf

    made: list[Any] = []  # layers that lead nowhere have variables too, and are not among the network's own

    def make(_next: object, initial_value: Any, **_settings: object) -> Any:
        """Instead of a variable, the part of the graph that would compute its first value."""
        made.append(initial_value() if callable(initial_value) else initial_value)
        return made[-1]

    try:
        with tf.Graph().as_default() as graph, tf.variable_creator_scope(make):
            network = keras.saving.deserialize_keras_object(deepcopy(config), safe_mode=True)
            _check_inputs(path, network)
            parameters = sum(size(value.shape) for value in made if (value.dtype.name, tuple(value.shape)) != SEED)
            before = len(graph.get_operations())
            image = tf.compat.v1.placeholder(tf.float32, (1, *network.input_shape[1:]))
            variables = (network.trainable_variables, network.non_trainable_variables)
            values = [[variable.value for variable in each] for each in variables]
            keras.Model(network.inputs, network.outputs).stateless_call(*values, [image], training=False)
            found = cost(graph, since=before)
    except UserError:
        raise
    except Exception as error:  # Keras raises almost anything
        raise refusal(path, "Keras cannot build its network") from error
    if parameters > MAX_PARAMETERS or found.peak > MAX_PEAK:
        raise refusal(path, "its network needs too much memory")
    if (
        found.products > MAX_PRODUCTS
        or found.slow_products > MAX_SLOW_PRODUCTS
        or max(found.values, found.read) > MAX_VALUES
    ):
        raise refusal(path, "its network needs too much time for one picture")
    _check_outputs(path, network)
    return parameters, found


def _check_inputs(path: Path, network: Any) -> None:
    """The network must take one RGB or grey image of a reasonable size."""
    match shapes := [tuple(tensor.shape) for tensor in network.inputs]:
        case [(None, int(height), int(width), 1 | 3)] if min(height, width) >= 1 and max(height, width) <= MAX_SIDE:
            return
        case [(None, int(), int(), 1 | 3)]:
            raise _unfit(path, f"its image is {_written(shapes)}, but a side may have 1 to {MAX_SIDE:,} pixels")
    raise _unfit(path, f"it takes {_written(shapes)}, and not one RGB or grey image, (None, height, width, 3 or 1)")


def _check_outputs(path: Path, network: Any) -> None:
    """The network must return one row of numbers."""
    match shapes := [tuple(tensor.shape) for tensor in network.outputs]:
        case [(None, int(classes))] if classes > 0:
            return
    raise _unfit(path, f"it returns {_written(shapes)}, and not one row with a number for each class")


def _written(shapes: list[tuple[int | None, ...]]) -> str:
    return " and ".join(str(shape) for shape in shapes[:3])


def _unfit(path: Path, reason: str) -> UserError:
    return UserError(f"{path.name} does not classify pictures: {reason}. Choose another model.")
