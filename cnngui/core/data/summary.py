"""What was found in a data set, for the user to check before a training."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnngui.core.data.datasets import TEST_FRACTION, RawData, Split, held_out
from cnngui.core.sentences import counted, some_of

SAMPLES = 4  # images shown of each class
MOST_NAMED = 12  # classes in a sentence
LEAST_MARGIN = 0.015  # a smaller one is not worth a sentence
Z = 1.96  # standard errors around a 95 % confidence interval


@dataclass(frozen=True, eq=False)
class Summary:
    """What a data set holds.

    counts: the images of each class. train, validation, test: the numbers of images in each split.
    samples: up to four images of each class, uint8 (n, side, side, 3).
    notes: sentences about what is not used. left_out: a sentence for each picture that could not be read.
    """

    title: str
    classes: tuple[str, ...]
    counts: tuple[int, ...]
    train: int
    validation: int
    test: int
    samples: tuple[NDArray[np.uint8], ...]
    notes: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def parts(self) -> dict[str, int]:
        """The number of images for "training", "validation" and "test"."""
        return {"training": self.train, "validation": self.validation, "test": self.test}

    @property
    def division(self) -> str:
        """How the images are divided, and how little a small test set says."""
        text = f"{self.train:,} images for training, {self.validation:,} for validation, {self.test:,} for the test."
        margin = margin_of(self.test)
        if margin < LEAST_MARGIN:
            return text
        points = f"{100 * margin:.0f} percentage points"
        return f"{text} With {counted(self.test, 'test image')}, the accuracy is uncertain by up to {points}."

    @property
    def sentences(self) -> tuple[str, ...]:
        """The summary in words, without the pictures that could not be read."""
        named = [f"{name} {count:,}" for name, count in zip(self.classes, self.counts, strict=True)]
        total = counted(sum(self.counts), "image")
        head = f"{self.title}: {total} in {len(self.classes):,} classes: {some_of(named, MOST_NAMED)}."
        return (head, self.division, *self.notes)


def summarize(raw: RawData, validation_fraction: float) -> Summary:
    """Describe the data; ``validation_fraction`` is that of the recipe. Nothing is divided or copied for it."""
    splits = [split for split in (raw.train, raw.validation, raw.test) if split is not None]
    counts = sum(np.bincount(split.labels, minlength=len(raw.classes)) for split in splits)
    rest = np.bincount(raw.train.labels, minlength=len(raw.classes)).tolist()
    rest, test = _parted(rest, raw.test, TEST_FRACTION)
    rest, validation = _parted(rest, raw.validation, validation_fraction)
    return Summary(
        title=raw.title,
        classes=raw.classes,
        counts=tuple(np.asarray(counts).tolist()),
        train=sum(rest),
        validation=validation,
        test=test,
        samples=tuple(_samples(raw.train, label) for label in range(len(raw.classes))),
        notes=raw.notes,
        left_out=raw.left_out,
    )


def _parted(counts: list[int], stored: Split | None, fraction: float) -> tuple[list[int], int]:
    """The images of each class that remain, and the number of those in a part: stored, or else held out."""
    if stored is not None:
        return counts, len(stored)
    held = [held_out(count, fraction) for count in counts]
    return [count - part for count, part in zip(counts, held, strict=True)], sum(held)


def margin_of(images: int) -> float:
    """Half the widest 95 % confidence interval of an accuracy, 0–1, that was measured on so many images."""
    return Z * math.sqrt(0.25 / images) if images else 1.0


def _samples(split: Split, label: int) -> NDArray[np.uint8]:
    """A few images of a class, spread over all of them."""
    members = np.flatnonzero(split.labels == label)
    chosen = members[np.linspace(0, len(members) - 1, min(SAMPLES, len(members))).astype(int)]
    samples: NDArray[np.uint8] = split.images[chosen]
    return samples
