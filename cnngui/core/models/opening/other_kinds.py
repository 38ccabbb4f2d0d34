"""What people take for a model that cnngui opens: each kind is named, with the way to convert it."""

from itertools import islice
from pathlib import Path

from cnngui.core.errors import UserError

SUFFIXES = (".keras", ".h5", ".hdf5")  # of the models that are opened, in any letter case
SAVED_MODEL = "saved_model.pb"
AS_KERAS = "model.save('model.keras')"

_KINDS = {
    ".pt": "a PyTorch model",
    ".pth": "a PyTorch model",
    ".ckpt": "a checkpoint of PyTorch or TensorFlow",
    ".safetensors": "weights of PyTorch or Hugging Face",
    ".onnx": "an ONNX model",
    ".tflite": "a TensorFlow Lite model",
    ".lite": "a TensorFlow Lite model",
    ".pb": "a TensorFlow graph",
    ".mlmodel": "a Core ML model",
    ".mlpackage": "a Core ML model",
    ".pkl": "a pickle, which can run any program when it is opened",
    ".pickle": "a pickle, which can run any program when it is opened",
    ".joblib": "a pickle, which can run any program when it is opened",
}
_ENDINGS = (*SUFFIXES, *_KINDS)
_BESIDE = (".txt", ".json", ".npy", ".litert")
MOST_BESIDE = 20  # files in a folder that is looked through for its model
_ADVICE = {
    ".pt": "Build the same network in Keras and copy its weights into it",
    ".pth": "Build the same network in Keras and copy its weights into it",
    ".ckpt": "Build its network in Keras and load its weights there",
    ".safetensors": "Build its network in Keras and copy its weights into it",
    ".onnx": "Convert it with a program such as onnx2keras or onnx2tf",
    ".tflite": "It cannot be converted back: take the Keras model that it was made from",
    ".lite": "It cannot be converted back: take the Keras model that it was made from",
}


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
    if suffix not in _KINDS:
        return UserError(f"{path.name} was not opened: its name does not end in .keras or .h5. Choose another model.")
    advice = _ADVICE.get(suffix, "Take the Keras model that it was made from")
    return UserError(f"{path.name} is {_KINDS[suffix]}, not a Keras one. {advice}, and save that with {AS_KERAS}.")


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
