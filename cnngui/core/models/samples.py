"""Some of the images that a model was trained with, kept beside it.

By them it is converted, and its exports are proved, where its data set is not on the computer.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnngui.core.files import replacing
from cnngui.core.zips import read_arrays

MOST = 760  # images: a third of them calibrates an export, and 500 others prove it
MOST_BYTES = 50_000_000  # of the images


@dataclass(frozen=True, eq=False)
class Samples:
    """Samples of n images.

    images: uint8 (n, height, width, 3), of the model's size. Those for validation come first, then training images.
    labels: int32 (n,), indices into the model's classes.
    validation: how many are for validation, 0–n.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int32]
    validation: int


def samples_path(model: Path) -> Path:
    """The path of the file beside a model."""
    return model.with_suffix(".samples.npz")


def write_samples(samples: Samples, model: Path) -> None:
    """Write the samples beside the model. Raises OSError."""
    with replacing(samples_path(model)) as new, new.open("wb") as file:
        np.savez_compressed(file, images=samples.images, labels=samples.labels, validation=samples.validation)


def read_samples(model: Path) -> Samples | None:
    """The samples beside the model; None if there are none, or the file is something else."""
    arrays = read_arrays(samples_path(model), 2 * MOST_BYTES)
    try:
        if arrays is None:
            return None
        found = Samples(arrays["images"], arrays["labels"].astype(np.int32), int(arrays["validation"]))
    except (KeyError, TypeError, ValueError):  # others than were written
        return None
    return found if _fits(found) else None


def _fits(samples: Samples) -> bool:
    """Whether the arrays are what the class says."""
    images, labels = samples.images, samples.labels
    return bool(
        images.ndim == 4
        and images.dtype == np.uint8
        and images.shape[3] == 3
        and labels.shape == (len(images),)
        and images.size > 0
        and len(images) <= MOST  # a small file of a stranger may unpack to millions, each of which is resized
        and labels.min() >= 0
        and 0 <= samples.validation <= len(images)
    )
