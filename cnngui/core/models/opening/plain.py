"""A network's configuration without what only a training needs, and for any number of pictures at once."""

from typing import Any

USUAL_SIDE = 224  # pixels, of the image for a network that takes any
TRAINING_ONLY = ("_regularizer", "_constraint")
COPIED = "layer"  # of a Bidirectional: Keras builds two copies of it, and must not build it too
INPUT_SHAPES = ("batch_shape", "build_input_shape")
IMAGE_DIMENSIONS = 4  # of a batch


def plain(config: Any) -> Any:
    """The configuration with weights that begin at zero, without regularizers, constraints and unrolled steps.

    The weights come from the file. Some initializers take long: an orthogonal one decomposes a matrix.
    """
    if isinstance(config, list):
        return [plain(value) for value in config]
    if not isinstance(config, dict):
        return config
    changed = {key: _plain_value(key, value) for key, value in config.items()}
    if changed.get("class_name") == "RandomShear":  # Keras does not take what it has written; it only augments
        changed["config"] |= {"x_factor": 0.0, "y_factor": 0.0}
    return changed


def _plain_value(key: str, value: Any) -> Any:
    if key.endswith("_initializer") and value is not None:
        return "zeros"
    if key.endswith(TRAINING_ONLY):
        return None
    if key in ("unroll", "stateful"):
        return False
    if key == "kwargs" and isinstance(value, dict):  # of a call; augmentation is written down as for a training
        return {name: plain(inner) for name, inner in value.items() if name != "training"}
    if key == COPIED:
        return plain(_unbuilt(value))
    return plain(value)


def _unbuilt(value: Any) -> Any:
    """The configuration of a layer whose weights are made by the one that holds it."""
    if isinstance(value, list):
        return [_unbuilt(inner) for inner in value]
    if isinstance(value, dict):
        return {key: _unbuilt(inner) for key, inner in value.items() if key != "build_config"}
    return value


def for_any_number(network: dict[str, Any]) -> None:
    """Change the configuration of a network to take any number of images at once, of a size that is fixed.

    A network that takes images of any size gets those of USUAL_SIDE.
    Raises KeyError or TypeError if it is none.
    """
    _open_batches(network)
    _fix_sides(network)


def _open_batches(value: Any) -> None:
    if isinstance(value, list):
        for inner in value:
            _open_batches(inner)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key in INPUT_SHAPES and isinstance(inner, list) and inner:
                inner[0] = None
            else:
                _open_batches(inner)


def _fix_sides(network: dict[str, Any]) -> None:
    """Those of its own inputs. The networks in it take what they get, but for the first of a Sequential one."""
    config = network["config"]
    layers = config["layers"]
    if network["class_name"] == "Sequential":
        layers = layers[:1]
        for first in layers:
            if "layers" in first["config"]:
                _fix_sides(first)
    for holder in (config, *(layer["config"] for layer in layers)):
        for key in INPUT_SHAPES:
            shape = holder.get(key)
            if isinstance(shape, list) and len(shape) == IMAGE_DIMENSIONS:
                shape[1:3] = [USUAL_SIDE if side is None else side for side in shape[1:3]]
