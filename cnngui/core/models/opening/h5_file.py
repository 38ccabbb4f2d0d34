"""A model in one HDF5 file: ``model.save("NAME.h5")`` of Keras 2 and 3, and the export of Teachable Machine."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cnngui.core import hdf5, reading
from cnngui.core.json_values import DAMAGE
from cnngui.core.models.opening import other_kinds
from cnngui.core.models.opening.archive import MAX_CONFIG, MAX_FILE, refusal
from cnngui.core.models.opening.legacy import modern

if TYPE_CHECKING:
    import keras

SIGNATURE = b"\x89HDF\r\n\x1a\n"
CONFIG = "model_config"  # the attribute with the network
WEIGHTS = "model_weights"  # the group


class H5File:
    """A model in an HDF5 file. A child process reads it."""

    def __init__(self, path: Path, size: int) -> None:
        """path: of a regular file. size: of it, in bytes."""
        self._path, self.weights_size = path, size
        self._reader = hdf5.Reader(size)

    def close(self) -> None:
        """End the child process."""
        self._reader.__exit__()

    def config(self) -> bytes:
        """The network's configuration as a ``.keras`` file has it, JSON.

        Raises UserError if the file is damaged, or holds weights alone.
        """
        try:
            content = self._reader.text(self._path, CONFIG, MAX_CONFIG)
        except hdf5.UnfitError as error:
            raise refusal(self._path, str(error)) from error
        if content is None:
            raise other_kinds.weights_alone(self._path)
        try:
            return json.dumps(modern(json.loads(content))).encode()
        except DAMAGE as error:
            raise refusal(self._path, "it is damaged") from error

    @contextmanager
    def weights(self) -> "Iterator[H5Weights]":
        """The weights, in memory. Raises UserError if they are damaged, or not what Keras writes."""
        try:
            yield H5Weights([array.values for array in self._reader.arrays(self._path, WEIGHTS)])
        except hdf5.UnfitError as error:
            raise refusal(self._path, str(error)) from error


class H5Weights:
    """All weights in the order of the network: layer by layer, in each first those that learn."""

    def __init__(self, arrays: list[np.ndarray]) -> None:
        self._arrays = arrays
        self.numbers = sum(array.size for array in arrays)

    def give(self, network: "keras.Model") -> None:
        """Set the network's weights. Raises ValueError if these are another's."""
        targets = [
            weight for layer in network.layers for weight in (*layer.trainable_weights, *layer.non_trainable_weights)
        ]
        if [tuple(target.shape) for target in targets] != [array.shape for array in self._arrays]:
            raise ValueError("the weights of another network")
        for target, array in zip(targets, self._arrays, strict=True):
            target.assign(array)
        _finish(network)


def _finish(network: "keras.Model") -> None:
    """Let layers such as Normalization compute what they derive from their weights."""
    for layer in network.layers:
        if hasattr(layer, "layers"):
            _finish(layer)
        elif hasattr(layer, "finalize_state"):
            layer.finalize_state()


def is_one(path: Path) -> bool:
    """Whether this is an HDF5 file, by its first bytes. Raises UserError if it cannot be read."""
    try:
        with reading.opened(path) as file:
            return file.read(len(SIGNATURE)) == SIGNATURE
    except OSError as error:
        raise reading.unreadable(path.name, error) from error


@contextmanager
def opened(path: Path) -> Iterator[H5File]:
    """The model at ``path``, an HDF5 file. Raises UserError if it cannot be read."""
    try:
        with reading.opened(path) as file:
            size = os.fstat(file.fileno()).st_size
    except OSError as error:
        raise reading.unreadable(path.name, error) from error
    if size > MAX_FILE:
        raise refusal(path, f"it is larger than {MAX_FILE // 1_000_000:,} MB")
    file_ = H5File(path, size)
    try:
        yield file_
    finally:
        file_.close()
