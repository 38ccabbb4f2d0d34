"""A ``.keras`` file as a source of a network and its weights.

The weights are read in a child process and written anew, so that Keras does not read the stranger's file.
"""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cnngui.core import hdf5
from cnngui.core.errors import UserError
from cnngui.core.json_values import DAMAGE
from cnngui.core.models.opening import archive as model_archive
from cnngui.core.models.opening import other_kinds
from cnngui.core.models.opening.archive import CONFIG, METADATA, WEIGHTS, Archive, refusal

if TYPE_CHECKING:
    import keras

TRAINING = "optimizer/"  # what begins the names of an optimizer's numbers, of which the network needs none


@dataclass(frozen=True)
class KerasWeights:
    """The weights as a file that this program has written. numbers: how many there are."""

    path: Path
    numbers: int

    def give(self, network: "keras.Model") -> None:
        """Set the network's weights. Keras raises almost anything for those of another network."""
        network.load_weights(self.path)


class KerasFile:
    """A ``.keras`` file. Its child process starts at once, while the caller looks at the network."""

    def __init__(self, path: Path, archive: Archive) -> None:
        """path: of the model, for the messages. archive: its file, opened."""
        self._path, self.archive = path, archive
        self.weights_size = archive.size(WEIGHTS)
        self._reader = hdf5.Reader(self.weights_size)

    def close(self) -> None:
        """End the child process."""
        self._reader.__exit__()

    def config(self) -> bytes:
        """The network's configuration, JSON. Raises UserError if it is damaged, or Keras 2 wrote it."""
        if METADATA in self.archive:
            with suppress(*DAMAGE):
                if str(json.loads(self.archive.read(METADATA))["keras_version"]).startswith("2."):
                    raise other_kinds.of_keras_2(self._path)
        return self.archive.read(CONFIG)

    @contextmanager
    def weights(self) -> Iterator[KerasWeights]:
        """The weights, as a file in a temporary folder.

        Raises UserError if they are damaged, or not what Keras writes, or if there is no room for them.
        """
        with _temporary_folder(self._path) as folder:
            theirs, ours = folder / "theirs.h5", folder / "ours.weights.h5"
            with theirs.open("wb") as file:
                self.archive.unpack(WEIGHTS, file)
            try:
                arrays = (array for array in self._reader.arrays(theirs) if not array.name.startswith(TRAINING))
                numbers = hdf5.write(arrays, ours)
            except hdf5.UnfitError as error:
                raise refusal(self._path, str(error)) from error
            theirs.unlink()
            yield KerasWeights(ours, numbers)


@contextmanager
def opened(path: Path) -> Iterator[KerasFile]:
    """The model at ``path``. Raises UserError if it cannot be read, or is no archive with a model's members."""
    with model_archive.opened(path) as archive:
        file = KerasFile(path, archive)
        try:
            yield file
        finally:
            file.close()


@contextmanager
def _temporary_folder(path: Path) -> Iterator[Path]:
    """A folder for the weights as they are written anew. Raises UserError if there is no room."""
    try:
        with tempfile.TemporaryDirectory(prefix="cnngui-") as folder:
            yield Path(folder)
    except OSError as error:
        raise UserError(
            f"{path.name} could not be opened: nothing can be written in {tempfile.gettempdir()} "
            f"({error.strerror or error}). Free some space there."
        ) from error
