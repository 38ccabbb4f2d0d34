"""A trained model's answers on the test images, saved with it: all that is said of them later comes from this file."""

import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnngui.core.answers.evaluation import BINS
from cnngui.core.files import replacing

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

    @property
    def predicted(self) -> NDArray[np.int64]:
        """The likeliest class of each image."""
        return np.asarray(self.probabilities.argmax(1))

    @property
    def accuracy(self) -> float:
        """0–1."""
        return float((self.predicted == self.labels).mean())

    @property
    def confusion(self) -> NDArray[np.int64]:
        """The number of images by true class (rows) and predicted class (columns)."""
        classes = self.probabilities.shape[1]
        matrix = np.zeros((classes, classes), np.int64)
        np.add.at(matrix, (self.labels, self.predicted), 1)
        return matrix

    @property
    def reliability(self) -> list[tuple[float, float, int]]:
        """Mean probability, accuracy and number of the images in each of 15 bins by the likeliest class's probability.

        Empty bins are left out.
        """
        sure = self.probabilities.max(1)
        bins = np.minimum((sure * BINS).astype(int), BINS - 1)
        correct = self.predicted == self.labels
        return [
            (float(sure[here].mean()), float(correct[here].mean()), int(here.sum()))
            for number in range(BINS)
            if (here := bins == number).any()
        ]


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
    path = answers_path(model)
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(each.file_size for each in archive.infolist()) > MOST_BYTES:
                return None
        with np.load(path, allow_pickle=False) as file:
            if int(file["format"]) > FORMAT:
                return None
            found = SavedAnswers(
                file["labels"].astype(np.int32),
                file["probabilities"].astype(np.float32),
                file["mistakes"].astype(np.int64),
                file["images"],
            )
    except (OSError, ValueError, KeyError, EOFError, TypeError, zipfile.BadZipFile):
        return None
    return found if _fits(found) else None


def _fits(answers: SavedAnswers) -> bool:
    labels, probabilities, mistakes, images = (
        answers.labels,
        answers.probabilities,
        answers.mistakes,
        answers.images,
    )
    if labels.ndim != 1 or probabilities.ndim != 2 or not 0 < len(labels) == len(probabilities):
        return False
    in_range = 0 <= labels.min() <= labels.max() < probabilities.shape[1]
    shown = images.ndim == 4 and images.dtype == np.uint8 and images.shape[3] == 3
    return bool(
        in_range
        and shown
        and mistakes.ndim == 1
        and len(mistakes) == len(images)
        and (len(mistakes) == 0 or 0 <= mistakes.min() <= mistakes.max() < len(labels))
        and np.isfinite(probabilities).all()
    )
