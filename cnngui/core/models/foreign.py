"""Models that cnngui did not train: their class names, and a softmax if they lack one."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cnngui.core.errors import UserError
from cnngui.core.json_values import MOST_LETTERS
from cnngui.core.reading import read_bytes, unreadable
from cnngui.core.sentences import counted

if TYPE_CHECKING:
    import keras

MAX_NAMES = 1_000_000  # bytes in the file of class names
TOLERANCE = 0.01  # for a sum of probabilities: half precision has three digits


def names_path(model: Path) -> Path:
    """The path of the text file that may name the model's classes, one per line."""
    return model.with_suffix(".txt")


def class_names(model: Path, count: int) -> tuple[str, ...]:
    """The ``count`` names in the text file beside the model, or "class 1", "class 2" … if there is no such file.

    Raises UserError if the file cannot be read, is no UTF-8 text or has an overlong name, or if the number of different
    names in it is not ``count``.
    """
    file = names_path(model)
    try:
        content = read_bytes(file, MAX_NAMES)
        names = [line.strip() for line in content.decode("utf-8-sig").strip().splitlines()]
    except FileNotFoundError:
        return tuple(f"class {number + 1}" for number in range(count))
    except OSError as error:
        raise unreadable(file.name, error) from error
    except UnicodeDecodeError as error:
        raise UserError(f"{file.name} is not UTF-8 text. Save it as UTF-8, with one class name per line.") from error
    if len(names) != count:
        raise UserError(
            f"{file.name} has {counted(len(names), 'line')}, but {model.name} has {count:,} classes. "
            "Write one class name per line, in the order of the outputs, or remove the file."
        )
    if max(map(len, names)) > MOST_LETTERS:
        raise UserError(
            f"{file.name} has a name of more than {MOST_LETTERS:,} letters. Shorten it, or remove the file."
        )
    if len(set(names)) < count or "" in names:
        twice = next((name for name, times in Counter(names).items() if times > 1), "")
        reason = f"names two classes “{twice}”" if twice else "has an empty line"
        raise UserError(f"{file.name} {reason}. Give each class a different name, or remove the file.")
    return tuple(names)


def with_probabilities(network: "keras.Model", trials: NDArray[np.floating]) -> "keras.Model":
    """The network, with one input and one output, followed by a softmax unless it returns probabilities already.

    trials: its outputs for a few images, (n, classes). They are probabilities if none is negative and each row sums to
        1. Otherwise they are logits.
    """
    import keras

    outputs = network.outputs[0]
    if not _are_probabilities(trials):
        outputs = keras.layers.Softmax(dtype="float32")(outputs)
    return keras.Model(network.inputs[0], outputs, name=network.name)  # not lists with one tensor


def _are_probabilities(rows: NDArray[np.floating]) -> bool:
    return bool((rows >= 0).all() and np.allclose(rows.sum(1, dtype=np.float64), 1, rtol=0, atol=TOLERANCE))
