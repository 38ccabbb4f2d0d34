"""Tries a model that this program did not make: it must answer each of a few images with finite numbers."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cnngui import paths
from cnngui.core.models.familiarity import Familiarity
from cnngui.core.models.opening.archive import refusal
from cnngui.core.pictures.images import load_pixels

if TYPE_CHECKING:
    import keras

SAMPLE = "cat.png"
VARIED = slice(2, None)  # the trial images with more than one colour


def images(size: tuple[int, int]) -> NDArray[np.float32]:
    """A black, a white and a noisy image, and a picture; pixels of 0–255: float32 (4, height, width, 3)."""
    shape = (*size, 3)
    noise = np.random.default_rng(0).integers(0, 256, shape)
    picture = load_pixels(paths.resources_dir() / "samples" / SAMPLE, size)
    return np.stack([np.zeros(shape), np.full(shape, 255), noise, picture]).astype(np.float32)


def check_answers(
    path: Path, network: "keras.Model", familiarity: Familiarity | None, together: int
) -> NDArray[np.float32]:
    """The network's outputs for the trial images, (4, classes), if they are good.

    Its weights have no checksum that would tell damage, and what it remembers may be another model's.
    together: how many images may be computed at once.
    Raises UserError if the model does not answer, or not with finite numbers, or mixes up the images of a batch.
    """
    from cnngui.core.models.deployment import of_images, with_features

    both = with_features(network)
    trials = images(network.input_shape[1:3])
    rows: list[NDArray[Any]] = []
    numbers: list[NDArray[Any]] = []
    try:
        with np.errstate(all="ignore"):
            for start in range(0, len(trials), together):
                part = trials[start : start + together]
                answers, features = (tensor.numpy() for tensor in both([part], training=False))
                rows.append(answers)
                features = of_images(features, len(part))
                numbers += [answers, features]
                if familiarity is not None:
                    numbers += [familiarity.scores(features), familiarity.remembered, np.array(familiarity.threshold)]
    except Exception as error:  # parts that do not fit together raise almost anything
        raise refusal(path, "it does not answer") from error
    if sum(map(len, rows)) != len(trials) or {row.shape[1:] for row in rows} != {network.output_shape[1:]}:
        raise refusal(path, "it does not return one row per image")
    if not all(np.isfinite(each).all() for each in numbers):
        raise refusal(path, "its weights give invalid numbers")
    return np.concatenate(rows)
