"""Decides whether a .keras file is safe to open. It may come from anyone, so this runs before Keras builds anything."""

import io
import json
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import IO, Any

import numpy as np

from cnngui.core.errors import UserError
from cnngui.core.models.familiarity import Familiarity
from cnngui.core.tensorflow_start import start_tensorflow

MAX_SIDE = 2_000  # pixels, of the input image
MAX_SECTIONS = 100  # of a Split: Keras makes an output for each, before they can be counted
MAX_FILE = 1_000_000_000  # bytes, packed and unpacked
MAX_CONFIG = 5_000_000  # bytes of JSON; a network of 1,000 layers needs a fifth of that
MAX_PARAMETERS = 100_000_000  # 0.4 GB
MAX_VALUES = 100_000_000  # in the outputs of all operations for one image: 0.4 GB
MAX_MULTIPLICATIONS = 50_000_000_000  # multiply–adds for one image; VGG19 needs 20 billion
MAX_LAYERS = 500  # Keras makes a thousand in a second
MAX_STEPS = 2_000  # from layer to layer, counting nested networks each time they are used
MAX_OBJECTS = 5_000  # in the file of weights
SEEDS = 2 * MAX_LAYERS  # numbers of random layers, which Keras does not save
ROOM = 10_000_000  # bytes in the weights file that are not weights

MAX_REMEMBERED = 100_000_000  # bytes; ours need 7 million
MAX_REMEMBERED_IMAGES = 20_000  # each costs time and memory in every answer; ours are 5,000
TRIALS = 2  # images for the trial answer; with one, mixed-up rows would not show
NUMBERS = "biufV"  # NumPy's kinds of dtypes that weights have; V is bfloat16

CONFIG, METADATA, WEIGHTS = "config.json", "metadata.json", "model.weights.h5"
REMEMBERED = tuple(f"familiarity/{name}.npy" for name in ("remembered", "split", "threshold"))

# Keras layers that compute from their inputs and weights alone: no foreign code, no files, no network.
LAYERS = frozenset(
    "Activation Add Average AveragePooling2D BatchNormalization CenterCrop Concatenate Conv2D Cropping2D Dense "  # noqa: SIM905
    "DepthwiseConv2D Dropout ELU Flatten Functional GaussianDropout GaussianNoise GlobalAveragePooling2D "
    "GlobalMaxPooling2D GroupNormalization Identity InputLayer LayerNormalization LeakyReLU MaxPooling2D Maximum "
    "Minimum Multiply Normalization PReLU Permute RandomContrast RandomFlip RandomRotation RandomTranslation "
    "RandomZoom ReLU Rescaling Reshape Resizing SeparableConv2D Sequential Softmax SpatialDropout2D Subtract "
    "UpSampling2D ZeroPadding2D".split()
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


def check(path: Path) -> None:
    """Raise UserError with the reason if the file may be harmful.

    It must be a zip archive of limited size, with the members that Keras writes, a network of limited size made of
    Keras' own layers, and all weights. Nothing is built, and the weights are not read.
    The network must also take one RGB image and return one row, as an image classifier does.
    """
    if path.suffix.lower() != ".keras":  # Keras chooses its reader by the suffix
        raise _refusal(path, "its name does not end in .keras")
    status = path.stat()
    if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_FILE:
        raise _refusal(path, f"it is not a regular file, or is larger than {MAX_FILE // 1_000_000:,} MB")
    try:
        with zipfile.ZipFile(path) as archive:
            _check_members(path, archive)
            config = json.loads(archive.read(CONFIG))
            config["compile_config"] = None  # only for training, and never loaded
            _check_objects(path, config)
            parameters = _parameters(path, config)
            if archive.getinfo(WEIGHTS).file_size > 8 * parameters + ROOM:
                raise _refusal(path, "its weights file is larger than its network needs")
            with tempfile.TemporaryFile() as weights:  # they may be too large for memory
                with archive.open(WEIGHTS) as member:
                    shutil.copyfileobj(member, weights)
                _check_weights(path, weights, parameters)
    except UserError:
        raise
    except Exception as error:  # damaged zip, JSON and HDF5 data raise almost anything
        raise _refusal(path, "it is damaged") from error


def check_answer(path: Path, network: Any, familiarity: Familiarity | None) -> None:
    """Raise UserError if the loaded model does not answer each of two black images with finite numbers.

    Its weights have no checksum that would tell damage, and what it remembers may be another model's.
    """
    from cnngui.core.models.deployment import of_images, with_features

    if familiarity is not None and len(familiarity.remembered) > MAX_REMEMBERED_IMAGES:
        raise _refusal(path, f"it remembers more than {MAX_REMEMBERED_IMAGES:,} images")
    try:
        with np.errstate(all="ignore"):
            images = np.zeros((TRIALS, *network.input_shape[1:]), np.float32)
            outputs = with_features(network)([images], training=False)
            probabilities, features = outputs[0].numpy(), of_images(outputs[1].numpy(), TRIALS)
            numbers = [probabilities, features]
            if familiarity is not None:
                numbers += [familiarity.remembered, familiarity.scores(features), np.array(familiarity.threshold)]
            finite = all(np.isfinite(part).all() for part in numbers)
    except Exception as error:  # parts that do not fit together raise almost anything
        raise _refusal(path, "it does not answer") from error
    if probabilities.shape != (TRIALS, network.output_shape[1]):
        raise _refusal(path, "it does not return one row per image")
    if not finite:
        raise _refusal(path, "its weights give invalid numbers")


def _refusal(path: Path, reason: str) -> UserError:
    return UserError(f"{path.name} was not opened: {reason}. Choose another model.")


def _check_members(path: Path, archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    names = [member.filename for member in members]
    for member in members:
        name = member.filename
        if name not in (CONFIG, METADATA, WEIGHTS, *REMEMBERED):
            raise _refusal(path, f"it holds “{name[:100]}”, which is no part of a model")
    if len(set(names)) < len(names) or CONFIG not in names or WEIGHTS not in names:
        raise _refusal(path, "a part is missing or occurs twice")
    sizes = {member.filename: member.file_size for member in members}
    remembered = sum(sizes.get(name, 0) for name in REMEMBERED)
    if sizes[CONFIG] > MAX_CONFIG or remembered > MAX_REMEMBERED or sum(sizes.values()) > MAX_FILE:
        raise _refusal(path, "its parts are too large")


def _check_objects(path: Path, config: Any) -> None:
    layers, steps = 0, 0
    for place, item in _objects(config):
        kind, name = str(item["class_name"]), item.get("registered_name")
        allowed = MODULES.get(str(item.get("module")), frozenset())
        if kind not in PLAIN and (kind not in allowed or name not in (None, kind)):
            raise _refusal(path, f"it uses “{kind[:100]}”, which is none of the layers that are known to be harmless")
        layers += kind in LAYERS or kind in OPERATIONS
        if kind == "Split" and _sections(item) > MAX_SECTIONS:
            raise _refusal(path, f"it splits something into more than {MAX_SECTIONS} parts")
        if kind in NETWORKS:
            if place != "layers" or "shared_object_id" in item:  # its steps would not be counted there
                raise _refusal(path, "it has a network in an unusual place")
            steps += _steps(item)
    if layers > MAX_LAYERS or steps > MAX_STEPS:
        raise _refusal(path, f"it has more than {MAX_LAYERS} layers, or uses them too often")


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


def _parameters(path: Path, config: Any) -> int:
    """The number of parameters. The network and its answer are built as a TensorFlow graph; nothing is computed."""
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
            parameters = sum(_size(value.shape) for value in made)
            before = len(graph.get_operations())
            image = tf.compat.v1.placeholder(tf.float32, (1, *network.input_shape[1:]))
            keras.Model(network.inputs, network.outputs)([image], training=False)
            values, multiplications = _cost(graph, since=before)
            values += _size(image.shape)
    except UserError:
        raise
    except Exception as error:  # Keras raises almost anything
        raise _refusal(path, "Keras cannot build its network") from error
    if parameters > MAX_PARAMETERS or values > MAX_VALUES:
        raise _refusal(path, "its network needs too much memory")
    if multiplications > MAX_MULTIPLICATIONS:
        raise _refusal(path, "its network needs too much time for one picture")
    _check_outputs(path, network)
    return parameters


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


def _cost(graph: Any, since: int = 0) -> tuple[int, int]:
    """The number of values in the outputs of a graph's operations, and the number of multiply–adds.

    since: the first operation that counts. Raises TypeError where it leaves open how many these are.
    """
    values, multiplications = 0, 0
    for operation in graph.get_operations()[since:]:
        outputs = sum(_size(output.shape) for output in operation.outputs)
        if operation.type != "Placeholder":
            values += outputs
        match operation.type:
            case "Conv2D":
                multiplications += outputs * _size(operation.inputs[1].shape[:-1])
            case "DepthwiseConv2dNative":
                multiplications += outputs * _size(operation.inputs[1].shape[:2])
            case "MatMul" | "BatchMatMulV2":
                multiplications += outputs * int(operation.inputs[0].shape[-1])
            case "MaxPool" | "AvgPool":
                multiplications += outputs * int(np.prod(operation.get_attr("ksize"), dtype=object))
            case "PartitionedCall" | "StatefulPartitionedCall":  # grouped convolutions
                # Remove when a graph has a public way to its functions. In as_graph_def(add_shapes=True) they are
                # messages whose inputs are names, so all of this would be written twice; and without functions, by
                # run_functions_eagerly(), those of a training in another thread would be none either.
                within = _cost(graph._get_function(operation.get_attr("f").name).graph)
                values, multiplications = values + within[0], multiplications + within[1]
    return values, multiplications


def _size(shape: Any) -> int:
    return int(np.prod([int(size) for size in shape], dtype=object))


def _check_weights(path: Path, weights: IO[bytes], parameters: int) -> None:
    """The weights file must be complete, refer to no other file and claim no more data than it holds."""
    import h5py

    claimed, seen, numbers = 0, 0, 0
    with h5py.File(weights, "r") as file:
        groups = [file]
        while groups:
            group = groups.pop()
            for name in group:
                seen += 1
                if seen > MAX_OBJECTS:
                    raise _refusal(path, "its weights file has too many parts")
                if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                    raise _refusal(path, "its weights refer to another file")
                item = group[name]
                if isinstance(item, h5py.Group):
                    groups.append(item)
                elif not isinstance(item, h5py.Dataset) or item.external or item.is_virtual:
                    raise _refusal(path, "its weights refer to another file")
                elif item.chunks is not None or item.dtype.fields or item.dtype.kind not in NUMBERS:
                    # These may be far larger in memory than in the file. Keras writes plain numbers.
                    raise _refusal(path, "its weights are not stored as plain numbers")
                else:
                    claimed += item.nbytes
                    numbers += item.size
    if claimed > weights.seek(0, io.SEEK_END):
        raise _refusal(path, "its weights file is inconsistent")
    if numbers + SEEDS < parameters:  # Keras would build the whole network before noticing
        raise _refusal(path, "some of its weights are missing")
