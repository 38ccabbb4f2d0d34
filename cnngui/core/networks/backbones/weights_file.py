"""A network's weights from a file that may come from anyone.

This module imports Keras: import it inside functions only.
"""

import os
import re
import tempfile
from pathlib import Path

import keras
import numpy as np

from cnngui.core import hdf5
from cnngui.core.errors import UserError
from cnngui.core.hdf5 import Array
from cnngui.core.reading import opened, unreadable

MAX_BYTES = 200_000_000  # of a file; EfficientNetV2B0's has 24 million
SIGNATURE = b"\x89HDF\r\n\x1a\n"  # of HDF5, at the beginning of a file
_OF_KERAS_3 = re.compile(r"layers/.+/vars/\d+")


def set_weights(network: keras.Model, path: Path, title: str) -> None:
    """Give the network the weights in a file: ".h5" of Keras 2, as Keras publishes them, or ".weights.h5" of Keras 3.

    title: the network's name, for the messages. Keras reads none of the file.
    Raises UserError if it cannot be read, is damaged, may be harmful or holds the weights of another network.
    """
    arrays = _read(path)
    try:
        if arrays and _OF_KERAS_3.fullmatch(arrays[0].name):
            _set_by_name(network, arrays)
        else:
            _set_in_order(network, arrays)
    except ValueError as error:
        raise UserError(
            f"{path.name} holds the weights of another network than {title}, or its last layer as well. "
            "Choose another file."
        ) from error
    if not all(np.isfinite(each).all() for each in network.get_weights()):
        raise _refusal(path, "its weights are invalid numbers")


def _read(path: Path) -> list[Array]:
    try:
        with opened(path) as file:
            size, begin = os.fstat(file.fileno()).st_size, file.read(len(SIGNATURE))
    except OSError as error:
        raise unreadable(path.name, error) from error
    if size > MAX_BYTES:
        raise _refusal(path, f"it is larger than {MAX_BYTES // 1_000_000} MB")
    if begin != SIGNATURE:
        raise _refusal(path, "it is not an .h5 file as Keras saves weights")
    try:
        with hdf5.Reader(size) as reader:
            return list(reader.arrays(path))
    except hdf5.UnfitError as error:
        raise _refusal(path, str(error)) from error


def _refusal(path: Path, reason: str) -> UserError:
    return UserError(f"{path.name} was not opened as a network’s weights: {reason}. Copy it again, or choose another.")


def _set_in_order(network: keras.Model, arrays: list[Array]) -> None:
    """As Keras 2 wrote them: in the order of the network. Raises ValueError if they are another's."""
    if [array.values.shape for array in arrays] != [weight.shape for weight in network.weights]:
        raise ValueError("other shapes")
    network.set_weights([array.values.astype(np.float32) for array in arrays])


def _set_by_name(network: keras.Model, arrays: list[Array]) -> None:
    """As Keras 3 writes them. Raises ValueError if they are another's, and UserError if the disk is full."""
    try:
        with tempfile.TemporaryDirectory(prefix="cnngui-") as folder:
            ours = Path(folder) / "ours.weights.h5"
            hdf5.write(arrays, ours)
            network.load_weights(ours)
    except OSError as error:
        raise UserError(
            f"Nothing can be written in {tempfile.gettempdir()} ({error.strerror or error}). Free some space there."
        ) from error
