"""Whether a .keras file may be opened: it may come from anyone, so it is looked at before Keras builds anything."""

import io
import json
import stat
import zipfile
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np

from cnngui.core.errors import UserError
from cnngui.core.start import start_tensorflow

MAX_FILE = 1_000_000_000  # bytes, packed and unpacked
MAX_CONFIG = 5_000_000  # bytes of JSON; that of a network of 1,000 layers is a fifth of it
MAX_PARAMETERS = 100_000_000  # 0.4 GB
MAX_VALUES = 50_000_000  # of all layers' outputs for one image: 0.2 GB
MAX_LAYERS = 500  # Keras makes a thousand in a second
MAX_OBJECTS = 5_000  # in the file of weights
ROOM = 10_000_000  # bytes, in the file of weights, for all that is no weight

MAX_REMEMBERED = 100_000_000  # bytes; ours need 7 million

CONFIG, METADATA, WEIGHTS = "config.json", "metadata.json", "model.weights.h5"
REMEMBERED = tuple(f"familiarity/{name}.npy" for name in ("remembered", "split", "threshold"))

# Keras' own layers that compute from their inputs and their weights alone: no code of others, no files, no network.
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
MODULES = {  # of Keras, each with the classes in it that may be named
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
PLAIN = frozenset(("__keras_tensor__", "__tuple__", "__ellipsis__"))  # how Keras writes what is no object


def check(path: Path) -> None:
    """Raise UserError, with a sentence that says why, where the file is not harmless.

    It must be a zip archive of Keras' members, of limited size, whose network consists of Keras' own layers, of
    limited size too, and whose weights are in it. Nothing of it is built, and its weights are not read.
    """
    if path.suffix.lower() != ".keras":  # Keras goes by it: another would be read in another way than here
        raise _refusal(path, "its name does not end in .keras")
    status = path.stat()
    if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_FILE:
        raise _refusal(path, f"it is no file of less than {MAX_FILE // 1_000_000} MB")
    try:
        with zipfile.ZipFile(path) as archive:
            _check_members(path, archive)
            config = json.loads(archive.read(CONFIG))
            config["compile_config"] = None  # it is for training, and is not opened
            _check_objects(path, config)
            parameters = _parameters(path, config)
            if archive.getinfo(WEIGHTS).file_size > 8 * parameters + ROOM:
                raise _refusal(path, "its weights are more than its network has room for")
            weights = archive.read(WEIGHTS)
        _check_weights(path, weights)
    except UserError:
        raise
    except Exception as error:  # the readers of zip, JSON and HDF5 raise nearly everything on damaged data
        raise _refusal(path, "it is damaged") from error


def _refusal(path: Path, reason: str) -> UserError:
    return UserError(f"{path.name} was not opened: {reason}. Choose a model that you trust.")


def _check_members(path: Path, archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    names = [member.filename for member in members]
    for member in members:
        name = member.filename
        if name not in (CONFIG, METADATA, WEIGHTS, *REMEMBERED):
            raise _refusal(path, f"it holds “{name[:100]}”, which is no part of a model")
    if len(set(names)) < len(names) or CONFIG not in names or WEIGHTS not in names:
        raise _refusal(path, "it does not hold each part of a model once")
    sizes = {member.filename: member.file_size for member in members}
    remembered = sum(sizes.get(name, 0) for name in REMEMBERED)
    if sizes[CONFIG] > MAX_CONFIG or remembered > MAX_REMEMBERED or sum(sizes.values()) > MAX_FILE:
        raise _refusal(path, "its parts are too large")


def _check_objects(path: Path, config: Any) -> None:
    count = 0
    for kind, module, name in _objects(config):
        allowed = MODULES.get(module, frozenset())
        if kind not in PLAIN and (kind not in allowed or name not in (None, kind)):
            raise _refusal(path, f"it uses “{kind[:100]}”, which is none of the layers that are known to be harmless")
        count += kind in LAYERS or kind in OPERATIONS
    if count > MAX_LAYERS:
        raise _refusal(path, f"it has more than {MAX_LAYERS} layers")


def _objects(value: Any) -> Iterator[tuple[str, str, str | None]]:
    """The class, module and registered name of every object in the configuration of a model."""
    if isinstance(value, dict):
        if "class_name" in value:
            yield str(value["class_name"]), str(value.get("module")), value.get("registered_name")
        for inner in value.values():
            yield from _objects(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _objects(inner)


def _parameters(path: Path, config: Any) -> int:
    """How many the network has. Keras makes it without any of them: that is what StatelessScope does."""
    start_tensorflow()
    import keras
    from keras.src.backend.common import global_state

    try:
        with keras.StatelessScope(initialize_variables=False):
            network = keras.saving.deserialize_keras_object(deepcopy(config), safe_mode=True)
            parameters = sum(int(np.prod(variable.shape, dtype=object)) for variable in network.variables)
            values = sum(_values(layer) for layer in _layers(network))
    except Exception as error:  # Keras raises whatever its reader came upon
        raise _refusal(path, "its network is not one that Keras can make") from error
    finally:
        # What waits there for its values would get them at the end of the next scope of this thread.
        global_state.set_global_attribute("uninitialized_variables", [])
    if parameters > MAX_PARAMETERS or values > MAX_VALUES:
        raise _refusal(path, "its network needs too much memory")
    return parameters


def _layers(network: Any) -> Iterator[Any]:
    for layer in network.layers:
        yield layer
        if hasattr(layer, "layers"):
            yield from _layers(layer)


def _values(layer: Any) -> int:
    """How many values the layer's outputs have for one image, wherever it is used. Raises TypeError if any is unknown.

    Between mirrored views or the like the batch may be a multiple of the images; only it may be unknown.
    """
    outputs = [output for node in layer._inbound_nodes for output in node.output_tensors]
    return sum(int(np.prod([int(size) for size in output.shape[1:]], dtype=object)) for output in outputs)


def _check_weights(path: Path, weights: bytes) -> None:
    """Nothing in the file of weights may lead to another file or claim more than is there."""
    import h5py

    claimed, seen = 0, 0
    with h5py.File(io.BytesIO(weights), "r") as file:
        groups = [file]
        while groups:
            group = groups.pop()
            for name in group:
                seen += 1
                if seen > MAX_OBJECTS or not isinstance(group.get(name, getlink=True), h5py.HardLink):
                    raise _refusal(path, "its weights lead elsewhere")
                item = group[name]
                if isinstance(item, h5py.Group):
                    groups.append(item)
                elif not isinstance(item, h5py.Dataset) or item.external or item.is_virtual:
                    raise _refusal(path, "its weights lie elsewhere")
                else:
                    claimed += item.nbytes
    if claimed > len(weights):
        raise _refusal(path, "its weights claim to be more than they are")
