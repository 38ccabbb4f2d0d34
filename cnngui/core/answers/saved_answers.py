"""A trained model's answers on the test images, saved with it: all that is said of them later comes from this file."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnngui.core.files import replacing
from cnngui.core.zips import read_arrays

FORMAT = 1
MISTAKES = 24  # kept with their images
MOST_BYTES = 200_000_000  # of a file that is opened


@dataclass(frozen=True, eq=False)
class SavedAnswers:
    """Answers on n test images.

    labels: int32 (n,), indices into the model's classes. probabilities: float32 (n, classes).
    mistakes: the numbers of the wrong answers that the model was surest of, the surest first; int64 (m,).
    images: those images, uint8 (m, height, width, 3).
    """

    labels: NDArray[np.int32]
    probabilities: NDArray[np.float32]
    mistakes: NDArray[np.int64]
    images: NDArray[np.uint8]

    @classmethod
    def of(
        cls, images: NDArray[np.uint8], labels: NDArray[np.integer], probabilities: NDArray[np.float32]
    ) -> "SavedAnswers":
        """The answers to these images, uint8 (n, height, width, 3)."""
        predicted = probabilities.argmax(1)
        wrong = np.flatnonzero(predicted != labels)
        surest = wrong[np.argsort(-probabilities[wrong, predicted[wrong]], kind="stable")][:MISTAKES]
        return cls(labels.astype(np.int32), probabilities.astype(np.float32), surest, images[surest])


def answers_path(model: Path) -> Path:
    """The path of the file beside a model."""
    return model.with_suffix(".test.npz")


def write_answers(answers: SavedAnswers, model: Path) -> None:
    """Write the answers beside the model. Raises OSError."""
    with replacing(answers_path(model)) as new, new.open("wb") as file:
        np.savez_compressed(
            file,
            format=np.int64(FORMAT),
            labels=answers.labels,
            probabilities=answers.probabilities.astype(np.float16),
            mistakes=answers.mistakes,
            images=answers.images,
        )


def read_answers(model: Path) -> SavedAnswers | None:
    """The answers beside the model; None if there are none, or the file is something else."""
    arrays = read_arrays(answers_path(model), MOST_BYTES)
    try:
        if arrays is None or int(arrays["format"]) > FORMAT:
            return None
        found = SavedAnswers(
            arrays["labels"].astype(np.int32),
            arrays["probabilities"].astype(np.float32),
            arrays["mistakes"].astype(np.int64),
            arrays["images"],
        )
    except (KeyError, TypeError, ValueError):  # others than were written
        return None
    return found if _fits(found) else None


def _fits(answers: SavedAnswers) -> bool:
    """Whether the arrays are what the class says."""
    labels, probabilities, mistakes, images = answers.labels, answers.probabilities, answers.mistakes, answers.images
    if (labels.ndim, probabilities.ndim, mistakes.ndim, images.ndim) != (1, 2, 1, 4) or not len(labels):
        return False
    return bool(
        len(labels) == len(probabilities)
        and len(mistakes) == len(images)
        and images.dtype == np.uint8
        and images.shape[3] == 3
        and np.isin(labels, range(probabilities.shape[1])).all()
        and np.isin(mistakes, range(len(labels))).all()
        and np.isfinite(probabilities).all()
    )
