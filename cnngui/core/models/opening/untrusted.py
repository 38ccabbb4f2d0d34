"""Opens a model that may come from anyone: nothing in its file can run a program, or take much time or memory."""

import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cnngui.core.errors import UserError
from cnngui.core.models.familiarity import Familiarity
from cnngui.core.models.opening import h5_file, other_kinds, weights
from cnngui.core.models.opening.archive import FAMILIARITY, FAMILIARITY_FIELDS, Archive, refusal
from cnngui.core.models.opening.check import Checked, check
from cnngui.core.models.opening.h5_file import H5File
from cnngui.core.models.opening.weights import KerasFile

if TYPE_CHECKING:
    import keras

MAX_REMEMBERED_IMAGES = 20_000  # each costs time and memory in every answer; ours are 5,000


def load(path: Path) -> "tuple[keras.Model, Familiarity | None, int]":
    """The network and familiarity (or None) of the model at ``path``, and the bytes that it needs for one image.

    Its first bytes tell an HDF5 file from an archive: Keras 2 wrote either as ``.keras``.
    Keras reads none of the file: it gets the checked configuration, and the weights as this program hands them over.
    Raises UserError if the file is damaged, may be harmful, or is no image classifier.
    """
    if unfit := other_kinds.of_suffix(path):
        raise unfit
    if h5_file.is_one(path):
        with h5_file.opened(path) as model:
            checked = check(path, model.config())
            return _built(path, checked, model), None, checked.peak
    with weights.opened(path) as file:
        checked = check(path, file.config(), file.weights_size)
        return _built(path, checked, file), familiarity_in(path, file.archive), checked.peak


def familiarity_in(path: Path, archive: Archive) -> Familiarity | None:
    """What a model remembers of its training images, if it does. Raises UserError if that is damaged."""
    if FAMILIARITY.format(FAMILIARITY_FIELDS[0]) not in archive:
        return None
    try:
        remembered, split, threshold = (
            np.load(io.BytesIO(archive.read(FAMILIARITY.format(name))), allow_pickle=False)
            for name in FAMILIARITY_FIELDS
        )
        if remembered.ndim != 2 or remembered.dtype.kind != "f" or split.ndim or split.dtype.kind not in "iu":
            raise ValueError("not what this program writes")
        found = Familiarity(np.asarray(remembered, np.float16), int(split), float(threshold))
    except Exception as error:  # NumPy raises almost anything
        raise refusal(path, "what it remembers of its training images is damaged") from error
    if len(remembered) > MAX_REMEMBERED_IMAGES:
        raise refusal(path, f"it remembers more than {MAX_REMEMBERED_IMAGES:,} images")
    return found


def _built(path: Path, checked: Checked, file: KerasFile | H5File) -> "keras.Model":
    import keras

    with file.weights() as found:
        if found.numbers < checked.parameters:
            raise refusal(path, "some of its weights are missing")
        try:
            network = keras.saving.deserialize_keras_object(checked.config, safe_mode=True)
            found.give(network)
        except Exception as error:  # Keras raises almost anything for weights of another network
            raise UserError(
                f"{path.name} could not be opened: it is damaged or not a Keras model. "
                "Copy it again, or choose another file."
            ) from error
    return network
