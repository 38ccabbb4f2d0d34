"""Models that cnngui did not train: what their outputs stand for."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cnngui.core.errors import UserError

if TYPE_CHECKING:
    import keras

MAX_NAMES = 1_000_000  # bytes in the file of names
TOLERANCE = 0.01  # of a sum of probabilities: half precision has three digits


def names_path(model: Path) -> Path:
    """Where the names of the classes of ``model`` may lie, one a line."""
    return model.with_suffix(".txt")


def class_names(model: Path, count: int) -> tuple[str, ...]:
    """The names in the text file beside the model, else "class 1", "class 2" and so on.

    Raises UserError where the file is no text, or has not as many different names as the model has outputs.
    """
    file = names_path(model)
    if not file.is_file():
        return tuple(f"class {number + 1}" for number in range(count))
    try:
        with file.open("rb") as opened:
            content = opened.read(MAX_NAMES + 1)
        names = [line.strip() for line in content.decode("utf-8-sig").strip().splitlines()]
    except OSError as error:
        raise UserError(f"{file.name} could not be read ({error.strerror}). Check its permissions.") from error
    except UnicodeDecodeError as error:
        raise UserError(
            f"{file.name} is no text in UTF-8. Save it as that, with the name of a class a line."
        ) from error
    if len(content) > MAX_NAMES or len(names) != count:
        lines = f"{len(names):,} line{'' if len(names) == 1 else 's'}"
        raise UserError(
            f"{file.name} has {lines}, but {model.name} has {count:,} classes. "
            "Write the name of one class a line, in the order of the outputs, or remove the file."
        )
    if len(set(names)) < count or "" in names:
        twice = next((name for name, times in Counter(names).items() if times > 1), "")
        reason = f"names two classes “{twice}”" if twice else "has an empty line"
        raise UserError(f"{file.name} {reason}. Give each class a name of its own, or remove the file.")
    return tuple(names)


def with_probabilities(network: "keras.Model") -> "keras.Model":
    """The network, of one input and one output, with a softmax after it unless its outputs are probabilities already.

    They are where, for a few images, no number is negative and every row's sum is 1; all else is taken for logits.
    """
    import keras

    alone = keras.Model(network.inputs[0], network.outputs[0], name=network.name)  # no lists of one
    if _are_probabilities(alone(_trials(alone.input_shape[1:]), training=False).numpy()):
        return alone
    return keras.Model(alone.inputs[0], keras.layers.Softmax(dtype="float32")(alone.outputs[0]), name=network.name)


def _trials(shape: tuple[int, ...]) -> NDArray[np.float32]:
    """A black, a white and a noisy image of pixels 0–255: float32 (3, height, width, 3)."""
    noise = np.random.default_rng(0).integers(0, 256, shape)
    return np.stack([np.zeros(shape), np.full(shape, 255), noise]).astype(np.float32)


def _are_probabilities(rows: NDArray[np.floating]) -> bool:
    return bool((rows >= 0).all() and np.allclose(rows.sum(1, dtype=np.float64), 1, rtol=0, atol=TOLERANCE))
