"""Decides whether the network of a model that may come from anyone is built: from its configuration alone."""

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cnngui.core.errors import UserError
from cnngui.core.models.archive import CONFIG, WEIGHTS, Archive, refusal
from cnngui.core.models.cost import Cost, cost, size
from cnngui.core.tensorflow_start import start_tensorflow

MAX_SIDE = 2_000  # pixels, of the input image
MAX_SECTIONS = 100  # of a Split: Keras makes an output for each, before they can be counted
MAX_PARAMETERS = 100_000_000  # 0.4 GB
MAX_VALUES = 100_000_000  # in the outputs of all operations for one image: 0.4 GB
MAX_READ = 500_000_000  # values in their inputs; a sum over a large image reads some hundred million a second
MAX_PRODUCTS = 50_000_000_000  # multiply–adds for one image; VGG19 needs 20 billion
MAX_SLOW_PRODUCTS = 5_000_000_000  # those that take a nanosecond each; EfficientNetB7 needs 2 billion
MAX_LAYERS = 500  # Keras makes a thousand in a second
MAX_STEPS = 2_000  # from layer to layer, counting nested networks each time they are used
SEEDS = 2 * MAX_LAYERS  # numbers of random layers, which Keras does not save
ROOM = 10_000_000  # bytes in the weights file that are not weights

# Keras layers that compute from their inputs and weights alone: no foreign code, no files, no network.
LAYERS = frozenset(
    "Activation Add Average AveragePooling2D BatchNormalization CenterCrop Concatenate Conv2D Cropping2D Dense "  # noqa: SIM905
    "DepthwiseConv2D Dropout ELU Flatten Functional GaussianDropout GaussianNoise GlobalAveragePooling2D "
    "GlobalMaxPooling2D GroupNormalization Identity InputLayer LayerNormalization LeakyReLU MaxPooling2D Maximum "
    "Minimum Multiply Normalization PReLU Permute RandomContrast RandomFlip RandomRotation RandomTranslation "
    "RandomZoom ReLU Rescaling Reshape Resizing SeparableConv2D Sequential Softmax SpatialDropout2D Subtract "
    "UnitNormalization UpSampling2D ZeroPadding2D".split()
)
OPERATIONS = frozenset(("Add", "Divide", "Flip", "GetItem", "Mean", "Multiply", "Softmax", "Split", "Subtract"))
INITIALIZERS = frozenset(
    "Constant GlorotNormal GlorotUniform HeNormal HeUniform LecunNormal LecunUniform Ones RandomNormal "  # noqa: SIM905
    "RandomUniform TruncatedNormal VarianceScaling Zeros".split()
)
MODULES = {  # Keras modules, each with the classes that a file may name
    "keras": frozenset(("DTypePolicy", "Functional", "Sequential")),
    "keras.layers": LAYERS,
    "keras.models": frozenset(("Functional", "Sequential")),
    "keras.src.models.functional": frozenset(("Functional",)),
    "keras.src.models.sequential": frozenset(("Sequential",)),
    "keras.src.ops.numpy": OPERATIONS,
    "keras.src.ops.nn": OPERATIONS,
    "keras.src.ops.core": OPERATIONS,
    "keras.dtype_policies": frozenset(("DTypePolicy",)),
    "keras.initializers": INITIALIZERS,
    "keras.regularizers": frozenset(("L1", "L2", "L1L2")),
    "builtins": frozenset(("slice",)),
}
NETWORKS = frozenset(("Functional", "Sequential"))
PLAIN = frozenset(("__keras_tensor__", "__tuple__", "__ellipsis__"))  # how Keras writes values that are not objects


@dataclass(frozen=True)
class Checked:
    """What may be built.

    config: as :func:`keras.saving.deserialize_keras_object` takes it.
    parameters: how many the network has. peak: bytes that it needs for one image.
    """

    config: dict[str, Any]
    parameters: int
    peak: int


def check(path: Path, archive: Archive) -> Checked:
    """The network in an opened model file, if it is a harmless image classifier of limited size.

    It must be made of Keras' own layers, take one RGB image and return one row. Nothing is computed.
    path: of the file, for the messages.
    Raises UserError with the reason if it may be harmful.
    """
    try:
        config = json.loads(archive.read(CONFIG))
        config["compile_config"] = None  # only for training, and never loaded
        _check_objects(path, config)
        parameters, found = _measured(path, config)
    except UserError:
        raise
    except Exception as error:  # strange JSON raises almost anything
        raise refusal(path, "it is damaged") from error
    if archive.size(WEIGHTS) > 8 * parameters + ROOM:
        raise refusal(path, "its weights file is larger than its network needs")
    return Checked(config, parameters, found.peak)


def _check_objects(path: Path, config: Any) -> None:
    layers, steps = 0, 0
    for place, item in _objects(config):
        kind, name = str(item["class_name"]), item.get("registered_name")
        allowed = MODULES.get(str(item.get("module")), frozenset())
        if kind not in PLAIN and (kind not in allowed or name not in (None, kind)):
            raise refusal(path, f"it uses “{kind[:100]}”, which is none of the layers that are known to be harmless")
        layers += kind in LAYERS or kind in OPERATIONS
        if kind == "Split" and _sections(item) > MAX_SECTIONS:
            raise refusal(path, f"it splits something into more than {MAX_SECTIONS} parts")
        if kind in NETWORKS:
            if place != "layers" or "shared_object_id" in item:  # its steps would not be counted there
                raise refusal(path, "it has a network in an unusual place")
            steps += _steps(item)
    if layers > MAX_LAYERS or steps > MAX_STEPS:
        raise refusal(path, f"it has more than {MAX_LAYERS} layers, or uses them too often")


def _sections(split: dict[str, Any]) -> int:
    """The number of parts a Split makes, give or take one. Raises TypeError if it is not as Keras writes it."""
    sections = split["config"]["indices_or_sections"]
    return int(sections) if isinstance(sections, int) else len(sections)


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
    if layer["class_name"] not in NETWORKS:
        return 1
    return 1 + sum(_steps(inner) * max(1, len(inner.get("inbound_nodes", ()))) for inner in layer["config"]["layers"])


def _measured(path: Path, config: Any) -> tuple[int, Cost]:
    """The number of parameters, and the cost of an image. The network and its answer are built as a TensorFlow graph.

    Keras shares no objects between the parts of a configuration that is deserialised alone, whatever its
    ``shared_object_id`` say: what is measured here is what is built from it later.
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
            parameters = sum(size(value.shape) for value in made)
            before = len(graph.get_operations())
            image = tf.compat.v1.placeholder(tf.float32, (1, *network.input_shape[1:]))
            keras.Model(network.inputs, network.outputs)([image], training=False)
            found = cost(graph, since=before)
    except UserError:
        raise
    except Exception as error:  # Keras raises almost anything
        raise refusal(path, "Keras cannot build its network") from error
    if parameters > MAX_PARAMETERS or found.values > MAX_VALUES:
        raise refusal(path, "its network needs too much memory")
    if found.products > MAX_PRODUCTS or found.slow_products > MAX_SLOW_PRODUCTS or found.read > MAX_READ:
        raise refusal(path, "its network needs too much time for one picture")
    _check_outputs(path, network)
    return parameters, found


def _check_inputs(path: Path, network: Any) -> None:
    """The network must take one RGB image of a fixed, reasonable size."""
    match shapes := [tuple(tensor.shape) for tensor in network.inputs]:
        case [(None, int(height), int(width), 3)] if min(height, width) >= 1 and max(height, width) <= MAX_SIDE:
            return
        case [(None, int(), int(), 3)]:
            raise _unfit(path, f"its image is {_written(shapes)}, but a side may have 1 to {MAX_SIDE:,} pixels")
    raise _unfit(path, f"it takes {_written(shapes)}, and not one RGB image of a fixed size, (None, height, width, 3)")


def _check_outputs(path: Path, network: Any) -> None:
    """The network must return one row of at least two numbers."""
    match shapes := [tuple(tensor.shape) for tensor in network.outputs]:
        case [(None, int(classes))] if classes > 1:
            return
    raise _unfit(path, f"it returns {_written(shapes)}, and not one row with a number for each class")


def _written(shapes: list[tuple[int | None, ...]]) -> str:
    return " and ".join(str(shape) for shape in shapes[:3])


def _unfit(path: Path, reason: str) -> UserError:
    return UserError(f"{path.name} does not classify pictures: {reason}. Choose another model.")
