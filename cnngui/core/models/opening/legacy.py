"""The configuration of a network as ``.h5`` files hold it, in the form that ``.keras`` files have.

Keras 3 writes them almost alike. Keras 2 names no modules, calls some settings otherwise, and writes what it computes
between layers as functions of TensorFlow.
"""

from typing import Any

from cnngui.core.models.opening.allowed import MODULES, NETWORKS, OPERATIONS
from cnngui.core.models.opening.plain import plain

RENAMED = {"Model": "Functional"}  # before Keras 2.4
DROPPED = {  # settings that Keras 3 does not know, and that change nothing
    "DepthwiseConv1D": ("groups",),
    "DepthwiseConv2D": ("groups", "kernel_initializer", "kernel_regularizer", "kernel_constraint"),
    "SeparableConv1D": ("groups", "kernel_initializer", "kernel_regularizer", "kernel_constraint"),
    "SeparableConv2D": ("groups", "kernel_initializer", "kernel_regularizer", "kernel_constraint"),
    "GRU": ("time_major", "implementation"),
    "LSTM": ("time_major", "implementation"),
    "SimpleRNN": ("time_major",),
    "InputLayer": ("ragged", "sparse"),
}
FUNCTIONS = {  # of TensorFlow, each with the operation of Keras 3 that computes the same, and its second argument
    "math.truediv": ("TrueDivide", "y"),
    "math.divide": ("TrueDivide", "y"),
    "math.subtract": ("Subtract", "y"),
    "math.add": ("Add", "y"),
    "__operators__.add": ("Add", "y"),
    "math.multiply": ("Multiply", "y"),
    "nn.bias_add": ("Add", "bias"),
    "__operators__.getitem": ("GetItem", "slice_spec"),
}
CALLS = ("TFOpLambda", "SlicingOpLambda")


def modern(config: dict[str, Any]) -> dict[str, Any]:
    """The configuration of a network from an ``.h5`` file. Raises KeyError or TypeError if it is none."""
    return _layer(_without_wrappers(config))


def _layer(config: dict[str, Any]) -> dict[str, Any]:
    if "module" in config:  # written by Keras 3
        return config
    kind = RENAMED.get(config["class_name"], config["class_name"])
    if kind in CALLS:
        return _operation(config)
    settings: dict[str, Any] = plain(config["config"])  # its initializers name no modules either
    for name in DROPPED.get(kind, ()):
        settings.pop(name, None)
    if "batch_input_shape" in settings:
        shape = settings.pop("batch_input_shape")
        if kind == "InputLayer":
            settings["batch_shape"] = shape
    if isinstance(axis := settings.get("axis"), list) and len(axis) == 1:
        settings["axis"] = axis[0]
    if isinstance(policy := settings.get("dtype"), dict) and "module" not in policy:
        settings["dtype"] = policy["config"]["name"]
    if isinstance(inner := settings.get("layer"), dict):  # of Bidirectional
        settings["layer"] = _layer(inner)
    if kind in NETWORKS:
        settings["layers"] = _layers(kind, settings["layers"])
    for ends in {"input_layers", "output_layers"} & settings.keys():
        if len(settings[ends]) == 1:  # one tensor, and not a list of one
            (settings[ends],) = settings[ends]
    module = _module(kind, is_operation="trainable" not in settings and kind in OPERATIONS)
    changed = {"module": module, "class_name": kind, "config": settings, "registered_name": None}
    if "name" in config:
        changed["name"] = config["name"]
    if "inbound_nodes" in config:
        changed["inbound_nodes"] = [_node(node) for node in config["inbound_nodes"]]
    return changed


def _module(kind: str, *, is_operation: bool) -> str:
    """The module in which Keras 3 has this class. Layers and operations may have the same name."""
    places = [module for module, kinds in MODULES.items() if kind in kinds]
    operations = [module for module in places if module.startswith("keras.src.ops")]
    if is_operation and operations:
        return operations[0]
    if kind in NETWORKS:
        return places[-1]
    return next((module for module in places if module not in operations), "keras.layers")


def _layers(kind: str, layers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of a network. In Keras 2.2, the input of a Sequential one is no layer, but a setting of its first layer."""
    first = layers[0]["config"] if layers else {}
    shape = first.get("batch_input_shape")
    found = [_layer(layer) for layer in layers]
    if kind == "Sequential" and shape and layers[0]["class_name"] != "InputLayer" and "layers" not in first:
        found.insert(0, {"module": "keras.layers", "class_name": "InputLayer", "config": {"batch_shape": shape}})
    return found


def _node(node: Any) -> dict[str, Any]:
    """What a layer is called with. In Keras 2, a list of its inputs, the first with the other arguments."""
    if isinstance(node, dict):
        return node
    inputs = [_tensor(each[:3]) for each in node]
    others = {name: _argument("", value) for name, value in node[0][3].items() if name not in ("mask", "training")}
    return {"args": inputs if len(inputs) == 1 else [inputs], "kwargs": others}


def _operation(config: dict[str, Any]) -> dict[str, Any]:
    """What a function of TensorFlow computes, as an operation of Keras 3. One that is not known keeps its name."""
    function = str(config["config"]["function"])
    kind, argument = FUNCTIONS.get(function, (f"tf.{function}", ""))
    nodes = []
    for node in config["inbound_nodes"]:
        *source, arguments = node[0] if isinstance(node[0], list) else node
        args = [_tensor(source), _argument(kind, arguments.get(argument))]
        nodes.append({"args": args, "kwargs": {}})
    return {
        "module": "keras.src.ops.numpy",
        "class_name": kind,
        "config": {"name": config["config"]["name"]},
        "registered_name": None,
        "name": config["name"],
        "inbound_nodes": nodes,
    }


def _argument(kind: str, value: Any) -> Any:
    if kind == "GetItem":
        return [_place(part) for part in value]
    if isinstance(value, list) and value and isinstance(value[0], str):
        return _tensor(value[:3])  # of another layer
    if isinstance(value, list):
        return {"class_name": "__numpy__", "config": {"value": value, "dtype": "float32"}}
    return value


def _tensor(source: list[Any]) -> dict[str, Any]:
    config = {"shape": [None], "dtype": "float32", "keras_history": source}
    return {"class_name": "__keras_tensor__", "config": config}


def _place(part: Any) -> Any:
    """What is between brackets: a number, "..." or a slice."""
    if isinstance(part, dict):
        if "start" not in part:
            return {"class_name": "__ellipsis__", "config": {}}
        return {"class_name": "__slice__", "config": {name: part[name] for name in ("start", "stop", "step")}}
    return part


def _without_wrappers(value: Any) -> Any:
    """Tuples and shapes as lists: Keras 2 writes what they are."""
    if isinstance(value, list):
        return [_without_wrappers(each) for each in value]
    if not isinstance(value, dict):
        return value
    if value.get("class_name") in ("__tuple__", "TensorShape") and isinstance(value.get("items"), list):
        return _without_wrappers(value["items"])
    return {key: _without_wrappers(each) for key, each in value.items()}
