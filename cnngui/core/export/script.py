"""The script, and the web page, that are written beside an export."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnngui.core.export.formats import Format

SCRIPT = "predict.py"
PAGE = ("index.html", "answer.js")  # for ONNX alone

_BATCHED = "def answer(images):  # uint8 (n, height, width, 3) to probabilities (n, classes) and features (n, units)\n"
_RUNTIMES = {
    "keras": (
        "import keras",
        'MODEL = keras.saving.load_model(HERE / CARD["files"][0])\n'
        + _BATCHED
        + '    return (found := MODEL.predict_on_batch(images))["probabilities"], found["features"]',
    ),
    "savedmodel": (
        "import tensorflow",
        'MODEL = tensorflow.saved_model.load(str((HERE / CARD["files"][0]).parent)).signatures["serving_default"]\n'
        + _BATCHED
        + '    return (found := MODEL(images=tensorflow.constant(images)))["probabilities"].numpy(), '
        'found["features"].numpy()',
    ),
    "litert": (
        "from ai_edge_litert.interpreter import Interpreter",
        'MODEL = Interpreter(str(HERE / CARD["files"][0]))\n'
        + _BATCHED.replace("(n, ", "(1, ")
        + '    return (found := MODEL.get_signature_runner()(images=images))["probabilities"], found["features"]',
    ),
    "onnx": (
        "import onnxruntime",
        'MODEL = onnxruntime.InferenceSession(HERE / CARD["files"][0])\n'
        + _BATCHED
        + '    return MODEL.run(["probabilities", "features"], {"images": images})',
    ),
}


def script(chosen: Format) -> str:
    """The script for an export in this format: at most 40 lines of Python, which need NumPy, Pillow and the runtime."""
    template = Template(_template("predict.txt"))
    imports, answer = _RUNTIMES[chosen.key.removesuffix("-int8")]
    return template.substitute({"packages": chosen.runtime, "import": imports, "answer": answer})


def write_beside(chosen: Format, folder: Path) -> None:
    """Write the script and, for ONNX, the page. Raises OSError."""
    texts = {SCRIPT: script(chosen)} | {name: _template(name) for name in PAGE if chosen.has_page}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


def _template(name: str) -> str:
    return files("cnngui.core.export").joinpath("beside", name).read_text(encoding="utf-8")


class Script(NamedTuple):
    """The functions of a script.

    answer: uint8 (1, height, width, 3) to probabilities (1, classes) and features (1, units), float32.
    views: the path of a picture to its views, uint8 (n, height, width, 3).
    classify: views to the probabilities (classes,), and how like a training image the picture is, −1 to 1.
    """

    answer: Callable[[NDArray[np.uint8]], tuple[NDArray[np.float32], NDArray[np.float32]]]
    views: Callable[[Path], NDArray[np.uint8]]
    classify: Callable[[NDArray[np.uint8]], tuple[NDArray[np.float32], float]]


@contextmanager
def opened(path: Path) -> Iterator[Script]:
    """The functions of the script at ``path``, which was just written, until the block ends."""
    found: dict[str, Any] = {"__name__": "exported", "__file__": str(path)}
    exec(compile(path.read_text(encoding="utf-8"), path, "exec"), found)  # ours; an import would write __pycache__
    try:
        yield Script(found["answer"], found["views"], found["classify"])
    finally:
        found.clear()  # its runtime may hold the model's file, and Windows renames no folder with such files
