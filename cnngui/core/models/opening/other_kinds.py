"""What people take for a model that cnngui opens: each kind is named, with the way to convert it."""

import re
from itertools import islice
from pathlib import Path

from cnngui.core.errors import UserError

SUFFIXES = (".keras", ".h5", ".hdf5")  # of the models that are opened, in any letter case
SAVED_MODEL = "saved_model.pb"
AS_KERAS = "model.save('model.keras')"

_TORCH = ("a PyTorch model, not a Keras one", "Build the same network in Keras and copy its weights into it")
_PICKLE = ("a pickle, which can run any program when it is opened", "")
_LITE = (
    "a TensorFlow Lite model, not a Keras one",
    "It cannot be converted back: take the Keras model that it was made from",
)
_CHECKPOINT = "Build its network in Keras and load its weights there"
_GRAPH = "Take the Keras model that it was made from"
_KINDS = {  # what it is, and how to come to a Keras model
    ".pt": _TORCH,
    ".pth": _TORCH,
    ".pt2": _TORCH,
    ".ckpt": ("a checkpoint of PyTorch or TensorFlow", _CHECKPOINT),
    ".index": ("a part of a TensorFlow checkpoint", _CHECKPOINT),
    ".safetensors": (
        "a file of weights, of PyTorch or Hugging Face",
        "Build its network in Keras and copy them into it",
    ),
    ".gguf": ("a language model (GGUF)", ""),
    ".onnx": ("an ONNX model, not a Keras one", "Convert it with a program such as onnx2keras or onnx2tf"),
    ".tflite": _LITE,
    ".lite": _LITE,
    ".pb": ("a TensorFlow graph, not a Keras model", _GRAPH),
    ".mlmodel": ("a Core ML model, not a Keras one", _GRAPH),
    ".mlpackage": ("a Core ML model, not a Keras one", _GRAPH),
    ".pkl": _PICKLE,
    ".pickle": _PICKLE,
    ".joblib": _PICKLE,
}
_DATA = re.compile(r"\.data-\d{5}-of-\d{5}")  # a suffix that TensorFlow numbers
_ZIPPED = (".keras.zip", ".h5.zip")
_ENDINGS = (*SUFFIXES, *_KINDS.keys() - {".index"})
_BESIDE = (".txt", ".json", ".npy", ".litert")
MOST_BESIDE = 20  # files in a folder that is looked through for its model


def is_named_like_a_model(path: Path) -> bool:
    """Whether a file of this name is a model, of Keras or another program."""
    return str(path).lower().endswith(_ENDINGS)  # not its suffix, which takes four times as long for thousands


def is_beside_models(path: Path) -> bool:
    """Whether a file of this name may be a model's card or names, and is no picture."""
    return path.suffix.lower() in _BESIDE


def model_in(folder: Path) -> Path | None:
    """The model that a folder is, or the only one in it if there is nothing else than what lies beside models.

    Raises OSError.
    """
    if is_saved_model(folder):
        return folder
    files = list(islice(folder.iterdir(), MOST_BESIDE + 1))
    models = [file for file in files if file.suffix.lower() in SUFFIXES]
    others = [file for file in files if file not in models and not is_beside_models(file)]
    return models[0] if len(models) == 1 and not others and len(files) <= MOST_BESIDE else None


def is_saved_model(path: Path) -> bool:
    """Whether it is a folder in which TensorFlow has saved a model."""
    return (path / SAVED_MODEL).is_file()


def of_suffix(path: Path) -> UserError | None:
    """The error that names the kind of file, going by its name; None if it may be a model of Keras."""
    suffix = path.suffix.lower()
    if path.name.lower().endswith(".weights.h5"):
        return weights_alone(path)
    if suffix in SUFFIXES:
        return None
    if path.name.lower().endswith(_ZIPPED):
        return UserError(f"{path.name} is a model in a ZIP archive. Unpack it, then open the model in it.")
    kind, advice = _KINDS[".index"] if _DATA.fullmatch(suffix) else _KINDS.get(suffix, ("", ""))
    if not kind:
        return UserError(f"{path.name} was not opened: its name does not end in .keras or .h5. Choose another model.")
    if not advice:
        return UserError(f"{path.name} is {kind}. Choose a Keras model, .keras or .h5.")
    return UserError(f"{path.name} is {kind}. {advice}, and save that with {AS_KERAS}.")


def of_folder(path: Path) -> UserError:
    """The error for a folder in the place of a model."""
    if is_saved_model(path):
        return UserError(
            f"{path.name} is a SavedModel, a folder of TensorFlow. With Keras 2 (the package tf_keras), open it with "
            "tf_keras.models.load_model, and save it with model.save('model.h5')."
        )
    return UserError(f"{path} is a folder, not a model. Choose a .keras or .h5 file in it.")


def weights_alone(path: Path) -> UserError:
    """The error for a file of weights without their network."""
    return UserError(
        f"{path.name} holds weights alone, without their network. Build the network in Keras, call "
        f"model.load_weights, and save both with {AS_KERAS}."
    )


def of_keras_2(path: Path) -> UserError:
    """The error for a .keras file of Keras 2, whose format is another."""
    return UserError(
        f"{path.name} was saved by Keras 2 as .keras. With Keras 2 (the package tf_keras), open it with "
        "tf_keras.models.load_model, and save it with model.save('model.h5'), which is opened here."
    )
